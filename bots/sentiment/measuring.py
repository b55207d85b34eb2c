"""How well chances agree with what people said. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
BINS = 10
DRAWS = 50


@dataclass(frozen=True, slots=True)
class Measured:
    """`two_way`: only the larger of negative and positive counts; None where some texts are neutral.

    `recall` and `f1` are means over the labels that occur; `ece` is the expected calibration error, and
    `ece_by_chance` what it would be of so many texts if every chance were true.
    """

    texts: int
    accuracy: float
    two_way: float | None
    recall: float
    f1: float
    ece: float
    ece_by_chance: float
    neutral: float


def measured(chances: Floats, answers: Ints) -> Measured:
    """`chances`: shape (texts, 3); `answers`: 0 negative, 1 neutral, 2 positive."""
    said = chances.argmax(axis=1)
    both = np.where(chances[:, 0] > chances[:, 2], 0, 2)
    two = not bool((answers == 1).any())
    recalls, f1s = [], []
    for answer in np.unique(answers):
        right = int(((said == answer) & (answers == answer)).sum())
        recalls.append(right / int((answers == answer).sum()))
        f1s.append(2 * right / int((said == answer).sum() + (answers == answer).sum()))
    return Measured(
        texts=len(answers),
        accuracy=float((said == answers).mean()),
        two_way=float((both == answers).mean()) if two else None,
        recall=float(np.mean(recalls)),
        f1=float(np.mean(f1s)),
        ece=calibration_error(chances, answers),
        ece_by_chance=_by_chance(chances),
        neutral=float((said == 1).mean()),
    )


def calibration_error(chances: Floats, answers: Ints, bins: int = BINS) -> float:
    """How far the chance of the label that was said is from how often it is right, over bins of like
    width (Naeini et al. 2015)."""
    return float(
        sum(share * abs(sure - right) for sure, right, share in curve(chances, answers, bins))
    )


def _by_chance(chances: Floats) -> float:
    """The mean over answers that are drawn from the chances themselves."""
    draw = np.random.default_rng(len(chances))
    below = np.cumsum(chances, axis=1)
    drawn = [(draw.random((len(chances), 1)) > below).sum(axis=1) for _ in range(DRAWS)]
    last = chances.shape[1] - 1
    return float(np.mean([calibration_error(chances, np.minimum(one, last)) for one in drawn]))


def curve(chances: Floats, answers: Ints, bins: int = BINS) -> list[tuple[float, float, float]]:
    """(mean chance, share that is right, share of texts) of each bin that has any."""
    sure = chances.max(axis=1)
    right = chances.argmax(axis=1) == answers
    places = np.minimum((sure * bins).astype(int), bins - 1)
    return [
        (float(sure[here].mean()), float(right[here].mean()), float(here.mean()))
        for place in range(bins)
        if (here := places == place).any()
    ]


def confusion(chances: Floats, answers: Ints) -> list[list[int]]:
    """Rows are what people said, columns what was read."""
    said = chances.argmax(axis=1)
    return [[int(((answers == a) & (said == s)).sum()) for s in range(3)] for a in range(3)]
