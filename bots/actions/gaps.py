"""Unanswered questions: put together, counted, and answered with a draft; `gap_reasons` tells why.

All of it is done again and again by a periodic task, a bit at a time; being killed in between costs
nothing. People's decisions (ignored, drafted, solved) are never taken back by it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Count, Max, Min, Q

from bots.actions.editing import save_article
from bots.actions.searched import searches_of_gaps
from bots.knowledge.corpus import corpus
from bots.learning.clusters import around, grouped
from bots.models import Article, Asked, Gap
from bots.reads.gaps import CURRENT_WEEKS
from conversations.errors import NotFound, Refused

TOGETHER = 500  # questions put into groups at once
EXAMPLES = 12  # questions of a gap that are read to explain it


class AlreadyDrafted(Refused):
    """Somebody has begun an article for it: `fields["article"]` says which."""

    code = "already_drafted"


# --- put together -------------------------------------------------------------------------


@transaction.atomic
def sort_new(*, most: int = TOGETHER) -> int:
    """Puts unanswered questions into gaps, new ones where nothing is like them; answers how many."""
    waiting = list(
        Asked.objects.select_for_update(skip_locked=True)
        .filter(outcome="unanswered", gap=None, vector__isnull=False)
        .order_by("pk")[:most]
    )
    if not waiting:
        return 0
    known = list(Gap.objects.select_for_update().order_by("pk"))
    middle = corpus().middle
    vectors = around(np.array([row.vector for row in waiting], dtype=np.float32), middle)
    centres = np.array([gap.centre for gap in known], dtype=np.float32)
    places, sums = grouped(vectors, centres.reshape(len(known), vectors.shape[1]))
    fresh: dict[int, Gap] = {}
    for row, place in zip(waiting, places, strict=True):
        if place >= len(known) and place not in fresh:
            fresh[place] = Gap(
                title=row.text[:300],
                language=row.language,
                centre=sums[place],
                first_at=row.asked_at,
                last_at=row.asked_at,
            )
    Gap.objects.bulk_create([fresh[place] for place in sorted(fresh)])
    for row, place in zip(waiting, places, strict=True):
        row.gap = known[place] if place < len(known) else fresh[place]
    Asked.objects.bulk_update(waiting, ["gap"], batch_size=500)
    touched = {place for place in places if place < len(known)}
    for place in touched:
        known[place].centre = sums[place]
    Gap.objects.bulk_update([known[place] for place in touched], ["centre"])
    return len(waiting)


def count(*, at: datetime) -> None:
    """How many there are of each, and how many a week; empty ones that nobody has touched go."""
    since = at - timedelta(weeks=CURRENT_WEEKS)
    rows = Asked.objects.filter(gap__isnull=False).values("gap").order_by()
    counted = rows.annotate(
        size=Count("pk"),
        lately=Count("pk", filter=Q(asked_at__gte=since)),
        first=Min("asked_at"),
        last=Max("asked_at"),
    )
    seen: dict[int, Any] = {row["gap"]: row for row in counted}
    searched = searches_of_gaps(at=at)
    changed: list[Gap] = []
    for gap in Gap.objects.defer("centre").iterator(chunk_size=500):
        row = seen.get(gap.pk) or {
            "size": 0,
            "lately": 0,
            "first": None,
            "last": None,
        }
        looked = searched(gap.pk)
        weekly = (row["lately"] + looked.lately) / CURRENT_WEEKS
        if (gap.size, gap.searches, gap.weekly) != (row["size"], looked.total, weekly):
            gap.size, gap.searches, gap.weekly = row["size"], looked.total, weekly
            gap.first_at = min(filter(None, (row["first"], looked.first)), default=gap.first_at)
            gap.last_at = max(filter(None, (row["last"], looked.last)), default=gap.last_at)
            changed.append(gap)
    Gap.objects.bulk_update(
        changed, ["size", "searches", "weekly", "first_at", "last_at"], batch_size=500
    )
    Gap.objects.filter(size=0, searches=0, state="open").delete()


# --- decided by people --------------------------------------------------------------------


@transaction.atomic
def draft_article(*, gap: UUID, by_id: int | None, at: datetime) -> Article:
    """An article that nobody reads yet, from the best of what people answered, with the questions as
    examples. Raises AlreadyDrafted."""
    held = _held(gap)
    if held.article is not None and held.state in {"drafted", "solved"}:
        raise AlreadyDrafted(
            "There is an article for it already.", fields={"article": [str(held.article.uuid)]}
        )
    replies = held.evidence.get("replies") or []
    questions = [
        " ".join(str(one).split())[:300] for one in held.evidence.get("questions") or [held.title]
    ]
    article = Article(
        title=_as_title(held.title),
        body=str(replies[0]["text"]) if replies else "",
        questions=questions[:EXAMPLES],
        language=held.language,
        state=Article.State.DRAFT,
        reason="Written for an unanswered question",
    )
    save_article(article, by_id=by_id, at=at, may_publish=False)
    held.article = article
    held.predicted = held.weekly
    _decide(held, Gap.State.DRAFTED, by_id=by_id, at=at)
    return article


@transaction.atomic
def set_state(*, gap: UUID, state: str, by_id: int | None, at: datetime) -> Gap:
    """Open, solved or ignored. Ignored ones go on being counted, and stay ignored."""
    held = _held(gap)
    if held.state != state:
        if state == Gap.State.SOLVED and held.predicted is None:
            held.predicted = held.weekly
        _decide(held, state, by_id=by_id, at=at)
    return held


def mark_solved(*, at: datetime) -> int:
    """Those whose article has become live."""
    live = Gap.objects.filter(state="drafted", article__state="published")
    return live.update(state=Gap.State.SOLVED, decided_at=at)


def _decide(gap: Gap, state: str, *, by_id: int | None, at: datetime) -> None:
    gap.state = state
    gap.decided_by_id = by_id
    gap.decided_at = at
    gap.save()


def _held(key: UUID) -> Gap:
    found = Gap.objects.select_for_update().filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such question.")
    return found


def _as_title(question: str) -> str:
    said = " ".join(question.split())
    return (said[:1].upper() + said[1:])[:200]
