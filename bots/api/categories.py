"""The shelves of the help centre for programs."""

from collections.abc import Sequence
from typing import Any

from rest_framework import mixins, serializers, viewsets

from bots.actions.categories import save_category
from bots.api.articles import MayEditArticles
from bots.models import Category, CategoryName
from bots.sources.rows import LANGUAGE


class MayEditCategories(MayEditArticles):
    NEEDED = {
        "GET": "bots.view_category",
        "HEAD": "bots.view_category",
        "OPTIONS": "bots.view_category",
        "POST": "bots.add_category",
        "PUT": "bots.change_category",
        "PATCH": "bots.change_category",
        "DELETE": "bots.delete_category",
    }


class CategoryNameSerializer(serializers.ModelSerializer[CategoryName]):
    language = serializers.RegexField(LANGUAGE, max_length=35)

    class Meta:
        model = CategoryName
        fields: Sequence[str] = ["language", "name", "description"]


class CategorySerializer(serializers.ModelSerializer[Category]):
    """`names`, if sent, replaces those in other languages."""

    name = serializers.CharField(max_length=100)
    names = CategoryNameSerializer(many=True, required=False)

    class Meta:
        model = Category
        fields: Sequence[str] = ["id", "name", "description", "position", "names"]

    def validate_names(self, names: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({one["language"] for one in names}) < len(names):
            raise serializers.ValidationError("Each language once.")
        return names

    def create(self, validated_data: dict[str, Any]) -> Category:
        return self._save(Category(), validated_data)

    def update(self, instance: Category, validated_data: dict[str, Any]) -> Category:
        return self._save(instance, validated_data)

    def _save(self, category: Category, values: dict[str, Any]) -> Category:
        names = values.pop("names", None)
        for name, value in values.items():
            setattr(category, name, value)
        return save_category(category, names)


class CategoryViewSet(
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Category],
):
    """What the help centre calls its shelves, and in which order they stand. Deleting one leaves its
    articles, which then stand after the others under the same word."""

    serializer_class = CategorySerializer
    permission_classes = (MayEditCategories,)
    queryset = Category.objects.prefetch_related("names")
    lookup_value_converter = "int"
