"""Whoever waits, as routing sees them: rows, not objects, since it reads and moves so many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

import orjson


class Person(NamedTuple):
    """The customer of somebody who waits; `owner_id` is the agent whose customer they are."""

    pk: int
    uuid: str
    name: str
    email: str
    owner_id: int | None


class Way(NamedTuple):
    """The inbox they came by."""

    key: str
    name: str
    kind: str


class Line(NamedTuple):
    """The queue they wait in."""

    pk: int
    uuid: str
    name: str


@dataclass(slots=True)
class Waiter:
    """A conversation that waits, its row locked, with the names that `Conversation` has for the same.

    What is fixed below cannot be otherwise while somebody waits: the database sees to that.
    """

    customer: Person
    inbox: Way
    queue: Line
    pk: int
    uuid: str
    state: str
    bot_run: int
    language: str
    priority: int
    labels: list[str]
    attributes: dict[str, Any]
    needs: list[Any]
    hinted_id: int | None
    queued_at: datetime
    waiting_since: datetime | None
    last_message_at: datetime
    opened_at: datetime
    first_reply_at: datetime | None
    answer_by: datetime | None
    muted_at: datetime | None
    due_at: datetime | None
    disposition: str
    preview: str
    preview_kind: str
    seq: int
    offset: int
    agent_read_seq: int
    sentiment: float | None

    assignee: ClassVar[None] = None
    merged_into_id: ClassVar[None] = None
    snoozed_until: ClassVar[None] = None
    resolved_at: ClassVar[None] = None

    @property
    def customer_id(self) -> int:
        return self.customer.pk


_READ = """
SELECT c.id, c.uuid::text, c.state, c.bot_run, c.language, c.priority, c.labels::text,
    c.attributes::text, c.needs::text, c.hinted_id, c.queued_at, c.waiting_since, c.last_message_at,
    c.opened_at, c.first_reply_at, c.answer_by, c.muted_at, c.due_at, c.disposition, c.preview,
    c.preview_kind, c.seq, c."offset", c.agent_read_seq, c.sentiment,
    u.id, u.uuid::text, u.name, u.email, u.owner_id, i.key, i.name, i.kind
FROM held c
JOIN conversations_customer u ON u.id = c.customer_id JOIN inboxes_inbox i ON i.id = c.inbox_id
ORDER BY c.rank_at, c.id
"""
# What is locked is read as it is then, whatever has changed since the statement began.
FIRST = f"""
WITH held AS MATERIALIZED (
    SELECT * FROM conversations_conversation
    WHERE state = 'queued' AND queue_id = %(queue)s AND id <> ALL(%(skip)s::bigint[])
    ORDER BY rank_at, id LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
) {_READ}
"""  # noqa: S608
THESE = f"""
WITH held AS MATERIALIZED (
    SELECT * FROM conversations_conversation
    WHERE id = ANY(%(these)s::bigint[]) AND state = 'queued' AND queue_id = %(queue)s
    FOR NO KEY UPDATE SKIP LOCKED
) {_READ}
"""  # noqa: S608


def waiter(row: Sequence[Any], queue: Line) -> Waiter:
    """From a row that `FIRST` or `THESE` answers."""
    own = list(row[:25])
    own[6:9] = [orjson.loads(value) for value in row[6:9]]
    return Waiter(Person(*row[25:30]), Way(*row[30:33]), queue, *own)
