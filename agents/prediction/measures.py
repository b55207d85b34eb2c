"""How good chances are: order, gains, calibration. Higher chances come first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.prediction.columns import Floats, Ints

BANDS = 10


def auc(outcome: Ints, score: Floats) -> float:
    """The chance that a success stands before a failure; ties count half."""
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    sorted_score = score[order]
    starts = np.flatnonzero(np.r_[True, sorted_score[1:] != sorted_score[:-1]])
    ends = np.r_[starts[1:], len(score)]
    ranks[order] = np.repeat((starts + ends + 1) / 2.0, ends - starts)
    good = int(outcome.sum())
    bad = len(outcome) - good
    if not good or not bad:
        return 0.5
    return float((ranks[outcome == 1].sum() - good * (good + 1) / 2) / (good * bad))


def gains(outcome: Ints, score: Floats) -> tuple[Floats, Floats]:
    """Of the first share x of the calls, the share y of all successes; both from 0 to 1."""
    order = np.argsort(-score, kind="stable")
    sorted_score, hits = score[order], outcome[order]
    ends = np.flatnonzero(np.r_[sorted_score[1:] != sorted_score[:-1], True])
    won = np.cumsum(hits)[ends] / max(1, hits.sum())
    return np.r_[0.0, (ends + 1) / len(outcome)], np.r_[0.0, won]


def alift(outcome: Ints, score: Floats) -> float:
    """The area under the gains: 0.5 for calling in any order (Moro, Cortez, Rita 2014)."""
    x, y = gains(outcome, score)
    return float(np.trapezoid(y, x))


def caught(outcome: Ints, score: Floats, share: float = 0.5) -> float:
    """Of all successes the share among the first `share` of the calls."""
    x, y = gains(outcome, score)
    return float(np.interp(share, x, y))


@dataclass(frozen=True, slots=True)
class Band:
    """Rows with like chances: what was said, what came, how many."""

    said: float
    came: float
    rows: int


def bands(outcome: Ints, chance: Floats) -> list[Band]:
    """Ten bands with equally many rows."""
    order = np.argsort(chance, kind="stable")
    return [
        Band(float(chance[part].mean()), float(outcome[part].mean()), len(part))
        for part in np.array_split(order, min(BANDS, len(order)))
    ]


def calibration_error(outcome: Ints, chance: Floats) -> float:
    """Expected calibration error over the bands: how far what was said is from what came."""
    return sum(b.rows * abs(b.said - b.came) for b in bands(outcome, chance)) / max(1, len(outcome))


def measured(outcome: Ints, chance: Floats) -> dict[str, float]:
    return {
        "auc": round(auc(outcome, chance), 4),
        "alift": round(alift(outcome, chance), 4),
        "better_half": round(caught(outcome, chance), 4),
        "ece": round(calibration_error(outcome, chance), 4),
        "brier": round(float(np.mean((chance - outcome) ** 2)), 4),
    }
