"""How long people wait before they give up: a hazard for each stretch of the wait. Pure.

Who is answered is not known to have been patient for longer than that (censored), so what is counted is how many
gave up in each stretch of all who were still waiting in it. Between the stretches the hazard stays the same
(piecewise exponential); a stretch with few is drawn to the whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

EDGES = (0.0, 15.0, 30.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0, 1200.0, 3600.0)
TO_ALL = 20.0  # of those who gave up so many, drawn from the whole, are added to each stretch
ENOUGH = 30  # people who gave up, before anything is said


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds, and whether they ended it themselves."""

    seconds: float
    gave_up: bool


@dataclass(frozen=True, slots=True)
class Patience:
    """`hazards`: who gives up each second, of those who still wait, by the stretches of `EDGES`."""

    hazards: tuple[float, ...]
    gave_up: int
    waits: int

    def stays(self, seconds: float) -> float:
        """The chance that somebody would wait this long."""
        return math.exp(-self._risk(seconds))

    def leaves_within(self, further: float, *, waited: float) -> float:
        """The chance that who has waited so long gives up within `further` seconds, if not answered."""
        return 1.0 - math.exp(self._risk(waited) - self._risk(waited + max(0.0, further)))

    def _risk(self, seconds: float) -> float:
        risk = 0.0
        for place, hazard in enumerate(self.hazards):
            begins = EDGES[place]
            ends = EDGES[place + 1] if place + 1 < len(EDGES) else math.inf
            if seconds <= begins:
                break
            risk += hazard * (min(seconds, ends) - begins)
        return risk


def fit_patience(waits: Iterable[Wait]) -> Patience | None:
    """None while too few gave up to say anything."""
    left = [0.0] * len(EDGES)
    stood = [0.0] * len(EDGES)
    count = 0
    for wait in waits:
        count += 1
        seconds = max(0.0, wait.seconds)
        for place, begins in enumerate(EDGES):
            ends = EDGES[place + 1] if place + 1 < len(EDGES) else math.inf
            stood[place] += max(0.0, min(seconds, ends) - begins)
            if wait.gave_up and begins <= seconds < ends:
                left[place] += 1
    gave_up = sum(left)
    if gave_up < ENOUGH or not sum(stood):
        return None
    whole = gave_up / sum(stood)
    hazards = tuple(
        (n + TO_ALL) / (time + TO_ALL / whole) for n, time in zip(left, stood, strict=True)
    )
    return Patience(hazards, int(gave_up), count)


def is_worth_offering(
    patience: Patience | None, *, waited: float, expected: float, long_wait: float, share: float
) -> bool:
    """Whether a call is the better offer: the wait that is left is long, or more than `share` of people like
    this one would give up before its end."""
    if expected >= long_wait:
        return True
    if patience is None:
        return False
    return patience.leaves_within(expected, waited=waited) >= share
