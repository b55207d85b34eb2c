"""Linear heads on the vectors of an encoder that stays as it is. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

Floats = NDArray[np.float32]
HEADS = (0.003, 0.01, 0.03)  # how freely a head of labels may learn; the best is chosen
KINDS = 0.003  # and one of kinds
FOLDS = 3


def label_head(vectors: Floats, answers: NDArray[np.int64]) -> dict[str, Floats]:
    """`head.w`, shape (3, size), and `head.b`, shape (3,)."""
    middle, spread = _scale(vectors)
    even = (vectors - middle) / spread
    model = max(
        (LogisticRegression(C=strength, max_iter=200, tol=1e-3) for strength in HEADS),
        key=lambda one: cross_val_score(
            one, even, answers, cv=FOLDS, scoring="neg_log_loss"
        ).mean(),
    ).fit(even, answers)
    return _arrays("head", model.coef_, model.intercept_, middle, spread)


def kinds_head(vectors: Floats, kinds: Sequence[str]) -> dict[str, Floats]:
    """Which set of texts one is like, whatever their number: `kinds.w`, shape (kinds, size), and `kinds.b`.
    Nothing where there is only one kind.

    The same log-odds mean something else in a review than in a tweet or a question, and in a language that the
    encoder hardly knows.
    """
    if len(set(kinds)) < 2:
        return {}
    middle, spread = _scale(vectors)
    model = LogisticRegression(C=KINDS, max_iter=500, class_weight="balanced")
    model.fit((vectors - middle) / spread, kinds)
    weight, bias = model.coef_, model.intercept_
    if len(weight) == 1:  # of two kinds it says the second
        weight, bias = np.stack([-weight[0], weight[0]]) / 2, np.array([-bias[0], bias[0]]) / 2
    return _arrays("kinds", weight, bias, middle, spread)


def _scale(vectors: Floats) -> tuple[Floats, Floats]:
    return vectors.mean(axis=0), vectors.std(axis=0) + 1e-6


def _arrays(
    name: str, weight: Floats, bias: Floats, middle: Floats, spread: Floats
) -> dict[str, Floats]:
    """For vectors as they come, not scaled."""
    weight = weight / spread
    bias = bias - weight @ middle
    return {f"{name}.w": weight.astype(np.float32), f"{name}.b": bias.astype(np.float32)}
