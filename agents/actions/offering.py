"""Some conversations are offered to those whom routing chose: stored at once, told after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from agents import events as people
from agents.models import Queue
from agents.models.why import packed
from agents.queries import Asked, offer_frames
from agents.rules.candidates import Candidate
from conversations import live
from conversations.actions.waiting import mark_offered
from conversations.live import Push, agent_room
from conversations.prepared import numbers, prepared, texts
from conversations.waiters import Waiter

# The reasons are long: as binary they are neither quoted nor parsed more than once.
_INSERT = """
WITH asked AS (
    SELECT * FROM unnest(
        %(conversations)s::bigint[], %(agents)s::bigint[], %(whys)s::text[]
    ) AS o (conversation_id, agent_id, why)
), noted AS (
    UPDATE agents_presence SET last_offered_at = %(at)s::timestamptz
    WHERE agent_id = ANY(%(agents)s::bigint[])
)
INSERT INTO agents_offer (uuid, conversation_id, agent_id, created_at, expires_at, outcome, why)
SELECT gen_random_uuid(), conversation_id, agent_id, %(at)s::timestamptz,
    %(expires_at)s::timestamptz, '', why::jsonb
FROM asked
"""


class Choice(NamedTuple):
    """Who is asked about somebody who waits, and the decision that led to it."""

    waiter: Waiter
    agent: Candidate
    why: dict[str, Any]


def offer(chosen: Sequence[Choice], queue: Queue, *, at: datetime) -> None:
    """Asks these agents. Conversations and agents are locked, and each agent has room for theirs."""
    if not chosen:
        return
    expires_at = at + timedelta(seconds=queue.offer_seconds)
    with prepared() as cursor:
        cursor.execute(
            _INSERT,
            {
                "conversations": numbers(one.waiter.pk for one in chosen),
                "agents": numbers(one.agent.agent_id for one in chosen),
                "whys": texts(orjson.dumps(packed(one.why)).decode() for one in chosen),
                "at": at,
                "expires_at": expires_at,
            },
        )
    facts = [{"agent": one.agent.key, "name": one.agent.name} for one in chosen]
    mark_offered([one.waiter for one in chosen], facts, at=at)
    asked = [Asked(one.waiter, at, expires_at, one.why) for one in chosen]
    live.announce_on_commit(
        [
            Push((agent_room(one.agent.agent_id),), frame)
            for one, frame in zip(chosen, offer_frames(asked), strict=True)
        ]
    )
    people.publish_all(
        people.offer_made,
        [{"agent_id": one.agent.agent_id, "conversation_id": one.waiter.pk} for one in chosen],
    )
