"""One model of several: what it looks at, how it is fitted, and what each column adds to its score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agents.prediction.columns import Column, Floats, Ints
from agents.prediction.linear import Linear, fit_linear
from agents.prediction.moments import Moments, Parts, count_moments
from agents.prediction.trees import Trees, fit_trees

MOMENT = "moment"
VOLUME = "volume"
STRICT = 20.0  # a regression that hardly dares to weigh anything
FREE = 1000.0
_FOLDS = 10
_SHRINK = 50.0  # rows' worth of the whole, added to each word


@dataclass(frozen=True, slots=True)
class Recipe:
    """`scope`: all columns; steady, without the numbers that tell the moment; timeless, without any that do.
    `moment`: full, what was seen at it; volume, only how many rows it has; none. `recency`: after this share
    of the rows a row counts half; 0: all count alike. `strength`: of the regression, the more the freer: the
    inverse of the penalty for each row."""

    kind: str  # trees or linear
    scope: str = "all"
    moment: str = "none"
    recency: float = 0.0
    strength: float = FREE
    seed: int = 0

    @property
    def name(self) -> str:
        said = [
            "boosting" if self.kind == "trees" else "logistic regression",
            f"{self.scope} columns",
        ]
        if self.moment != "none":
            said.append({"full": "moments", "volume": "volume"}[self.moment])
        if self.strength == STRICT and self.kind == "linear":
            said.append("strict")
        if self.recency:
            said.append("newer rows count more")
        return ", ".join(said)


@dataclass(frozen=True)
class Known:
    """Rows as numbers: `values` by column, `moments` the features of `Moments.read` or None."""

    values: dict[str, Floats]
    moments: Floats | None = None

    @property
    def rows(self) -> int:
        return len(next(iter(self.values.values())))

    def at(self, places: NDArray[np.int64]) -> dict[str, Floats]:
        return {name: column[places] for name, column in self.values.items()}


@dataclass(frozen=True)
class Setting:
    """What all members share: the columns, and which of them tell the moment."""

    columns: tuple[Column, ...]
    slow: tuple[str, ...]
    parts: tuple[Parts, ...]

    def used(self, scope: str) -> list[Column]:
        if scope == "all":
            return list(self.columns)
        slow = set(self.slow)
        if scope == "steady":
            return [c for c in self.columns if c.name not in slow or c.kind == "words"]
        return [c for c in self.columns if c.name not in slow]


def count_out_of_fold(
    setting: Setting, values: Mapping[str, Floats], outcome: Ints, *, seed: int = 1
) -> tuple[Moments, Floats] | None:
    """The moments of these rows, and for each row what the others say of its moment."""
    if not setting.slow:
        return None
    all_values = dict(values)
    whole = count_moments(setting.slow, setting.parts, all_values, outcome)
    features = np.zeros((len(outcome), len(whole.names)))
    for fold in folds_of(outcome, _FOLDS, seed):
        rest = np.setdiff1d(np.arange(len(outcome)), fold, assume_unique=True)
        counted = count_moments(
            setting.slow,
            setting.parts,
            {n: c[rest] for n, c in all_values.items()},
            outcome[rest],
            in_order=whole.in_order,
        )
        features[fold] = counted.read({n: c[fold] for n, c in all_values.items()})
    features[:, 1] = np.log1p(whole.volumes(all_values))
    return whole, features


def folds_of(outcome: Ints, folds: int, seed: int) -> list[Ints]:
    """Places of the rows, cut by chance into parts with equally many successes."""
    chance = np.random.default_rng(seed)
    part = np.empty(len(outcome), dtype=np.int64)
    for value in (0, 1):
        places = chance.permutation(np.flatnonzero(outcome == value))
        part[places] = np.arange(len(places)) % folds
    return [np.flatnonzero(part == fold).astype(np.int64) for fold in range(folds)]


@dataclass(frozen=True)
class Member:
    recipe: Recipe
    columns: tuple[str, ...]
    features: tuple[str, ...]  # behind the columns: of the moment
    orders: dict[str, dict[float, float]]  # trees: where each word stands among the others
    model: Trees | Linear

    @property
    def names(self) -> list[str]:
        """What each input is called; all of a moment but its volume is the moment."""
        return [*self.columns, *(VOLUME if f == VOLUME else MOMENT for f in self.features)]

    def matrix(self, known: Known, names: Sequence[str]) -> Floats:
        shown = []
        for name in self.columns:
            column = known.values[name]
            if order := self.orders.get(name):
                column = np.array([order.get(v, np.nan) for v in column.tolist()])
            shown.append(column)
        if self.features:
            assert known.moments is not None
            shown.extend(known.moments[:, names.index(feature)] for feature in self.features)
        return np.column_stack(shown)

    def score(self, known: Known, names: Sequence[str]) -> Floats:
        return self.model.score(self.matrix(known, names))

    def contributions(self, known: Known, names: Sequence[str]) -> tuple[Floats, Floats]:
        return self.model.contributions(self.matrix(known, names))


def fit_member(
    recipe: Recipe, setting: Setting, known: Known, outcome: Ints, names: Sequence[str]
) -> Member:
    """`names` are those of the columns of `known.moments`."""
    used = setting.used(recipe.scope)
    features = {"full": tuple(names), "volume": (VOLUME,), "none": ()}[recipe.moment]
    if known.moments is None:
        features = ()
    trees = recipe.kind == "trees"
    member = Member(
        recipe,
        tuple(column.name for column in used),
        features,
        {c.name: _order(known.values[c.name], outcome) for c in used if c.kind == "words"}
        if trees
        else {},
        Linear((), (), 0.0),
    )
    rows = member.matrix(known, names)
    weights = _weights(len(outcome), recipe.recency)
    if trees:
        falling = (len(used),) if recipe.moment == "volume" and features else ()
        model: Trees | Linear = fit_trees(
            rows, outcome, seed=recipe.seed, weights=weights, falling=falling
        )
    else:
        model = fit_linear(
            rows,
            outcome,
            [*used, *(None for _ in features)],
            strength=recipe.strength,
            weights=weights,
            steps=7 if recipe.moment == "full" else 0,
        )
    return replace(member, model=model)


def _order(codes: Floats, outcome: Ints) -> dict[float, float]:
    """Words by how often it went well with them, so that one cut divides them."""
    values, places = np.unique(codes, return_inverse=True)
    good = np.bincount(places, outcome)
    many = np.bincount(places)
    rate = (good + _SHRINK * outcome.mean()) / (many + _SHRINK)
    return {float(v): float(n) for n, v in enumerate(values[np.argsort(rate, kind="stable")])}


def _weights(rows: int, recency: float) -> Floats | None:
    if not recency:
        return None
    age = np.arange(rows)[::-1] / (recency * rows)
    weights: Floats = 0.5**age
    return weights
