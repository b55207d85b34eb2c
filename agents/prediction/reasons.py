"""Why a chance is what it is, in words that an agent understands: at most a few columns, each with its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.prediction.columns import Column, Floats
from agents.prediction.learning import Prediction
from agents.prediction.members import MOMENT, VOLUME

MOST = 3
LEAST = 0.03  # log odds: less moves no chance


@dataclass(frozen=True, slots=True)
class Reason:
    """`effect`: log odds against the usual row; `points`: what it does to the chance, in percentage points."""

    column: str
    value: str
    effect: float
    points: float

    @property
    def text(self) -> str:
        verb = "raises" if self.effect > 0 else "lowers"
        amount = abs(self.points)
        by = "less than a point" if amount < 1 else f"{amount:.0f} points"
        return f"{self.column} {self.value}: {verb} the chance by {by}"

    def shown(self) -> dict[str, Any]:
        return {
            "column": self.column,
            "value": self.value,
            "effect": round(self.effect, 3),
            "points": round(self.points, 1),
            "text": self.text,
        }


def reasons_of(prediction: Prediction, columns: tuple[Column, ...]) -> list[list[Reason]]:
    """For each row the columns that moved its chance most, the strongest first."""
    names = list(prediction.contributions)
    if not names:
        return [[] for _ in range(len(prediction.chances))]
    added = np.column_stack([prediction.contributions[name] for name in names])
    odds = (
        prediction.blend.calibration.slope * prediction.scores + prediction.blend.calibration.shift
    )
    by_name = {column.name: column for column in columns}
    strongest = np.argsort(-np.abs(added), axis=1)[:, :MOST]
    told: list[list[Reason]] = []
    for row, places in enumerate(strongest.tolist()):
        told.append(
            [
                Reason(
                    _name(names[place]),
                    _value(names[place], row, prediction, by_name),
                    float(added[row, place]),
                    100.0 * float(_chance(odds[row]) - _chance(odds[row] - added[row, place])),
                )
                for place in places
                if abs(added[row, place]) >= LEAST
            ]
        )
    return told


def _chance(odds: float) -> float:
    return float(1.0 / (1.0 + np.exp(-min(max(odds, -30.0), 30.0))))


def _name(name: str) -> str:
    if name == MOMENT:
        return "the moment"
    return "attempts at this moment" if name == VOLUME else name


def _value(name: str, row: int, prediction: Prediction, by_name: dict[str, Column]) -> str:
    values: dict[str, Floats] = prediction.values
    slow = prediction.blend.setting.slow
    if name == MOMENT:
        parts = [f"{one} {by_name[one].shown(float(values[one][row]))}" for one in slow[:3]]
        return f"({', '.join(parts)}{', …' if len(slow) > 3 else ''})"
    if name == VOLUME:
        assert prediction.volumes is not None
        return f"{prediction.volumes[row]:,.0f}"
    return by_name[name].shown(float(values[name][row]))
