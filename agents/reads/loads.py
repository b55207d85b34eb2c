"""How much everybody has in hand, counted in one statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from agents.rules.registry import Rules
from conversations.prepared import numbers, rows

# An offer counts as if it were accepted: nobody is asked about more than they could take.
_STATEMENT = """
SELECT agent_id, kind, key, sum(open)::int, sum(awake)::int FROM (
    SELECT a.agent_id, i.kind, i.key, count(*) AS open,
        count(*) FILTER (
            WHERE c.state <> 'snoozed' AND NOT c.labels ?| %(weightless)s::text[]
            AND (c.waiting_since IS NOT NULL OR c.last_message_at > %(silent_since)s::timestamptz)
        ) AS awake
    FROM agents_assignment a
    JOIN conversations_conversation c ON c.id = a.conversation_id
    JOIN inboxes_inbox i ON i.id = c.inbox_id
    WHERE a.ended_at IS NULL AND a.agent_id = ANY(%(agents)s::bigint[])
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT o.agent_id, i.kind, i.key, count(*), count(*)
    FROM agents_offer o
    JOIN conversations_conversation c ON c.id = o.conversation_id
    JOIN inboxes_inbox i ON i.id = c.inbox_id
    WHERE o.ended_at IS NULL AND o.agent_id = ANY(%(agents)s::bigint[])
    GROUP BY 1, 2, 3
) counted GROUP BY 1, 2, 3
"""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def inbox_named(key: str) -> str:
    """An inbox among the names by which rules limit what one agent holds."""
    return f"inbox:{key}"


@dataclass(slots=True)
class Load:
    """`open` is everything that could wake; `active` the weighted sum of what is awake; `held` what is
    open of each channel, and of each inbox under `inbox:KEY`."""

    open: int = 0
    active: float = 0.0
    held: dict[str, int] = field(default_factory=dict)

    def add(
        self, channel: str, inbox: str, *, open_: int = 1, awake: int = 1, weight: float = 1.0
    ) -> None:
        self.open += open_
        self.active += awake * weight
        for name in (channel, inbox):
            self.held[name] = self.held.get(name, 0) + open_


class LoadRules(TypedDict):
    """What the rules say about the weight of a conversation."""

    weights: Mapping[str, float]
    stale_after: int
    weightless: Sequence[str]


def load_rules(rules: Rules) -> LoadRules:
    return {
        "weights": rules.weights,
        "stale_after": rules.stale_after,
        "weightless": rules.weightless_labels,
    }


def loads_of(
    agent_ids: Collection[int],
    *,
    at: datetime,
    weights: Mapping[str, float] | None = None,
    stale_after: int = 0,
    weightless: Sequence[str] = (),
) -> dict[int, Load]:
    """{agent id: load}; everybody asked for is in it. A customer silent for `stale_after` seconds
    whom nobody owes an answer is not awake; 0: everybody always is. Nor is what has a label that
    weighs nothing."""
    loads = {agent_id: Load() for agent_id in agent_ids}
    silent_since = at - timedelta(seconds=stale_after) if stale_after else _NEVER
    asked = {"agents": numbers(agent_ids), "silent_since": silent_since}
    counted = rows(_STATEMENT, asked | {"weightless": list(weightless)})
    for agent_id, channel, key, opened, awake in counted:
        weight = (weights or {}).get(channel, 1.0)
        loads[agent_id].add(channel, inbox_named(key), open_=opened, awake=awake, weight=weight)
    return loads
