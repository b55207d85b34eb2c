"""A bank's telephone log of February 1999, replayed: every caller who had to wait is told a wait from
what the queue had done before, and it is compared with how long they really waited.

Nobody left in the log says when a caller who hung up would have been served. The first caller of
the same kind who came later and was served tells at the latest when it would have been.
"""

import bisect
import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from agents.rules.estimates import Estimate
from agents.rules.waits import Line, Pace
from benchmarks.waiting.baselines import LastTen, Rocket
from benchmarks.waiting.figures import Wait

FILE = "callcentre/anonymous_bank_feb1999.csv.gz"
# Design and constants were settled looking at the days before this one only.
REPORTED_FROM = datetime(1999, 2, 11)  # noqa: DTZ001 -- a log without a zone
_BONUS = 90.0  # seconds that a caller with priority is moved ahead
_HERE = 300.0  # an agent who served within these seconds is here


@dataclass(slots=True)
class Call:
    kind: str
    entered: float
    left: float
    served_from: float | None
    served_until: float
    agent: str
    preferred: bool
    said: dict[str, tuple[float, float]] = field(default_factory=dict)
    estimate: Estimate | None = None
    overdue: bool = False
    true: float | None = None

    @property
    def rank(self) -> float:
        return self.entered - _BONUS * self.preferred

    @property
    def queued(self) -> bool:
        return self.left > self.entered


def calls_of(rows: Sequence[dict[str, Any]]) -> list[Call]:
    """Calls with sound times, in the order in which they came; technical ones (PHANTOM) are left out."""
    calls = [call for row in rows if (call := _call(row))]
    return sorted(calls, key=lambda call: call.entered)


def _call(row: dict[str, Any]) -> Call | None:
    if row["outcome"] == "PHANTOM":
        return None
    waited, served = int(row["q_time"]), int(row["ser_time"])
    taken = row["outcome"] == "AGENT"
    if waited < 0 or served < 0 or (not taken and waited == 0):
        return None
    begin = _moment(row["date"], row["q_start"] if waited else row["ser_start"])
    return Call(
        kind=row["type"],
        entered=begin,
        left=begin + waited,
        served_from=begin + waited if taken else None,
        served_until=begin + waited + served,
        agent=row["agent"],
        preferred=row["priority"] == "2",
    )


def _moment(day: str, clock: str) -> float:
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    midnight = datetime.strptime(day, "%Y-%m-%d")  # noqa: DTZ007 -- a log without a zone
    return (midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds)).timestamp()


class Staff:
    """Who serves at the moment, as far as the log has shown by then."""

    def __init__(self) -> None:
        self.until: dict[str, float] = {}

    def serves(self, agent: str, until: float) -> None:
        self.until[agent] = max(until, self.until.get(agent, until))

    def here(self, at: float) -> int:
        """Agents in a call, or out of one for less than a few minutes."""
        return sum(1 for until in self.until.values() if until > at - _HERE)


class Replay:
    """One line of waiting callers and the agents who serve it."""

    def __init__(self) -> None:
        self.pace = Pace()
        self.staff = Staff()
        self.rocket, self.last_ten = Rocket(), LastTen()
        self.waiting: list[Call] = []
        self.finished: list[tuple[float, float]] = []
        self.told: list[Call] = []

    def run(self, calls: Sequence[Call]) -> None:
        moments = sorted(
            [(call.left, 0, n) for n, call in enumerate(calls)]
            + [(call.entered, 1, n) for n, call in enumerate(calls) if call.queued]
        )
        for at, what, n in moments:
            self._catch_up(at)
            (self._enters if what else self._leaves)(calls[n], at)

    def _catch_up(self, at: float) -> None:
        while self.finished and self.finished[0][0] <= at:
            self.rocket.served(heapq.heappop(self.finished)[1])
        for call in self.waiting:
            if call.estimate and not call.overdue and at > call.entered + call.estimate.high:
                call.overdue = True
                self.pace.overdue(call.estimate)

    def _enters(self, call: Call, at: float) -> None:
        ahead = sum(other.rank <= call.rank for other in self.waiting)
        since = min((other.entered for other in self.waiting), default=at)
        stalled = at - max(since, self.pace.last or since)
        call.estimate = self.pace.estimate(
            Line(
                ahead,
                slots=self.staff.here(at),
                stalled=max(0.0, stalled),
                urgent=call.preferred,
            )
        )
        rocket, last_ten = self.rocket.says(ahead + 1), self.last_ten.says()
        if call.estimate and rocket is not None and last_ten is not None:
            call.said = {
                "ours": (call.estimate.low, call.estimate.high),
                "rocket": (rocket, rocket),
                "last ten": (last_ten, last_ten),
            }
            self.told.append(call)
        self.waiting.append(call)

    def _leaves(self, call: Call, at: float) -> None:
        if call.queued:
            self.waiting.remove(call)
            slots = self.staff.here(at)
            self.pace.departed(
                at=at,
                entered=call.entered,
                slots=slots,
                gave_up=call.served_from is None,
                urgent=call.preferred,
                said=call.estimate,
                late=call.overdue,
            )
        if call.served_from is not None:
            self.staff.serves(call.agent or f"unnamed {call.entered}", call.served_until)
            heapq.heappush(self.finished, (call.served_until, call.served_until - call.served_from))
            if call.queued:
                self.last_ten.taken(at - call.entered)


def ghosts(calls: Sequence[Call]) -> None:
    """Fills in `true`: for who hung up, when the next one like them was served."""
    for call in calls:
        if call.served_from is not None:
            call.true = call.left - call.entered
    entries = [call.entered for call in calls]
    for n, call in enumerate(calls):
        if call.served_from is not None:
            continue
        first = bisect.bisect_right(entries, call.entered, lo=n)
        later = (
            other.served_from
            for other in calls[first : first + 60]
            if other.served_from is not None
            and other.preferred == call.preferred
            and other.entered < call.entered + 3600
        )
        served = min(later, default=None)
        if served is not None:
            call.true = max(served, call.left) - call.entered


def replay(rows: Sequence[dict[str, Any]]) -> list[Wait]:
    """Everybody who waited, with what was said when they began to."""
    calls = calls_of(rows)
    ghosts(calls)
    line = Replay()
    line.run(calls)
    return [_wait(call) for call in line.told]


def _wait(call: Call) -> Wait:
    assert call.estimate is not None
    when = datetime.fromtimestamp(call.entered)  # noqa: DTZ006 -- a log without a zone
    return Wait(
        scenario={"NE": "stock", "IN": "internet"}.get(call.kind, "regular"),
        entered=call.entered,
        hour=f"{when:%H}",
        state=call.estimate.state,
        gave_up=call.served_from is None,
        true=call.true,
        said=call.said,
        group={"priority": "preferred" if call.preferred else "others", "day": f"{when:%d}"},
    )
