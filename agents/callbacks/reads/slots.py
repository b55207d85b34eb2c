"""Where there is room for calls: who will be there, how long a call takes, what is promised already."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from statistics import median

from django.db.models import Count, Max, Q

from agents.callbacks.models import Call, CallRules, Seat
from agents.callbacks.rules.planning import Plan
from agents.callbacks.rules.slots import Slot, capacity, coming, slot_start, with_room
from agents.models import Agent, PresenceChange, Queue
from agents.reads.policies import PolicyBook, hours_of
from conversations.hours import Hours

BACK = timedelta(days=28)
ENOUGH_DAYS = 14  # of presence, before it says who will be there
ENOUGH_CALLS = 30
FRESH = timedelta(minutes=10)
MOST = 60  # slots that anybody is shown

_Week = dict[tuple[int, int], float]
_known: dict[int, tuple[datetime, Staffing]] = {}


class Staffing:
    """Who is there for the calls of a queue. `week`: agents on average by (weekday, hour of UTC), from their own
    days; None while there are too few of those: then all who serve here count while it is open."""

    def __init__(
        self, *, hours: Hours | None, members: int, week: _Week | None, minutes_each: float
    ) -> None:
        self.hours, self.members, self.week = hours, members, week
        self.minutes_each = minutes_each

    def agents(self, begins: datetime, ends: datetime) -> float:
        last = ends - timedelta(seconds=1)
        if self.hours and not (self.hours.is_open(begins) and self.hours.is_open(last)):
            return 0.0
        if self.week is None:
            return float(self.members)
        utc = begins.astimezone(UTC)
        return self.week.get((utc.weekday(), utc.hour), 0.0)

    def capacity(self, house: CallRules, begins: datetime, ends: datetime) -> int:
        return capacity(
            self.agents(begins, ends),
            length=ends - begins,
            minutes_each=self.minutes_each,
            share=house.calls_share,
        )


def staffing_of(queue: Queue, house: CallRules, *, at: datetime) -> Staffing:
    """Read anew every ten minutes."""
    kept = _known.get(queue.pk)
    if kept and abs(at - kept[0]) < FRESH:
        return kept[1]
    rules = PolicyBook.load().for_queue(queue)
    serving = Agent.objects.filter(Q(queues=queue) | Q(teams__queue=queue), is_active=True)
    members = sorted(set(serving.values_list("pk", flat=True)))
    found = Staffing(
        hours=hours_of(rules.hours) if rules.hours else None,
        members=len(members),
        week=_usual_week(members, at=at),
        minutes_each=minutes_each(at=at) or float(house.call_minutes),
    )
    _known[queue.pk] = (at, found)
    return found


def forget() -> None:
    _known.clear()


def _usual_week(members: list[int], *, at: datetime) -> _Week | None:
    changes = PresenceChange.objects.filter(agent__in=members, since__lt=at).filter(
        Q(until=None) | Q(until__gt=at - BACK)
    )
    first = changes.order_by("since").values_list("since", flat=True).first()
    begins = max(first, at - BACK) if first else at
    weeks = (at - begins) / timedelta(days=7)
    if weeks * 7 < ENOUGH_DAYS:
        return None
    online: dict[tuple[int, int], float] = defaultdict(float)
    hour = timedelta(hours=1)
    for since, until in changes.filter(status="online").values_list("since", "until"):
        now, ends = max(since, begins), min(until or at, at)
        while now < ends:
            step = min(ends, slot_start(now, hour) + hour)
            online[now.astimezone(UTC).weekday(), now.astimezone(UTC).hour] += (step - now) / hour
            now = step
    return {when: there / weeks for when, there in online.items()}


def minutes_each(*, at: datetime) -> float | None:
    """The median of calls that were finished, from dialling on; None while there are too few."""
    done = (
        Call.objects.filter(state=Call.State.DONE, ended_at__gt=at - 2 * BACK)
        .annotate(dialled_at=Max("tries__at"))
        .exclude(dialled_at=None)
        .order_by("-ended_at")
        .values_list("dialled_at", "ended_at")[:500]
    )
    took = [(ended - began).total_seconds() / 60.0 for began, ended in done]
    return max(1.0, median(took)) if len(took) >= ENOUGH_CALLS else None


def taken(queue: Queue, *, since: datetime) -> dict[datetime, int]:
    rows = Seat.objects.filter(queue=queue, starts_at__gte=since).order_by()
    return dict(rows.values_list("starts_at").annotate(Count("pk")))


def free_slots(
    queue: Queue,
    house: CallRules,
    plan: Plan,
    *,
    zone: str,
    at: datetime,
    most: int = MOST,
    any_hour: bool = False,
) -> list[Slot]:
    """The next slots with room, in which it is day where the customer is; `any_hour`: all of them."""
    staff = staffing_of(queue, house, at=at)
    length = timedelta(minutes=house.slot_minutes)
    slots = coming(
        at=at, length=length, days=house.days_ahead, plan=plan, zone="" if any_hour else zone
    )
    room = with_room(slots, taken(queue, since=at), partial(staff.capacity, house))
    return list(islice(room, most))
