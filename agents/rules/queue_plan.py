"""What a queue does for who waits in it, and when next. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents.rules.registry import Rules, promised_seconds
from conversations.hours import Hours

_WARNED_AFTER = 0.75  # of the promised time
_STRICT = timedelta(days=3650)  # one level of priority weighs more than any wait


@dataclass(frozen=True, slots=True)
class Promised:
    """Since when and by when a person's first answer is promised, and when somebody is told next."""

    since: datetime
    by: datetime
    alert: datetime | None


def promised(
    rules: Rules, *, since: datetime, priority: int, hours: Hours | None, at: datetime
) -> Promised | None:
    """What is promised from `since` on, counted in opening hours; None: nothing can be.

    `alert` is the next of its two moments after `at`, or `at` itself if all are past.
    """
    seconds = promised_seconds(rules, priority)
    by = _open_time(hours, since, seconds)
    soon = _open_time(hours, since, seconds * _WARNED_AFTER)
    if by is None or soon is None:
        return None
    moments = {"both": (soon, by), "late": (by,), "never": ()}[rules.sla_alerts]
    return Promised(since, by, next((m for m in moments if m > at), at) if moments else None)


def _open_time(hours: Hours | None, since: datetime, seconds: float) -> datetime | None:
    return hours.later(since, seconds) if hours else since + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in a queue: since when they wait, since when in this queue, what they were told."""

    queued_at: datetime
    entered_at: datetime
    priority: int = 0
    steps_said: int = 0
    max_wait_done: bool = False


def rank(rules: Rules, *, place_from: datetime, priority: int) -> datetime:
    """Who comes first: the earliest. Urgency is worth minutes of waiting, so nobody starves.

    Since everybody ages alike, the order never changes while they wait and an index can hold it.
    """
    match rules.order:
        case "strict":
            return place_from - priority * _STRICT
        case "sla":
            return place_from + timedelta(seconds=promised_seconds(rules, priority))
        case _:
            return place_from - priority * timedelta(minutes=rules.priority_minutes)


def next_due(rules: Rules, waiting: Waiting, *, after: datetime) -> datetime | None:
    """When this queue has to look again at somebody who waits; None: never by itself."""
    return min((at for at in _moments(rules, waiting) if at > after), default=None)


def overdue(rules: Rules, waiting: Waiting, *, at: datetime) -> bool:
    """Whether these rules, perhaps new ones, owe somebody who waits something already."""
    since = waiting.queued_at
    moments = [
        since + timedelta(seconds=s.after) for s in rules.waiting_messages[waiting.steps_said :]
    ]
    if rules.max_wait and not waiting.max_wait_done:
        moments.append(since + timedelta(seconds=rules.max_wait.after))
    if rules.overflow:
        moments.append(waiting.entered_at + timedelta(seconds=rules.overflow.after))
    return min(moments, default=at + timedelta(seconds=1)) <= at


def _moments(rules: Rules, waiting: Waiting) -> Iterator[datetime]:
    since = waiting.queued_at
    for step in rules.waiting_messages[waiting.steps_said :]:
        yield since + timedelta(seconds=step.after)
    if rules.max_wait and not waiting.max_wait_done:
        yield since + timedelta(seconds=rules.max_wait.after)
    if rules.overflow:
        yield waiting.entered_at + timedelta(seconds=rules.overflow.after)
    if rules.sticky and rules.sticky.wait_seconds:
        yield since + timedelta(seconds=rules.sticky.wait_seconds)
    if rules.language.required and rules.language.relax_after:
        yield since + timedelta(seconds=rules.language.relax_after)
    passed = 0
    for skill_step in rules.skills:
        if skill_step.seconds is None:
            break
        passed += skill_step.seconds
        yield since + timedelta(seconds=passed)
