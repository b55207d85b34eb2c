"""A category is described, renamed, put in its place."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from bots.models import Article, Category, CategoryName
from conversations.errors import Taken


@transaction.atomic
def save_category(category: Category, names: Sequence[Mapping[str, str]] | None = None) -> Category:
    """Renaming it renames it in its articles. `names`, if given, replaces the ones it has: each with
    language, name and description. Raises Taken."""
    was = Category.objects.select_for_update().filter(pk=category.pk).first()
    if Category.objects.filter(name=category.name).exclude(pk=category.pk).exists():
        raise Taken("There is a category of this name.", fields={"name": ["It is taken."]})
    category.save()
    if was is not None and was.name != category.name:
        Article.objects.filter(category=was.name).update(category=category.name)
    if names is not None:
        category.names.all().delete()
        CategoryName.objects.bulk_create(CategoryName(category=category, **one) for one in names)
    return category
