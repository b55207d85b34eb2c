"""How many readers an article helped."""

from typing import Any

from django.db.models import Count, F, FloatField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, NullIf

from bots.models import Article, Version, Vote

FEW = 3  # votes: fewer tell nothing


def with_votes(articles: "QuerySet[Article]") -> "QuerySet[Article]":
    """Each with `votes`, `votes_for` and `share_helpful` (0…1) of its newest version.

    Counted for the rows of a page only, unless they are filtered or ordered by it.
    """
    given = Vote.objects.filter(
        version__article=OuterRef("pk"), version__number=OuterRef("version")
    )
    return articles.annotate(
        votes=_count(given), votes_for=_count(given.filter(helpful=True))
    ).annotate(share_helpful=_share("votes_for", "votes"))


def _count(votes: "QuerySet[Vote]") -> Any:
    counted = votes.order_by().values("version").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def versions_with_votes(article: Article) -> "QuerySet[Version]":
    """The newest first, each with `votes_given` and `votes_for`."""
    return (
        article.versions.select_related("published_by")
        .annotate(
            votes_given=Count("votes"), votes_for=Count("votes", filter=Q(votes__helpful=True))
        )
        .order_by("-number")
    )


def _share(part: str, whole: str) -> Any:
    number = FloatField()
    return Cast(F(part), number) / NullIf(Cast(F(whole), number), 0.0)


def share_helpful(votes_for: int, votes: int) -> str:
    """“12 of 15 (80 %)”; a dash without votes."""
    return f"{votes_for} of {votes} ({votes_for / votes:.0%})" if votes else "–"
