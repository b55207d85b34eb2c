"""The few numbers that were learnt from data; `calibration.json` says on which, and how well."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

import numpy as np

from bots.language.model import Vectors

FILE = Path(__file__).with_name("calibration.json")
SIGNALS = ("asked", "english", "said", "words", "covered", "named")
SELDOM = frozenset({"named"})  # those that most questions have nothing of: whoever names nothing


@dataclass(frozen=True)
class Weighing:
    """A logistic regression: each feature has (mean, scale, weight)."""

    terms: Mapping[str, tuple[float, float, float]]
    bias: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Of the thing it was fitted to, between 0 and 1."""
        total = self.bias + sum(
            weight * (features[name] - mean) / scale
            for name, (mean, scale, weight) in self.terms.items()
        )
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def nearness(near: Sequence[float], english: Sequence[float]) -> float:
    """How near an article's wordings come: the nearest counts most, then the three nearest.

    Where the English encoder has a say it counts twice as much; alone, the other one's cosines are
    spread out, as they lie close together.
    """
    return _near(english) + 0.5 * _near(near) if english else 3 * _near(near)


def _near(cosines: Sequence[float]) -> float:
    best = sorted(cosines, reverse=True)[:3]
    return best[0] + 0.5 * sum(best) / len(best) if best else 0.0


@dataclass(frozen=True)
class Judge:
    """How signals are added up, and what the sum is worth.

    `answerable`: the knowledge base has an answer to this at all. `right`: the first article has it.
    Below `floor` (of `answerable`) the bot hands over.
    """

    signals: Mapping[str, float]
    answerable: Weighing
    right: Weighing
    floor: float


@dataclass(frozen=True)
class Calibration:
    """`bilingual` judges where the English encoder has a say, `alone` where it has not.

    `same_language` is added for an article in the customer's language; from `sure` (of `right`) on
    the bot answers; `lost` of the rehearsed questions may fall below the floor.
    """

    bilingual: Judge
    alone: Judge
    middle: Vectors
    english_middle: Vectors
    same_language: float
    sure: float
    lost: float


@cache
def calibration() -> Calibration:
    data = json.loads(FILE.read_text(encoding="utf-8"))
    return Calibration(
        bilingual=_judge(data["bilingual"]),
        alone=_judge(data["alone"]),
        middle=np.array(data["middle"], dtype=np.float32),
        english_middle=np.array(data["english_middle"], dtype=np.float32),
        same_language=float(data["same_language"]),
        sure=float(data["sure"]),
        lost=float(data["lost"]),
    )


def _judge(data: Mapping[str, Any]) -> Judge:
    return Judge(
        signals={name: float(data["signals"][name]) for name in SIGNALS},
        answerable=_weighing(data["answerable"]),
        right=_weighing(data["right"]),
        floor=float(data["floor"]),
    )


def _weighing(data: Mapping[str, Any]) -> Weighing:
    terms = {
        name: (float(mean), float(scale), float(weight))
        for name, (mean, scale, weight) in data["terms"].items()
    }
    return Weighing(terms=terms, bias=float(data["bias"]))
