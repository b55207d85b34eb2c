"""From log odds that put rows in order to chances that come true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from agents.prediction.columns import Floats, Ints

FLATTEST = 0.25


@dataclass(frozen=True, slots=True)
class Calibration:
    """A line over the log odds (Platt 1999), bent at the top and bottom by what was seen there."""

    slope: float = 1.0
    shift: float = 0.0
    low: float = 0.0005
    high: float = 0.9995

    def chance(self, score: Floats) -> Floats:
        odds: Floats = self.slope * score + self.shift
        chance: Floats = np.clip(1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))), self.low, self.high)
        return chance


def calibrate(score: Floats, outcome: Ints, *, weights: Floats | None = None) -> Calibration:
    """From scores of rows that the model had not seen. Where they say next to nothing of what came, the chances
    stay near the rate and in their order."""
    fitted = LogisticRegression(C=1e4, max_iter=200).fit(
        score[:, None], outcome, sample_weight=weights
    )
    slope, shift = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    if slope < FLATTEST:
        slope = FLATTEST
        rate = min(max(float(np.average(outcome, weights=weights)), 1e-3), 1 - 1e-3)
        shift = float(np.log(rate / (1 - rate)) - slope * np.average(score, weights=weights))
    return Calibration(slope, shift)
