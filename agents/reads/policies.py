"""The policy rows as they stand, resolved for a place: one read for a whole pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from agents.models import Queue, Schedule
from agents.models.policy import place_of
from agents.rules.registry import SCOPES, Rules, read_value
from agents.rules.values import BadRule
from conversations.hours import Hours, hours_of_rows
from conversations.prepared import rows


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule is asked for; what does not apply is None."""

    queue: int | None = None
    team: int | None = None
    inbox: int | None = None
    channel: str | None = None
    agent: int | None = None


_POLICIES = """
SELECT rule, value::text, agent_id, queue_id, team_id, inbox_id, channel FROM agents_policy
"""


@lru_cache(maxsize=1_000)
def _value(rule: str, text: str | None) -> Any:
    """What a stored value says: the same words always say the same. Raises BadRule."""
    return read_value(rule, orjson.loads(text) if text else None)


class PolicyBook:
    """All policies at one moment. Resolving a place twice costs nothing."""

    def __init__(self, held: Mapping[tuple[str, Any], Mapping[str, Any]]) -> None:
        self._rows = held
        self._known: dict[tuple[tuple[str, Any], ...], Rules] = {}

    @classmethod
    def load(cls) -> PolicyBook:
        """Reads every policy. A row whose value no longer reads is as if it were not there."""
        held: dict[tuple[str, Any], dict[str, Any]] = {}
        for rule, text, agent, queue, team, inbox, channel in rows(_POLICIES, {}):
            try:
                value = _value(rule, text)
            except BadRule:
                continue
            held.setdefault(place_of(agent, queue, team, inbox, channel), {})[rule] = value
        return cls(held)

    def rules(self, place: Place) -> Rules:
        """Places without rows of their own share one answer, however many they are."""
        keys = tuple(
            (scope, key)
            for scope in reversed(SCOPES)  # the nearest is written last
            for key in (getattr(place, scope, None),)
            if (scope, key) in self._rows
        )
        if keys not in self._known:
            chosen: dict[str, Any] = {}
            for one in keys:
                chosen |= self._rows[one]
            self._known[keys] = Rules(**chosen)
        return self._known[keys]

    def for_queue(
        self, queue: Queue | None, *, inbox_id: int | None = None, channel: str = ""
    ) -> Rules:
        return self.rules(
            Place(
                queue=queue.pk if queue else None,
                team=queue.team_id if queue else None,
                inbox=inbox_id,
                channel=channel or None,
            )
        )

    def has_own(self, agent_id: int) -> bool:
        """Whether anything holds for this person that does not hold for all who serve a queue."""
        return ("agent", agent_id) in self._rows

    def for_agent(self, agent_id: int, *, queue: Queue | None = None) -> Rules:
        """What holds for a person, in a queue if one is named."""
        return self.rules(
            Place(
                agent=agent_id,
                queue=queue.pk if queue else None,
                team=queue.team_id if queue else None,
            )
        )


def hours_of(schedule: UUID) -> Hours | None:
    """The opening hours that a rule names; None when there are none by that id."""
    row = (
        Schedule.objects.prefetch_related("opening_hours", "holidays").filter(uuid=schedule).first()
    )
    return None if row is None else hours_in(row)


def hours_in(row: Schedule) -> Hours:
    """A schedule's hours; two statements, or none where they were fetched along with it."""
    return hours_of_rows(
        row.time_zone,
        ((one.weekday, one.opens, one.closes) for one in row.opening_hours.all()),
        ((one.day, one.opens, one.closes) for one in row.holidays.all()),
    )
