"""What a customer who waits was told, and when they are told something else. Pure.

A promise may become better without a word. It never becomes worse without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from agents.rules.estimates import Estimate

_BETTER = 0.75  # of what is left: less is not worth a change
_BETTER_SECONDS = 20.0
_WORSE = 1.25
_WORSE_SECONDS = 60.0
_BETWEEN_WORDS = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Promise:
    """From `at` on it takes `low` to `high` seconds; None: they know that nobody can say.

    `told_at` is when they were last told that it takes longer."""

    low: float | None
    high: float | None
    at: datetime
    told_at: datetime | None = None

    def left(self, at: datetime) -> tuple[float, float] | None:
        """The seconds that remain; below nothing once it is broken."""
        if self.low is None or self.high is None:
            return None
        passed = (at - self.at).total_seconds()
        return self.low - passed, self.high - passed

    def row(self) -> dict[str, Any]:
        return {
            "low": self.low,
            "high": self.high,
            "at": self.at.isoformat(),
            "told_at": self.told_at.isoformat() if self.told_at else None,
        }

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        told_at = row.get("told_at")
        return cls(
            row["low"],
            row["high"],
            datetime.fromisoformat(row["at"]),
            datetime.fromisoformat(told_at) if told_at else None,
        )


How = Literal["first", "better", "worse", "unknown"]


def change(
    told: Promise | None, now: Estimate | None, *, at: datetime
) -> tuple[How, Promise] | None:
    """What they are told from now on, and how; None: what they know still holds."""
    if told is None:
        return ("first", _promise(now, at)) if now else None
    left = told.left(at)
    silent = told.told_at is not None and at - told.told_at < _BETWEEN_WORDS
    if left is None:
        return ("worse", _promise(now, at, told_at=at)) if now and not silent else None
    low, high = left
    if now is None:
        broken = high < -_WORSE_SECONDS and not silent
        return ("unknown", Promise(None, None, at, told_at=at)) if broken else None
    if now.high < high * _BETTER and high - now.high >= _BETTER_SECONDS:
        least = max(0.0, min(now.low, low))
        return "better", Promise(round(least, 1), round(now.high, 1), at, told.told_at)
    # One in five takes longer than was said; they hear of it once it is the likelier end.
    clearly = now.high > max(0.0, high) * _WORSE and now.high - high > _WORSE_SECONDS
    worse = clearly and now.low >= high
    return ("worse", _promise(now, at, told_at=at)) if worse and not silent else None


def _promise(now: Estimate, at: datetime, *, told_at: datetime | None = None) -> Promise:
    return Promise(round(now.low, 1), round(now.high, 1), at, told_at)
