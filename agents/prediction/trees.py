"""Boosted trees: fitted by scikit-learn, kept and read as plain arrays, so that no file ever runs code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from agents.prediction.columns import Floats, Ints

_FIELDS = ("feature", "threshold", "nan_left", "left", "right", "value", "tree")


@dataclass(frozen=True)
class Trees:
    """Nodes of all trees behind one another; `left` 0: a leaf. `value` is the mean below a node, `tree`
    where each tree begins."""

    start: float
    feature: NDArray[np.int64]
    threshold: Floats
    nan_left: NDArray[np.bool_]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Floats
    tree: NDArray[np.int64]

    def score(self, rows: Floats) -> Floats:
        """Log odds."""
        total = np.full(len(rows), self.start)
        for at in self.tree:
            total += self.value[self._leaves(rows, int(at), None)]
        return total

    def contributions(self, rows: Floats) -> tuple[Floats, Floats]:
        """Rows × features: what each split on the way down added; and what all rows start from."""
        shares = np.zeros(rows.shape)
        base = np.full(len(rows), self.start + float(self.value[self.tree].sum()))
        for at in self.tree:
            self._leaves(rows, int(at), shares)
        return shares, base

    def _leaves(self, rows: Floats, at: int, shares: Floats | None) -> NDArray[np.int64]:
        node = np.full(len(rows), at, dtype=np.int64)
        inside = np.arange(len(rows))
        while len(inside):
            here = node[inside]
            inside = inside[self.left[here] > 0]
            here = node[inside]
            if not len(inside):
                break
            asked = self.feature[here]
            values = rows[inside, asked]
            goes_left = np.where(
                np.isnan(values), self.nan_left[here], values <= self.threshold[here]
            )
            below = np.where(goes_left, self.left[here], self.right[here])
            if shares is not None:
                shares[inside, asked] += self.value[below] - self.value[here]
            node[inside] = below
        return node

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {"start": np.array([self.start])} | {name: getattr(self, name) for name in _FIELDS}


def trees_from(arrays: Mapping[str, NDArray[Any]]) -> Trees:
    return Trees(start=float(arrays["start"][0]), **{name: arrays[name] for name in _FIELDS})


def fit_trees(
    rows: Floats,
    outcome: Ints,
    *,
    seed: int,
    weights: Floats | None = None,
    falling: tuple[int, ...] = (),
    rounds: int = 250,
    leaves: int = 6,
) -> Trees:
    """`falling`: features of which more can only lower the chance."""
    least = int(min(40, max(5, len(rows) // 50)))
    monotone = np.zeros(rows.shape[1], dtype=np.int8)
    monotone[list(falling)] = -1
    fitted = HistGradientBoostingClassifier(
        max_iter=rounds,
        learning_rate=0.03,
        max_leaf_nodes=leaves,
        min_samples_leaf=least,
        l2_regularization=20.0,
        max_features=0.3,
        max_bins=127,
        monotonic_cst=monotone,
        early_stopping=False,
        random_state=seed,
    ).fit(rows, outcome, sample_weight=weights)
    return _flattened(fitted)


def _flattened(fitted: HistGradientBoostingClassifier) -> Trees:
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in _FIELDS[:-1]}
    begins: list[int] = []
    size = 0
    for (predictor,) in fitted._predictors:  # noqa: SLF001 -- the trees have no public door
        nodes = predictor.nodes
        is_leaf = nodes["is_leaf"].astype(bool)
        columns["feature"].append(nodes["feature_idx"].astype(np.int64))
        columns["threshold"].append(nodes["num_threshold"])
        columns["nan_left"].append(nodes["missing_go_to_left"].astype(bool))
        columns["left"].append(np.where(is_leaf, 0, nodes["left"].astype(np.int64) + size))
        columns["right"].append(np.where(is_leaf, 0, nodes["right"].astype(np.int64) + size))
        columns["value"].append(_means(nodes, is_leaf))
        begins.append(size)
        size += len(nodes)
    arrays = {name: np.concatenate(columns[name]) for name in _FIELDS[:-1]}
    start = float(np.ravel(fitted._baseline_prediction)[0])  # noqa: SLF001
    return trees_from(
        {"start": np.array([start]), "tree": np.array(begins, dtype=np.int64)} | arrays
    )


def _means(nodes: NDArray[Any], is_leaf: NDArray[np.bool_]) -> Floats:
    """The mean of the leaves below each node; children stand behind their parent."""
    value = np.where(is_leaf, nodes["value"], 0.0)
    for place in range(len(nodes) - 1, -1, -1):
        if not is_leaf[place]:
            left, right = int(nodes["left"][place]), int(nodes["right"][place])
            n_left, n_right = float(nodes["count"][left]), float(nodes["count"][right])
            value[place] = (value[left] * n_left + value[right] * n_right) / (n_left + n_right)
    return value
