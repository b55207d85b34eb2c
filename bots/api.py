"""The knowledge base for programs: articles to list, write and read."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bots.access import check_change
from bots.actions.editing import save_article
from bots.imports import LANGUAGE
from bots.knowledge.reading import html_of
from bots.models import Article
from bots.models.article import BODY_LIMIT, QUESTION_LIMIT, QUESTIONS_LIMIT, TITLE_LIMIT
from bots.views import public_article
from inboxes.models import Inbox


class MayEditArticles(BasePermission):
    """Django's own permissions on articles; whoever may see them may list and read."""

    NEEDED: ClassVar[dict[str, str]] = {
        "GET": "bots.view_article",
        "HEAD": "bots.view_article",
        "OPTIONS": "bots.view_article",
        "POST": "bots.add_article",
        "PUT": "bots.change_article",
        "PATCH": "bots.change_article",
        "DELETE": "bots.delete_article",
    }

    def has_permission(self, request: Request, view: APIView) -> bool:
        needed = self.NEEDED.get(request.method or "")
        user = request.user
        return bool(needed) and user.is_active and user.has_perm(str(needed))


class ArticleSerializer(serializers.ModelSerializer[Article]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    title = serializers.CharField(max_length=TITLE_LIMIT)
    body = serializers.CharField(max_length=BODY_LIMIT, allow_blank=True, required=False)
    questions = serializers.ListField(
        child=serializers.CharField(max_length=QUESTION_LIMIT),
        max_length=QUESTIONS_LIMIT,
        required=False,
    )
    language = serializers.RegexField(LANGUAGE, max_length=35, required=False)
    inboxes = serializers.SlugRelatedField(
        slug_field="key", many=True, required=False, queryset=Inbox.objects.all()
    )
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Article
        fields = [
            "id",
            "external_id",
            "title",
            "body",
            "questions",
            "language",
            "category",
            "state",
            "inboxes",
            "url",
            "created_at",
            "updated_at",
            "indexed_at",
        ]
        read_only_fields = ["created_at", "updated_at", "indexed_at"]

    def create(self, validated_data: dict[str, Any]) -> Article:
        return self._save(Article(), validated_data)

    def update(self, instance: Article, validated_data: dict[str, Any]) -> Article:
        return self._save(instance, validated_data)

    def _save(self, article: Article, values: dict[str, Any]) -> Article:
        editor = self.context["request"].user
        check_change(editor, was=article.state, becomes=values.get("state", article.state))
        inboxes = values.pop("inboxes", None)
        if "external_id" in values:  # no id is None: an empty one could be there only once
            values["external_id"] = values["external_id"] or None
        for name, value in values.items():
            setattr(article, name, value)
        save_article(article, by_id=editor.pk, at=timezone.now())
        if inboxes is not None:
            article.inboxes.set(inboxes)
        return article


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("state", str, enum=["draft", "published", "archived"]),
            OpenApiParameter("language", str, description="A BCP 47 tag"),
        ]
    )
)
class ArticleViewSet(
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Article],
):
    """The knowledge base: what the bot may answer with. What is published is changed only by who
    may publish.
    """

    serializer_class = ArticleSerializer
    permission_classes = (MayEditArticles,)
    queryset = Article.objects.all()
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Article]:
        articles = Article.objects.prefetch_related("inboxes")
        for name in ("state", "language"):
            value = self.request.query_params.get(name)
            if value and "\0" not in value:
                articles = articles.filter(**{name: value})
        return articles

    def perform_destroy(self, instance: Article) -> None:
        check_change(self.request.user, was=instance.state, becomes=Article.State.ARCHIVED)
        instance.delete()


class HelpArticle(APIView):
    """One published article as anybody may read it."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    class Output(serializers.Serializer[dict[str, Any]]):
        id = serializers.UUIDField()
        title = serializers.CharField()
        html = serializers.CharField()
        language = serializers.CharField()
        url = serializers.CharField()
        updated_at = serializers.DateTimeField()

    @extend_schema(responses=Output, auth=[])
    def get(self, request: Request, key: UUID) -> Response:
        article = public_article(key)
        if article is None:
            raise NotFound("There is no such article.")
        return Response(
            self.Output(
                {
                    "id": article.uuid,
                    "title": article.title,
                    "html": html_of(article.body),
                    "language": article.language,
                    "url": article.get_absolute_url(),
                    "updated_at": article.updated_at,
                }
            ).data
        )
