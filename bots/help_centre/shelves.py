"""What a reader of the help centre may read, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Subquery
from pgvector.django import MaxInnerProduct

from bots.help_centre.locales import best, fallbacks
from bots.knowledge.text import same_language
from bots.models import Article, Category, Passage, Readership

MOST_LISTED = 4_000
_NEAR = 30  # titles that are looked at for related articles
RELATED = 4


@dataclass(frozen=True)
class Listed:
    """`is_other`: there is none in the reader's language, so this one stands in for it."""

    article: Article
    is_other: bool


@dataclass
class Shelf:
    """A category in the reader's language. `key` names it in addresses; "" holds the rest."""

    key: str
    name: str
    description: str = ""
    entries: list[Listed] = field(default_factory=list)


def listed(language: str, reader: Readership, inbox_id: int | None = None) -> list[Listed]:
    """Each article once, by category: those in this language, then what stands in for the others."""
    families: dict[UUID, list[Article]] = {}
    known = (
        Article.objects.readable_by(reader)
        .for_inbox(inbox_id)
        .only("uuid", "title", "category", "language", "family", "visibility")
        .order_by("category", "title")
    )
    for article in known[:MOST_LISTED]:
        families.setdefault(article.family, []).append(article)
    found = [one for family in families.values() if (one := in_language(family, language))]
    shown = [Listed(one, not same_language(one.language, language)) for one in found]
    return sorted(shown, key=lambda one: (one.is_other, one.article.category, one.article.title))


def shelves(language: str, reader: Readership, inbox_id: int | None = None) -> list[Shelf]:
    """Categories that hold something, in their order; what nobody described comes after them, what
    has none last."""
    known, by_name = _described(language)
    rest: dict[str, Shelf] = {}
    for one in listed(language, reader, inbox_id):
        said = one.article.category
        shelf = by_name.get(said.casefold())
        if shelf is None:
            shelf = rest.setdefault(said, Shelf(said, said))
        shelf.entries.append(one)
    others = sorted(rest.values(), key=lambda shelf: (not shelf.key, shelf.name.casefold()))
    return [shelf for shelf in [*known, *others] if shelf.entries]


def _described(language: str) -> tuple[list[Shelf], dict[str, Shelf]]:
    found: list[Shelf] = []
    by_name: dict[str, Shelf] = {}
    for category in Category.objects.prefetch_related("names"):
        names = {one.language.casefold(): one for one in category.names.all()}
        said = next((names[c] for c in fallbacks(language, "") if c in names), None)
        shelf = Shelf(
            category.name,
            said.name if said else category.name,
            (said.description if said else "") or category.description,
        )
        found.append(shelf)
        for name in (category.name, *(one.name for one in names.values())):
            by_name.setdefault(name.casefold(), shelf)
    return found, by_name


def shelf_of(article: Article, language: str) -> Shelf | None:
    """Where it stands, without what else is there."""
    if not article.category:
        return None
    found = _described(language)[1].get(article.category.casefold())
    return found or Shelf(article.category, article.category)


def in_language(family: Sequence[Article], wanted: str) -> Article | None:
    """Of translations of one another the one for this reader."""
    available = [one.language for one in family]
    place = best(available, wanted=wanted, default=settings.LANGUAGE_CODE)
    return None if place is None else family[place]


def translations(article: Article, reader: Readership) -> list[Article]:
    """All that this reader may read, the article itself among them."""
    found = Article.objects.readable_by(reader).filter(family=article.family)
    return list(found.order_by("language"))


def published_for(reader: Readership, key: UUID) -> Article | None:
    """A published article; what this reader may not read does not exist for them."""
    return Article.objects.readable_by(reader).filter(uuid=key).first()


def related(article: Article, reader: Readership, inbox_id: int | None = None) -> list[Article]:
    """The nearest titles in its language; nothing while it is not indexed."""
    mine = Passage.objects.filter(
        article=article, kind=Passage.Kind.TITLE, revision=article.revision
    ).values("vector")[:1]
    readable = Article.objects.readable_by(reader).for_inbox(inbox_id)
    near = (
        Passage.objects.filter(kind=Passage.Kind.TITLE, article__in=readable)
        .exclude(article__family=article.family)
        .order_by(MaxInnerProduct("vector", Subquery(mine)))
        .values_list("article_id", flat=True)
    )
    if not mine.exists():
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true)")
        keys = list(dict.fromkeys(near[:_NEAR]))
    known = Article.objects.in_bulk(keys)
    families: dict[UUID, Article] = {}
    for key in keys:
        if (one := known.get(key)) and same_language(one.language, article.language):
            families.setdefault(one.family, one)
    return list(families.values())[:RELATED]
