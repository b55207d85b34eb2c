"""Logistic regression over columns: words as they are, numbers within what was seen; kept as plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from agents.prediction.columns import Column, Floats, Ints

RARE = 20  # rows of a word, before it has a weight of its own


@dataclass(frozen=True, slots=True)
class Input:
    """One column as inputs of the regression. A number is cut off at `low` and `high`, so that it can't carry
    a weight to where nobody has been; with `edges` it is cut into steps instead."""

    kind: str  # number, steps or words
    middle: float = 0.0
    spread: float = 1.0
    low: float = 0.0
    high: float = 0.0
    levels: tuple[float, ...] = ()

    @property
    def width(self) -> int:
        return len(self.levels) + 2 if self.kind == "steps" else len(self.levels) or 2

    def of(self, column: Floats) -> Floats:
        unknown = np.isnan(column)
        if self.kind == "number":
            value = np.clip(np.where(unknown, self.middle, column), self.low, self.high)
            return np.column_stack([(value - self.middle) / self.spread, unknown])
        if self.kind == "steps":
            step = np.searchsorted(self.levels, column, side="right")
            step = np.where(unknown, len(self.levels) + 1, step)
            shown: Floats = np.eye(self.width)[step]
            return shown
        return np.asarray(column[:, None] == np.array(self.levels)[None, :], dtype=np.float64)


def input_for(column: Floats, *, is_words: bool, steps: int) -> Input:
    if is_words:
        values, counts = np.unique(column, return_counts=True)
        kept = [float(v) for v, n in zip(values, counts, strict=True) if n >= RARE]
        return Input("words", levels=tuple(kept or [float(values[0])]))
    known = column[~np.isnan(column)]
    if not len(known):
        known = np.zeros(1)
    if steps:
        edges = np.unique(np.quantile(known, np.linspace(0, 1, steps + 1)[1:-1]))
        return Input("steps", levels=tuple(float(e) for e in edges))
    low, middle, high = float(known.min()), float(known.mean()), float(known.max())
    return Input("number", middle, max(float(known.std()), 1e-9), low, high)


@dataclass(frozen=True)
class Linear:
    inputs: tuple[Input, ...]
    weights: tuple[Floats, ...]
    bias: float

    def score(self, rows: Floats) -> Floats:
        """Log odds."""
        shares, base = self.contributions(rows)
        total: Floats = shares.sum(axis=1) + base
        return total

    def contributions(self, rows: Floats) -> tuple[Floats, Floats]:
        """Rows × columns: what each column adds; and what all rows start from."""
        shares = [
            one.of(rows[:, place]) @ weights
            for place, (one, weights) in enumerate(zip(self.inputs, self.weights, strict=True))
        ]
        return np.column_stack(shares), np.full(len(rows), self.bias)

    def stored(self) -> dict[str, Any]:
        return {
            "inputs": [
                [i.kind, i.middle, i.spread, i.low, i.high, list(i.levels)] for i in self.inputs
            ],
            "weights": [w.tolist() for w in self.weights],
            "bias": self.bias,
        }


def linear_from(stored: dict[str, Any]) -> Linear:
    return Linear(
        tuple(
            Input(k, m, s, lo, hi, tuple(levels)) for k, m, s, lo, hi, levels in stored["inputs"]
        ),
        tuple(np.array(w) for w in stored["weights"]),
        stored["bias"],
    )


def fit_linear(
    rows: Floats,
    outcome: Ints,
    columns: Sequence[Column | None],
    *,
    strength: float,
    weights: Floats | None = None,
    steps: int = 0,
) -> Linear:
    """`strength`: how many rows it takes to hold a weight against none. `columns` says for each column of `rows` what it is, None for a number of ours. Centred, so that what a
    column adds is against the usual row."""
    inputs = tuple(
        input_for(
            rows[:, place],
            is_words=column is not None and column.kind == "words",
            steps=steps if column is not None else 0,
        )
        for place, column in enumerate(columns)
    )
    blocks = [one.of(rows[:, place]) for place, one in enumerate(inputs)]
    fitted = LogisticRegression(C=strength / len(outcome), max_iter=500, tol=1e-4).fit(
        np.hstack(blocks), outcome, sample_weight=weights
    )
    cut = np.cumsum([block.shape[1] for block in blocks])[:-1]
    parts = tuple(np.split(np.ravel(fitted.coef_), cut))
    return Linear(inputs, parts, float(fitted.intercept_[0]))
