"""How long somebody who waits will wait: said from what the queue has just been doing. Pure.

How often places are given away is counted for each slot (a conversation that an agent here can hold)
while somebody waits; from it follows a distribution for whoever has `ahead` others before them. What
the distribution says and what came true are compared for each state of the queue on its own, and
two lines are moved after every wait, so that half of the waits end below the one and four of five
below the other, whatever the distribution is worth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from agents.rules.estimates import MIDDLE, SAFE, Estimate

FREE, CALM, BUSY, JAM = STATES = ("free", "calm", "busy", "jam")
"""Somebody has room; less than half a turn of all slots to wait; up to a turn and a half; more."""
_TURNS = {FREE: 0.0, CALM: 0.5, BUSY: 1.5}
_URGENT = "+"  # after a state's name: whoever is moved ahead is compared with their like

_ENOUGH = 5  # departures seen before anything is said
_MEMORY = 0.97  # of the pace: about the last thirty departures
_LEAVERS_MEMORY = 0.99
_SLOWEST = 0.25  # of the pace is left to those who are passed by others
_SAME_TIME = 20.0  # who came so close together is taken in no order
_NEWEST = 60
_STEP = 0.1  # of the two lines: how far one wait moves them
_FURTHEST = 6.0  # deviations
_NORMAL_80 = 0.84


@dataclass(frozen=True, slots=True)
class Line:
    """How the queue stands for somebody: others before them who are nobody's yet, the slots of the
    agents who are here, how many of these are free, and for how long none was given away. `urgent`
    ones go before others who came earlier."""

    ahead: int
    slots: float
    free: float = 0.0
    stalled: float = 0.0
    urgent: bool = False


@dataclass(slots=True)
class Lines:
    """Where the two lines are, in deviations from the middle of the distribution."""

    low: float = 0.0
    high: float = _NORMAL_80
    seen: float = 0.0

    @property
    def step(self) -> float:
        return max(_STEP, 1.0 / (self.seen + 4.0))


@dataclass(slots=True)
class Pace:
    """What is known of one queue. `given` and `worked` fade: places given away, and the seconds of
    slots that it took; so do `left` and `waited`: who left, and the seconds that all waited; so do
    `passed` and `stood`: who came later and was taken before one who is not urgent, and the seconds
    that these waited. `newest` is when the last ones who were taken had come."""

    given: float = 0.0
    worked: float = 0.0
    left: float = 0.0
    waited: float = 0.0
    passed: float = 0.0
    stood: float = 0.0
    newest: list[float] = field(default_factory=list)
    quick: float = 0.0
    quick_spread: float = 0.5
    quick_seen: int = 0
    last: float | None = None
    lines: dict[str, Lines] = field(default_factory=dict)

    # --- saying ---

    def estimate(self, line: Line) -> Estimate | None:
        """None while too little was seen to say anything, or nobody is here."""
        return Ladder(self, line).at(line.ahead)

    def plain(self, line: Line) -> tuple[float, float, str] | None:
        """Middle, spread and state before the lines are drawn."""
        if line.slots <= 0:
            return None
        mark = _URGENT if line.urgent else ""
        behind = line.ahead + 1 - line.free
        if behind <= 0:
            if self.quick_seen < _ENOUGH:
                return None
            return math.expm1(self.quick), self.quick_spread, FREE + mark
        if self.given < _ENOUGH * 0.9:
            return None
        rate = line.slots * self.given / (self.worked + line.stalled * line.slots)
        if not line.urgent:
            rate = max(_SLOWEST * rate, rate - self.passed / max(self.stood, 60.0))
        leaving = self.left / max(self.waited, 1.0)
        middle = _sum_of_turns(behind, rate, leaving)
        spread = math.sqrt(0.8 / (behind + 1.0) + 1.0 / self.given + 0.02)
        return middle, spread, _state(behind, line.slots) + mark

    def range(self, middle: float, spread: float, state: str) -> tuple[float, float]:
        lines = self._lines(state)
        at = math.log1p(middle)
        low = max(0.0, math.expm1(at + spread * lines.low))
        return low, max(low, math.expm1(at + spread * lines.high))

    def _lines(self, state: str) -> Lines:
        """Of a state; before anybody like them was seen, where those of the most alike are."""
        for name in _alike(state):
            known = self.lines.get(name)
            if known is not None:
                return known if name == state else Lines(known.low, known.high)
        return Lines()

    # --- learning ---

    def departed(
        self,
        *,
        at: float,
        entered: float,
        slots: float,
        gave_up: bool,
        urgent: bool = False,
        said: Estimate | None = None,
        late: bool = False,
    ) -> None:
        """Somebody was taken or gave up, in the order of time. `late`: that they waited longer than
        was said is counted already."""
        waited = max(0.0, at - entered)
        self.left = self.left * _LEAVERS_MEMORY + gave_up
        self.waited = self.waited * _LEAVERS_MEMORY + waited
        if not urgent:
            later = sum(came > entered + _SAME_TIME for came in self.newest)
            self.passed = self.passed * _LEAVERS_MEMORY + later
            self.stood = self.stood * _LEAVERS_MEMORY + waited
        was_alone = self.last is None or entered > self.last
        if not gave_up:
            free = said.state.startswith(FREE) if said else waited < _SAME_TIME
            self._count(at, entered, slots, free=free)
            self.newest = [*self.newest, round(entered, 1)][-_NEWEST:]
        if said is None:
            # Nobody could be told anything yet. Who came when nobody waited is most like those who
            # find somebody free.
            if was_alone and not gave_up and self.quick_seen < _ENOUGH:
                self._learn_quick(waited)
            return
        if said.state.startswith(FREE) and not gave_up:
            self._learn_quick(waited)
        self._compare(said, waited, gave_up=gave_up, late=late)

    def overdue(self, said: Estimate) -> None:
        """Somebody still waits after what was said: no need to wait for the end to learn from it."""
        lines = self.lines.setdefault(said.state, self._lines(said.state))
        lines.high = min(_FURTHEST, lines.high + lines.step * SAFE)

    def _count(self, at: float, entered: float, slots: float, *, free: bool) -> None:
        """The time since the last place was given away, if somebody waited for it all along. Whom
        somebody free took at once says nothing of how long it takes to become free."""
        before, self.last = self.last, at if self.last is None else max(self.last, at)
        if before is None or free or entered > before or slots <= 0:
            return
        self.given = self.given * _MEMORY + 1.0
        self.worked = self.worked * _MEMORY + max(0.0, at - before) * slots

    def _learn_quick(self, waited: float) -> None:
        value = math.log1p(waited)
        weight = max(0.05, 1.0 / (self.quick_seen + 1))
        off = abs(value - self.quick) if self.quick_seen else self.quick_spread
        self.quick += weight * (value - self.quick)
        self.quick_spread = max(0.1, self.quick_spread + weight * (1.25 * off - self.quick_spread))
        self.quick_seen += 1

    def _compare(self, said: Estimate, waited: float, *, gave_up: bool, late: bool) -> None:
        lines = self.lines.setdefault(said.state, self._lines(said.state))
        step = lines.step
        lines.low += step * (MIDDLE - said.share_below(waited, MIDDLE, gave_up=gave_up))
        if not late:
            below = said.share_below(waited, SAFE, gave_up=gave_up)
            lines.high += step * (SAFE - below)
        lines.low = min(_FURTHEST, max(-_FURTHEST, lines.low))
        lines.high = min(_FURTHEST, max(-_FURTHEST, lines.high))
        lines.seen = min(1_000.0, lines.seen + 1.0)

    # --- keeping ---

    def row(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "given": self.given,
            "worked": self.worked,
            "left": self.left,
            "waited": self.waited,
            "passed": self.passed,
            "stood": self.stood,
            "newest": self.newest,
            "quick": [self.quick, self.quick_spread, self.quick_seen],
            "last": self.last,
            "lines": {name: [one.low, one.high, one.seen] for name, one in self.lines.items()},
        }

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """As it was kept; an empty row knows nothing."""
        if not row:
            return cls()
        quick, spread, seen = row["quick"]
        return cls(
            given=row["given"],
            worked=row["worked"],
            left=row["left"],
            waited=row["waited"],
            passed=row["passed"],
            stood=row["stood"],
            newest=list(row["newest"]),
            quick=quick,
            quick_spread=spread,
            quick_seen=seen,
            last=row["last"],
            lines={name: Lines(*one) for name, one in row["lines"].items()},
        )


class Ladder:
    """What everybody in one line is told, from the same moment's view of it.

    Somebody further back never hears of a shorter wait, wherever the lines of their state are.
    """

    def __init__(self, pace: Pace, line: Line) -> None:
        self._pace = pace
        self._line = line
        self._floors: dict[str, tuple[float, float]] = {FREE: (0.0, 0.0)}

    def at(self, ahead: int) -> Estimate | None:
        plain = self._pace.plain(replace(self._line, ahead=ahead))
        if plain is None:
            return None
        low, high = self._pace.range(*plain)
        least_low, least_high = self._floor(plain[2].removesuffix(_URGENT))
        return Estimate(max(low, least_low), max(high, least_high), *plain)

    def _floor(self, state: str) -> tuple[float, float]:
        """The most that is said at the last place of the states before this one."""
        if state not in self._floors:
            before = STATES[STATES.index(state) - 1]
            low, high = self._floor(before)
            place = math.floor(self._line.free + _TURNS[before] * self._line.slots) - 1
            plain = self._pace.plain(replace(self._line, ahead=place)) if place >= 0 else None
            if plain is not None:
                nearer = self._pace.range(*plain)
                low, high = max(low, nearer[0]), max(high, nearer[1])
            self._floors[state] = low, high
        return self._floors[state]


def _alike(state: str) -> tuple[str, ...]:
    """A state and those to learn from until it was seen: nearest first."""
    plain = state.removesuffix(_URGENT)
    nearest = {CALM: (BUSY, JAM), BUSY: (CALM, JAM), JAM: (BUSY, CALM)}
    return (state, plain, *nearest.get(plain, ()))


def _state(behind: float, slots: float) -> str:
    turns = behind / slots
    return CALM if turns <= _TURNS[CALM] else BUSY if turns <= _TURNS[BUSY] else JAM


def _sum_of_turns(behind: float, rate: float, leaving: float) -> float:
    """How long until `behind` places are given away, each one ahead leaving now and then."""
    if leaving * behind < rate * 1e-3:
        return behind / rate
    return math.log1p(leaving * behind / rate) / leaving
