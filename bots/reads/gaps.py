"""Reads about gaps: their weeks, what solved them, and the articles that are nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import TruncWeek

from bots.knowledge.corpus import corpus
from bots.knowledge.statement import literal
from bots.language.model import Vectors
from bots.models import Asked, Gap

CURRENT_WEEKS = 4  # over which “a week” is counted
SHOWN_WEEKS = 12

_NEAREST = """
    SELECT p.article_id, max(-(p.vector <#> %(vector)s::vector)), max(-(p.vector <#> %(middle)s::vector))
    FROM (
        SELECT p.id FROM bots_passage p
        JOIN bots_article a ON a.id = p.article_id AND a.state = 'published' AND a.revision = p.revision
        ORDER BY p.vector <#> %(vector)s::vector LIMIT 12
    ) near JOIN bots_passage p ON p.id = near.id GROUP BY p.article_id
"""


def nearest_articles(vectors: Vectors, *, most: int = 5) -> list[tuple[int, float]]:
    """(article, likeness) of those that come nearest to these questions on average, best first; the
    likeness is a cosine around the middle of the knowledge base."""
    middle = corpus().middle
    square = float(middle @ middle)
    sums: dict[int, float] = {}
    with connection.cursor() as cursor:
        for vector in vectors:
            cursor.execute(_NEAREST, {"vector": literal(vector), "middle": literal(middle)})
            own = 1 - 2 * float(vector @ middle) + square
            for article, dot, dot_middle in cursor.fetchall():
                up = dot - dot_middle - float(vector @ middle) + square
                likeness = up / max((1 - 2 * dot_middle + square) * own, 1e-9) ** 0.5
                sums[article] = sums.get(article, 0.0) + likeness
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(article, total / len(vectors)) for article, total in ranked[:most]]


@dataclass(frozen=True, slots=True)
class Week:
    begins: datetime
    questions: int


def weeks_of(
    gaps: Sequence[Gap], *, at: datetime, weeks: int = SHOWN_WEEKS
) -> dict[int, list[Week]]:
    """Of each gap the questions of the last weeks, the oldest first, empty ones included."""
    monday = (at - timedelta(days=at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    begins = [monday - timedelta(weeks=n) for n in range(weeks - 1, -1, -1)]
    counted = (
        Asked.objects.filter(gap__in=[gap.pk for gap in gaps], asked_at__gte=begins[0])
        .annotate(week=TruncWeek("asked_at"))
        .values_list("gap", "week")
        .annotate(n=Count("pk"))
        .order_by()
    )
    known = {(gap, week.date()): n for gap, week, n in counted}
    return {
        gap.pk: [Week(begin, known.get((gap.pk, begin.date()), 0)) for begin in begins]
        for gap in gaps
    }


@dataclass(frozen=True, slots=True)
class Effect:
    """After an article became live: `predicted` questions a week were to be answered by it; since then,
    in `weeks`, so many a week were `answered` by it and so many still were `unanswered`."""

    predicted: float
    weeks: float
    answered: float
    unanswered: float


def effect_of(gap: Gap, *, at: datetime) -> Effect | None:
    """None before its article was published, or without one."""
    article = gap.article
    if article is None or gap.predicted is None or article.version == 0:
        return None
    first = article.versions.order_by("number").first()
    if first is None:
        return None
    weeks = max((at - first.published_at).total_seconds() / (7 * 86400), 1 / 7)
    since = Asked.objects.filter(asked_at__gte=first.published_at)
    counted = since.aggregate(
        answered=Count("pk", filter=Q(decision="answer", articles__contains=[str(article.uuid)])),
        unanswered=Count("pk", filter=Q(gap=gap)),
    )
    return Effect(
        predicted=gap.predicted,
        weeks=weeks,
        answered=counted["answered"] / weeks,
        unanswered=counted["unanswered"] / weeks,
    )
