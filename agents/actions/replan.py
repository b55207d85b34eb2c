"""The rules changed: who waits gets the place and the next moment that the new ones give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from agents.actions.queueing import told_too_long
from agents.models import Queue
from agents.reads.policies import PolicyBook, hours_of
from agents.rules.queue_plan import Waiting, next_due, overdue, promised, rank
from agents.rules.registry import Rules
from conversations.hours import Hours
from conversations.models import Conversation
from inboxes.models import Inbox

Plan = tuple[datetime | None, ...]
"""What is written of a row: rank_at, due_at, answer_from, answer_by, alert_at."""

TOGETHER = 1_000  # conversations looked at in one transaction

# Their columns only: rows of conversations are wide, and many may wait.
_COLUMNS = (
    "pk", "queue_id", "inbox_id", "priority", "queued_at", "entered_at", "queue_steps", "rank_at",
    "due_at", "place_from", "answer_from", "answer_by", "alert_at",
)  # fmt: skip
_WRITE = """
    UPDATE conversations_conversation AS c SET rank_at = new.rank_at, due_at = new.due_at,
        answer_from = new.answer_from, answer_by = new.answer_by, alert_at = new.alert_at
    FROM unnest(
        %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
        %s::timestamptz[]
    ) AS new (id, rank_at, due_at, answer_from, answer_by, alert_at)
    WHERE c.id = new.id
"""


@dataclass(frozen=True)
class House:
    """What holds for whom, read once."""

    book: PolicyBook
    queues: dict[int, Queue]
    channels: dict[int, str]
    schedules: dict[UUID, Hours | None] = field(default_factory=dict)

    @classmethod
    def now(cls) -> House:
        channels = dict(Inbox.objects.values_list("pk", "kind"))
        return cls(PolicyBook.load(), Queue.objects.in_bulk(), channels)

    def hours(self, rules: Rules) -> Hours | None:
        if rules.hours is None:
            return None
        if rules.hours not in self.schedules:
            self.schedules[rules.hours] = hours_of(rules.hours)
        return self.schedules[rules.hours]

    def rules(self, row: Row) -> Rules:
        return self.book.for_queue(
            self.queues.get(row.queue_id or 0),
            inbox_id=row.inbox_id,
            channel=self.channels.get(row.inbox_id, ""),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation that waits, as far as this matters."""

    pk: int
    queue_id: int | None
    inbox_id: int
    priority: int
    queued_at: datetime
    entered_at: datetime | None
    queue_steps: int
    rank_at: datetime | None
    due_at: datetime | None
    place_from: datetime | None
    answer_from: datetime | None
    answer_by: datetime | None
    alert_at: datetime | None

    @property
    def plan(self) -> Plan:
        return self.rank_at, self.due_at, self.answer_from, self.answer_by, self.alert_at


def replan(*, at: datetime, queue: Queue | None = None) -> int:
    """Ranks everybody who waits anew, in bounded batches; answers how many rows that changed.

    What a new rule owes them already is due now. Doing it twice changes nothing more.
    """
    house = House.now()
    return sum(_batch(pks, house, at=at) for pks in _batches(queue))


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
def _batch(pks: Sequence[int], house: House, *, at: datetime) -> int:
    """Locked in the order of their ids, like everywhere; who no longer waits is left alone."""
    held = Conversation.objects.waiting().filter(pk__in=pks, queued_at__isnull=False).order_by("pk")
    rows = [Row(*one) for one in held.select_for_update(no_key=True).values_list(*_COLUMNS)]
    rules = {row.pk: house.rules(row) for row in rows}
    told = told_too_long({row.pk: row.queued_at for row in rows if rules[row.pk].max_wait})
    changed = []
    for row in rows:
        promise = _promised(row, rules[row.pk], house, at=at)
        planned = (*_anew(row, rules[row.pk], done=row.pk in told, at=at), *promise)
        if planned != row.plan:
            changed.append((row.pk, *planned))
    if changed:
        columns: list[list[Any]] = [list(column) for column in zip(*changed, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, columns)
    return len(changed)


def _anew(
    row: Row, rules: Rules, *, done: bool, at: datetime
) -> tuple[datetime | None, datetime | None]:
    """(rank, due) by these rules; what is due already is being done, and left so."""
    ranked = rank(rules, place_from=row.place_from or row.queued_at, priority=row.priority)
    if row.due_at is not None and row.due_at <= at:
        return ranked, row.due_at
    waiting = Waiting(
        row.queued_at, row.entered_at or row.queued_at, row.priority, row.queue_steps, done
    )
    return ranked, at if overdue(rules, waiting, at=at) else next_due(rules, waiting, after=at)


def _promised(row: Row, rules: Rules, house: House, *, at: datetime) -> Plan:
    """(answer_from, answer_by, alert_at) by these rules; who heard that it is late is not told again."""
    if row.answer_from is None:
        return None, None, None
    hours, priority = house.hours(rules), row.priority
    new = promised(rules, since=row.answer_from, priority=priority, hours=hours, at=at)
    if new is None:
        return None, None, None
    known = row.alert_at is None and row.answer_by is not None and row.answer_by <= at
    return new.since, new.by, None if known and new.by <= at else new.alert
