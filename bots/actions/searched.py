"""What readers searched and did not find joins the unanswered questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db import connection, transaction
from django.db.models import Max, Min, Sum
from django.utils import timezone

from bots.knowledge.corpus import corpus
from bots.knowledge.text import has_words, language_of
from bots.knowledge.vectors import Encoders
from bots.learning.clusters import around, grouped
from bots.models import Gap, GapSearch, SearchDay
from bots.reads.gaps import CURRENT_WEEKS

TOGETHER = 200  # words encoded and put into groups at once
OFTEN = 2  # searches without result, from which a single word tells something
_LONG = 4  # letters of a language without spaces that are more than one word

_COUNTED = """
    SELECT g.gap_id, sum(s.empty), coalesce(sum(s.empty) FILTER (WHERE s.day >= %(since)s), 0),
        min(s.day), max(s.day)
    FROM bots_gapsearch g
    JOIN bots_searchday s ON s.words = g.words AND s.language = g.language AND s.empty > 0
    GROUP BY g.gap_id
"""


@dataclass(frozen=True, slots=True)
class Searched:
    """Of one gap: searches without result in all and lately, the first and the last day."""

    total: int = 0
    lately: int = 0
    first: datetime | None = None
    last: datetime | None = None


def sort_searches(*, encoders: Encoders, at: datetime, most: int = TOGETHER) -> int:
    """Puts words that found nothing lately into gaps, new ones where nothing is like them; how many."""
    since = (at - timedelta(weeks=CURRENT_WEEKS)).date()
    known = GapSearch.objects.values("words", "language")
    held = {(one["words"], one["language"]) for one in known}
    counted = (
        SearchDay.objects.filter(empty__gt=0, day__gte=since)
        .exclude(words="")
        .values("words", "language")
        .annotate(empty=Sum("empty"), first=Min("day"), last=Max("day"))
        .order_by("words", "language")
    )
    fresh = [
        one
        for one in counted
        if (one["words"], one["language"]) not in held and _tells(one["words"], one["empty"])
    ][:most]
    if not fresh:
        return 0
    vectors = encoders.every.queries([one["words"] for one in fresh])
    with transaction.atomic():
        gaps = list(Gap.objects.select_for_update().order_by("pk"))
        seen = around(np.asarray(vectors, dtype=np.float32), corpus().middle)
        centres = np.array([gap.centre for gap in gaps], dtype=np.float32)
        places, sums = grouped(seen, centres.reshape(len(gaps), seen.shape[1]))
        for one, place in zip(fresh, places, strict=True):
            if place == len(gaps):
                gaps.append(
                    Gap.objects.create(
                        title=one["words"],
                        language=language_of(one["words"], otherwise=_code(one["language"])),
                        centre=sums[place],
                        first_at=_moment(one["first"]),
                        last_at=_moment(one["last"]),
                    )
                )
        GapSearch.objects.bulk_create(
            (
                GapSearch(
                    words=one["words"], language=one["language"], gap=gaps[place], vector=vector
                )
                for one, place, vector in zip(fresh, places, vectors, strict=True)
            ),
            ignore_conflicts=True,
        )
    return len(fresh)


def searches_of_gaps(*, at: datetime) -> Callable[[int], Searched]:
    """For each gap what its words were searched without result."""
    since = (at - timedelta(weeks=CURRENT_WEEKS)).date()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"since": since})
        rows = cursor.fetchall()
    known = {gap: Searched(n, lately, _moment(a), _moment(b)) for gap, n, lately, a, b in rows}
    none = Searched()
    return lambda gap: known.get(gap, none)


def forget_words() -> int:
    """Words that no day has any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM bots_gapsearch g WHERE NOT EXISTS ("
            "SELECT FROM bots_searchday s WHERE s.words = g.words AND s.language = g.language)"
        )
        return int(cursor.rowcount)


def _tells(words: str, empty: int) -> bool:
    """A single word that somebody tried once is nobody's question."""
    several = len(words.split()) > 1 or (not words.isascii() and len(words) >= _LONG)
    return has_words(words) and (several or empty >= OFTEN)


def _code(language: str) -> str:
    return "en" if language == "other" else language


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())
