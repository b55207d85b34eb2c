"""Whether a topic's share has changed from one week to the next, and by how much. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.intervals import apart, wilson


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
    return Share(some, whole, some / whole, wilson(some, whole))


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
    by, low, high = apart(now.value, now.between, before.value, before.between)
    verdict = ""
    if low > 0 and now.some >= FEWEST:
        verdict = "new" if is_new or not before.some else "growing"
    elif is_new and now.some >= FEWEST:
        verdict = "new"
    elif high < 0:
        verdict = "shrinking"
    return Change(by, (low, high), verdict)
