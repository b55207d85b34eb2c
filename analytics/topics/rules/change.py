"""Whether a topic's share has changed from one week to the next, and by how much. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, sqrt

Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """`some` of `all`, with Wilson's 95 % interval; None of nothing."""

    some: int
    all: int
    value: float | None
    between: tuple[float, float] | None


def share_of(some: int, whole: int) -> Share:
    if not whole:
        return Share(some, whole, None, None)
    p, z2 = some / whole, Z * Z
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    wide = Z * sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole)
    return Share(some, whole, p, (max(0.0, middle - wide), min(1.0, middle + wide)))


@dataclass(frozen=True, slots=True)
class Change:
    """In shares; `between` by Newcombe's method (1998, no. 10). `verdict`: new, growing, shrinking, or "" where
    chance may have done it."""

    by: float | None
    between: tuple[float, float] | None
    verdict: str


FEWEST = 5  # conversations now, before anything is called new or growing


def change(now: Share, before: Share, *, is_new: bool) -> Change:
    if now.value is None or before.value is None or not now.between or not before.between:
        verdict = "new" if is_new and now.some >= FEWEST else ""
        return Change(None, None, verdict)
    by = now.value - before.value
    low = by - hypot(now.value - now.between[0], before.between[1] - before.value)
    high = by + hypot(now.between[1] - now.value, before.value - before.between[0])
    verdict = ""
    if low > 0 and now.some >= FEWEST:
        verdict = "new" if is_new or not before.some else "growing"
    elif is_new and now.some >= FEWEST:
        verdict = "new"
    elif high < 0:
        verdict = "shrinking"
    return Change(by, (low, high), verdict)
