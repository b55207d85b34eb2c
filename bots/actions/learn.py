"""Reads the log for what customers asked: periodically, a bit at a time, as often as one likes.

Nothing of this happens while somebody waits. What is read is remembered by the number of the last
line; a conversation whose log grew is read again as a whole, so that running this twice, or being
killed in the middle, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from bots.answering.context import resolved
from bots.knowledge.text import has_words, language_of
from bots.knowledge.vectors import Encoders
from bots.learning.turns import QUIET, Turn, turns
from bots.models import Asked, LearningProgress
from bots.progress import unseen
from bots.reads.asked_log import Log, logs
from conversations.models import Event

NAME = "asked"
LINES = 5_000  # of the log, read at once
TOGETHER = 200  # conversations read and written at once
ENCODED = 256  # questions encoded and written at once
LONGEST = 1_000  # characters of a question that are kept
_SETTLED = timedelta(minutes=2)
_TELLING = frozenset({"bot_answered", "handoff", "rated", "resolved", "reopened"})


def read_new(*, at: datetime, most: int = 20, progress: Callable[[int], None] = unseen) -> int:
    """Reads what the log has grown by, `most` times `LINES` of it; answers how many conversations."""
    start = _through()
    done = 0
    for _ in range(most):
        rows = list(
            Event.objects.filter(pk__gt=start)
            .order_by("pk")
            .values_list("pk", "conversation_id", "kind", "created_at")[:LINES]
        )
        done += read(sorted({c for _, c, kind, _ in rows if kind in _TELLING}), at=at)
        progress(len(rows))
        if rows:
            start = rows[-1][0]
            # Numbers are given out before the commit: the newest may still get a smaller neighbour.
            _advance([pk for pk, _, _, when in rows if when <= at - _SETTLED])
        if len(rows) < LINES:
            break
    return done + read(_gone_quiet(at=at), at=at)


def read(conversation_ids: Sequence[int], *, at: datetime) -> int:
    """Reads these conversations from their first line on."""
    for place in range(0, len(conversation_ids), TOGETHER):
        found = logs(conversation_ids[place : place + TOGETHER])
        _write(found, at=at)
    return len(conversation_ids)


def _gone_quiet(*, at: datetime) -> list[int]:
    """Answered a day ago, and nothing has happened since: that says something, too."""
    found = (
        Asked.objects.filter(
            outcome="",
            decision="answer",
            asked_at__lte=at - QUIET,
            asked_at__gt=at - 3 * QUIET,
            conversation__last_message_at__lte=at - QUIET,
        )
        .order_by("conversation_id")
        .values_list("conversation_id", flat=True)
        .distinct()
    )
    return list(found[:LINES])


@transaction.atomic
def _write(found: Sequence[Log], *, at: datetime) -> None:
    known = {
        (row.conversation_id, row.offset): row
        for row in Asked.objects.filter(
            conversation_id__in=[log.conversation_id for log in found]
        ).defer("vector")
    }
    fresh: list[Asked] = []
    changed: list[Asked] = []
    for log in found:
        for turn in turns(log.anonymous(), at=at):
            row = known.get((log.conversation_id, turn.offset))
            if row is None:
                if (made := _asked(log, turn)) is not None:
                    fresh.append(made)
            elif row.outcome != turn.outcome:
                row.outcome = turn.outcome
                if turn.outcome != "unanswered":
                    row.gap_id = None
                changed.append(row)
    Asked.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    Asked.objects.bulk_update(changed, ["outcome", "gap"], batch_size=500)


def _asked(log: Log, turn: Turn) -> Asked | None:
    text = resolved(turn.question.strip(), turn.before).replace("\0", " ")[:LONGEST]
    if not has_words(text):
        return None
    return Asked(
        conversation_id=log.conversation_id,
        offset=turn.offset,
        inbox_id=log.inbox_id,
        asked_at=turn.asked_at,
        text=text,
        language=language_of(text, otherwise=log.language.split("-")[0].lower())[:16],
        decision=turn.decision,
        outcome=turn.outcome,
        articles=list(turn.articles),
    )


def encode_new(*, encoders: Encoders, most: int = 20) -> int:
    """Gives questions their vectors; answers how many."""
    done = 0
    for _ in range(most):
        rows = list(Asked.objects.filter(vector=None).order_by("pk")[:ENCODED])
        if rows:
            vectors = encoders.every.queries([row.text for row in rows])
            for row, vector in zip(rows, vectors, strict=True):
                row.vector, row.encoder = vector, encoders.every.name
            Asked.objects.bulk_update(rows, ["vector", "encoder"])
        done += len(rows)
        if len(rows) < ENCODED:
            break
    return done


def _through() -> int:
    progress, _ = LearningProgress.objects.get_or_create(name=NAME)
    return progress.through_id


def _advance(settled: Sequence[int]) -> None:
    if settled:
        known = LearningProgress.objects.filter(name=NAME, through_id__lt=settled[-1])
        known.update(through_id=settled[-1])


def newest_question() -> datetime | None:
    """When a customer asked last, of what was read."""
    newest: datetime | None = Asked.objects.aggregate(at=Max("asked_at"))["at"]
    return newest
