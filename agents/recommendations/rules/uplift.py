"""What recommending is worth: those who were shown something beside those who were drawn to be shown nothing. Pure.

The difference of shares with Newcombe's interval, and the same evened out by what was known before (doubly robust:
augmented inverse-propensity weighting with a linear model in each arm; Lin 2013). Chance decided who was in which
arm, so the propensity is known and the estimate is right even where the linear model is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from conversations.intervals import Z, apart, wilson

LEAST = 30  # in each arm, below which nothing is said


@dataclass(frozen=True, slots=True)
class Tried:
    """One conversation: whether something was shown, by which chance, whether it was bought, and what was known before."""

    shown: bool
    chance: float
    took: bool
    before: Sequence[float]


@dataclass(frozen=True, slots=True)
class Uplift:
    """Shares are 0 to 1; `plain` and `adjusted` are differences with their 95 % intervals."""

    shown: int
    control: int
    share_shown: float | None
    share_control: float | None
    plain: tuple[float, float, float] | None
    adjusted: tuple[float, float, float] | None

    @property
    def verdict(self) -> str:
        """too_few, none (no measurable effect), more or fewer."""
        if self.adjusted is None:
            return "too_few"
        _, low, high = self.adjusted
        if low <= 0 <= high:
            return "none"
        return "more" if low > 0 else "fewer"


def uplift(rows: Sequence[Tried]) -> Uplift:
    shown = [row for row in rows if row.shown]
    control = [row for row in rows if not row.shown]
    one, other = _share(shown), _share(control)
    if min(len(shown), len(control)) < LEAST or one is None or other is None:
        return Uplift(len(shown), len(control), one, other, None, None)
    return Uplift(len(shown), len(control), one, other, _newcombe(shown, control), _robust(rows))


def _share(rows: Sequence[Tried]) -> float | None:
    return sum(row.took for row in rows) / len(rows) if rows else None


def _newcombe(shown: Sequence[Tried], control: Sequence[Tried]) -> tuple[float, float, float]:
    (p, within), (q, other) = (
        (sum(row.took for row in arm) / len(arm), wilson(sum(row.took for row in arm), len(arm)))
        for arm in (shown, control)
    )
    return apart(p, within or (0.0, 1.0), q, other or (0.0, 1.0))


def _robust(rows: Sequence[Tried]) -> tuple[float, float, float]:
    x = np.array([[1.0, *row.before] for row in rows])
    y = np.array([float(row.took) for row in rows])
    treated = np.array([row.shown for row in rows])
    chance = np.array([row.chance for row in rows])
    spread = x.std(axis=0)
    x[:, 1:] = (x[:, 1:] - x[:, 1:].mean(axis=0)) / np.where(spread[1:] > 0, spread[1:], 1)

    def expected(arm: NDArray[np.bool_]) -> NDArray[np.float64]:
        ridge = 1e-3 * np.eye(x.shape[1])
        return np.asarray(x @ np.linalg.solve(x[arm].T @ x[arm] + ridge, x[arm].T @ y[arm]))

    with_it, without = expected(treated), expected(~treated)
    each = with_it - without
    each = each + treated * (y - with_it) / chance - (~treated) * (y - without) / (1 - chance)
    middle, error = float(each.mean()), float(each.std(ddof=1)) / sqrt(len(each))
    return middle, middle - Z * error, middle + Z * error
