"""Some of those who wait in a queue are held and moved together: routing's side of the log."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection

from conversations import live
from conversations.frames import conversation_card, own_line
from conversations.lifecycle import OFFERED, check_move
from conversations.live import Push, queue_room, thread_room
from conversations.prepared import numbers, rows, texts
from conversations.trace import trace
from conversations.waiters import FIRST, THESE, Line, Waiter, waiter

_AHEAD = """
SELECT c.id, c.language, i.kind, i.key, c.needs::text, c.queued_at
FROM conversations_conversation c JOIN inboxes_inbox i ON i.id = c.inbox_id
WHERE c.state = 'queued' AND c.queue_id = %(queue)s
ORDER BY c.rank_at, c.id LIMIT %(most)s
"""
_MOVE = """
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(facts)s::text[]) AS w (id, facts)
), moved AS (
    UPDATE conversations_conversation c SET "offset" = c."offset" + 1, state = %(state)s::text
    FROM wanted w WHERE c.id = w.id
    RETURNING c.id, c."offset", c.seq, w.facts
), logged AS (
    INSERT INTO conversations_event (
        conversation_id, "offset", kind, actor_kind, data, trace, created_at
    )
    SELECT id, "offset", %(kind)s::text, 'system', facts::jsonb, %(trace)s::text,
        %(at)s::timestamptz
    FROM moved
)
SELECT id, "offset", seq FROM moved
"""


class Glance(NamedTuple):
    """What of somebody who waits says whom they could be brought to."""

    pk: int
    language: str
    channel: str
    inbox: str
    needs: list[Any]
    queued_at: datetime


def claim(
    line: Line, *, most: int, skip: Collection[int] = (), these: Sequence[int] | None = None
) -> list[Waiter]:
    """The first in turn whom nobody else is looking at, locked until the end of the transaction.

    Without those to `skip`; or, if ids are named, whoever of them still waits here.
    """
    assert connection.in_atomic_block, "claim() needs a transaction"
    if these is None:
        found = rows(FIRST, {"queue": line.pk, "skip": numbers(skip), "most": most})
    else:
        found = rows(THESE, {"queue": line.pk, "these": numbers(these[:most])})
    return [waiter(row, line) for row in found]


def ahead(line: Line, *, most: int) -> list[Glance]:
    """Whoever waits in this queue, in turn; nobody is locked."""
    return [
        Glance(pk, language, channel, inbox, orjson.loads(needs), queued_at)
        for pk, language, channel, inbox, needs, queued_at in rows(
            _AHEAD, {"queue": line.pk, "most": most}
        )
    ]


def mark_offered(
    waiters: Sequence[Waiter], facts: Sequence[dict[str, Any]], *, at: datetime
) -> None:
    """These are offered to somebody: one line with its facts in each log, in one statement.

    Agents are told after the commit; for the customers nothing that they see has changed.
    """
    for one in waiters:
        check_move(one.state, OFFERED)
    cause = trace.get()
    moved = rows(
        _MOVE,
        {
            "ids": numbers(one.pk for one in waiters),
            "facts": texts(orjson.dumps(one).decode() for one in facts),
            "state": OFFERED,
            "kind": "offered",
            "trace": cause,
            "at": at,
        },
    )
    places = {pk: (offset, seq) for pk, offset, seq in moved}
    line = own_line("offered", trace=cause, at=at)
    pushes = []
    for one, data in zip(waiters, facts, strict=True):
        one.offset, one.seq = places[one.pk]
        one.state = OFFERED
        thread = thread_room(one.pk)
        said = {**line, "conversation": one.uuid, "offset": one.offset, "data": data}
        pushes.append(Push((thread,), said, one.offset, one.pk))
        rooms = (thread, live.EVERYTHING_ROOM, queue_room(one.queue.pk))
        pushes.append(Push(rooms, conversation_card(one)))
    live.announce_on_commit(pushes)
