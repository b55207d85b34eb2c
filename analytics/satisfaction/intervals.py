"""How far a chance can be trusted, and what all customers would have said: pure.

Vovk, Petej 2014, "Venn-Abers predictors": whatever made the scores, one of two calibrated chances is right.
Robins, Rotnitzky, Zhao 1994: who answers is not like who does not; weighing each answer by how rare it is, and
putting the forecast where there is none, gives the mean of all if either of the two is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from conversations.intervals import Z, wilson

Floats = NDArray[np.float64]
RAREST = 0.05  # nobody's answer counts for more than twenty


@dataclass(frozen=True, slots=True)
class Chance:
    low: float
    chance: float
    high: float


def chances(held_out: Sequence[tuple[float, int]], scores: Floats) -> list[Chance]:
    """For each score the two calibrated chances as `low` and `high`, and the one between them that loses
    least. `held_out` are (score, outcome) that the scores' model has not seen; one of each outcome at least."""
    from sklearn.isotonic import IsotonicRegression  # loaded when first needed

    known = np.array([score for score, _ in held_out], dtype=float)
    came = np.array([outcome for _, outcome in held_out], dtype=float)
    found: dict[float, Chance] = {}
    for score in np.unique(scores):
        ends = []
        for outcome in (0.0, 1.0):
            fitted = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(
                np.append(known, score), np.append(came, outcome)
            )
            ends.append(float(fitted.predict([score])[0]))
        low, high = min(ends), max(ends)
        middle = high / (1 - low + high)
        found[float(score)] = Chance(low, min(max(middle, low), high), high)
    return [found[float(score)] for score in scores]


@dataclass(frozen=True, slots=True)
class Seen:
    """One conversation: the forecast, how likely an answer was, and the answer (None: there was none)."""

    chance: float
    answers: float
    satisfied: bool | None


@dataclass(frozen=True, slots=True)
class Share:
    """A share of satisfied customers between `low` and `high`, from `count` conversations."""

    count: int
    value: float | None
    low: float | None
    high: float | None

    def is_apart_from(self, other: "Share") -> bool:
        """Their intervals have nothing in common: only then may one be called better."""
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return False
        return self.low > other.high or self.high < other.low


def said(seen: Sequence[Seen]) -> Share:
    """Of those who answered (Wilson's interval, which few answers make wide)."""
    answers = [one.satisfied for one in seen if one.satisfied is not None]
    n = len(answers)
    if not n:
        return Share(0, None, None, None)
    low, high = wilson(sum(answers), n) or (0.0, 1.0)
    return Share(n, sum(answers) / n, low, high)


def expected(seen: Sequence[Seen]) -> float | None:
    """The mean forecast of all, whether they answered or not."""
    return sum(one.chance for one in seen) / len(seen) if seen else None


def corrected(seen: Sequence[Seen]) -> Share:
    """What all would have said: the forecast of each, moved by those answers that there are, each weighing as
    many as it stands for.

    The interval is as wide as they scatter, and at least as wide as answers would make them scatter if the
    forecast were right: of a few conversations hardly any is answered, and forecasts alone look alike.
    """
    if len(seen) < 2:
        return Share(len(seen), None, None, None)
    parts = np.array(
        [
            one.chance
            if one.satisfied is None
            else one.chance + (one.satisfied - one.chance) / max(one.answers, RAREST)
            for one in seen
        ]
    )
    mean = float(parts.mean())
    forecast = np.array([one.chance for one in seen])
    weight = np.array([max(one.answers, RAREST) for one in seen])
    if_right = forecast.var(ddof=1) + float((forecast * (1 - forecast) / weight).mean())
    half = Z * sqrt(max(float(parts.var(ddof=1)), if_right) / len(parts))
    within = (min(max(value, 0.0), 1.0) for value in (mean, mean - half, mean + half))
    return Share(len(seen), *within)
