"""The rules changed: who waits gets the place and the next moment that the new ones give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from agents.actions.queueing import rules_of, told_too_long
from agents.models import Queue
from agents.policies import PolicyBook
from agents.queue_plan import Waiting, next_due, overdue, rank
from agents.rules import Rules
from conversations.models import Conversation

TOGETHER = 500  # conversations looked at in one transaction


def replan(*, at: datetime, queue: Queue | None = None) -> int:
    """Ranks everybody who waits anew, in bounded batches; answers how many rows that changed.

    What a new rule owes them already is due now. Doing it twice changes nothing more.
    """
    book = PolicyBook.load()
    return sum(_batch(pks, book, at=at) for pks in _batches(queue))


def _batches(queue: Queue | None) -> Iterator[list[int]]:
    last = 0
    waiting = Conversation.objects.waiting().filter(queued_at__isnull=False)
    if queue is not None:
        waiting = waiting.filter(queue=queue)
    while True:
        following = waiting.filter(pk__gt=last).order_by("pk")
        pks = list(following.values_list("pk", flat=True)[:TOGETHER])
        if not pks:
            return
        yield pks
        last = pks[-1]


@transaction.atomic
def _batch(pks: Sequence[int], book: PolicyBook, *, at: datetime) -> int:
    """Locked in the order of their ids, like everywhere; who no longer waits is left alone."""
    held = Conversation.objects.waiting().filter(pk__in=pks).order_by("pk")
    held = held.select_for_update(of=("self",), no_key=True).select_related("queue", "inbox")
    rows = [row for row in held if row.queued_at is not None]
    rules = {row.pk: rules_of(row, row.queue, book) for row in rows}
    told = told_too_long([row for row in rows if rules[row.pk].max_wait])
    changed = [row for row in rows if _anew(row, rules[row.pk], done=row.pk in told, at=at)]
    Conversation.objects.bulk_update(changed, ["rank_at", "due_at"])
    return len(changed)


def _anew(row: Conversation, rules: Rules, *, done: bool, at: datetime) -> bool:
    """Whether anything is different now."""
    assert row.queued_at is not None
    before = row.rank_at, row.due_at
    waiting = Waiting(
        row.queued_at, row.entered_at or row.queued_at, row.priority, row.queue_steps, done
    )
    row.rank_at = rank(rules, queued_at=row.queued_at, priority=row.priority)
    if row.due_at is None or row.due_at > at:  # what is due already is being done
        owed = overdue(rules, waiting, at=at)
        row.due_at = at if owed else next_due(rules, waiting, after=at)
    return before != (row.rank_at, row.due_at)
