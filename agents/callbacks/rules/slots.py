"""The stretches of time in which calls can be promised, and how many fit into each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from agents.callbacks.rules.planning import Plan

_SOMEBODY = 0.5  # agents on average: more often than not one is there
LEAD = timedelta(minutes=5)  # a call for a moment ago can't be kept


@dataclass(frozen=True, slots=True)
class Slot:
    """`free` of `capacity` calls can still be promised."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    free: int


def slot_start(at: datetime, length: timedelta) -> datetime:
    """The beginning of the slot that holds this moment; slots lie side by side from the full hour on."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + ((at - day) // length) * length


def capacity(agents: float, *, length: timedelta, minutes_each: float, share: float) -> int:
    """Calls that so many agents can make in this time beside their other work; whoever is there makes one."""
    if agents <= 0 or minutes_each <= 0:
        return 0
    room = agents * share * (length.total_seconds() / 60.0) / minutes_each
    return max(int(room), 1 if agents >= _SOMEBODY else 0)


def coming(
    *, at: datetime, length: timedelta, days: int, plan: Plan, zone: str
) -> Iterator[tuple[datetime, datetime]]:
    """Slots from now on in which the customer is disturbed at no moment; without a `zone` all of them."""
    begins = slot_start(at + LEAD, length)
    if begins < at + LEAD:
        begins += length
    until = at + timedelta(days=days)
    while begins < until:
        ends = begins + length
        last = ends - timedelta(minutes=1)
        if not zone or (plan.allowed(begins, zone) == begins and plan.allowed(last, zone) == last):
            yield begins, ends
        begins = ends


def with_room(
    slots: Iterator[tuple[datetime, datetime]],
    taken: Mapping[datetime, int],
    capacity_at: Callable[[datetime, datetime], int],
) -> Iterator[Slot]:
    """Those in which a call can still be promised."""
    for begins, ends in slots:
        room = capacity_at(begins, ends)
        free = room - taken.get(begins, 0)
        if free > 0:
            yield Slot(begins, ends, room, free)


def first_place(taken: Collection[int], room: int) -> int | None:
    """The lowest place that nobody has; None: there is none."""
    return next((place for place in range(room) if place not in taken), None)
