"""How far two judges agree beyond chance: weighted kappa, and its interval by bootstrap. Pure.

Cohen, J. (1968): Weighted kappa. The weights are quadratic, so that on a scale of five a 1 for a 5 counts
sixteen times a 4 for a 5; for yes and no it is the plain kappa of 1960. “Does not apply” is an answer of
its own in a yes-no question, and leaves a pair of a scale out. Each pair may count more than once (`weights`):
what was drawn with a chance of one in twenty stands for twenty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ROUNDS = 1_000
FEWEST = 20  # pairs: with fewer an interval says nothing


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers to one question about one part of a conversation. `cluster` is the conversation."""

    one: int | None
    other: int | None
    cluster: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """`kappa` and its 95 % interval are None where all answers are the same, or there are too few."""

    pairs: int
    agreed: float | None
    kappa: float | None
    low: float | None
    high: float | None


NOTHING = Agreement(0, None, None, None, None)


def agreement(
    pairs: Sequence[Pair], *, highest: int | None, rounds: int = ROUNDS, seed: int = 7
) -> Agreement:
    """Of all pairs; `highest` is the top of the scale, None for yes, no and “does not apply”."""
    kept = [p for p in pairs if highest is None or (p.one is not None and p.other is not None)]
    if not kept:
        return NOTHING
    places = [None, 0, 1] if highest is None else list(range(1, highest + 1))
    index = {value: place for place, value in enumerate(places)}
    size = len(places)
    one = np.array([index.get(p.one, 0) for p in kept])
    other = np.array([index.get(p.other, 0) for p in kept])
    weights = np.array([p.weight for p in kept], dtype=float)
    distance = _distances(size, nominal=highest is None)
    kappa = _kappa(one, other, weights, distance)
    agreed = float(np.average(one == other, weights=weights))
    if kappa is None or len(kept) < FEWEST:
        return Agreement(len(kept), agreed, kappa, None, None)
    clusters, where = np.unique([p.cluster for p in kept], return_inverse=True)
    dice = np.random.default_rng(seed)
    found = []
    for _ in range(rounds):
        drawn = dice.multinomial(len(clusters), np.full(len(clusters), 1 / len(clusters)))
        again = _kappa(one, other, weights * drawn[where], distance)
        # Where a draw has only one kind of answer left there is nothing to agree on beyond chance.
        found.append(0.0 if again is None else again)
    low, high = np.percentile(found, [2.5, 97.5])
    return Agreement(len(kept), agreed, kappa, float(low), float(high))


def _distances(size: int, *, nominal: bool) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    places = np.arange(size)
    apart = np.abs(places[:, None] - places[None, :]).astype(float)
    square: np.ndarray[tuple[int, int], np.dtype[np.float64]] = (
        (apart > 0).astype(float) if nominal else (apart / max(size - 1, 1)) ** 2
    )
    return square


def _kappa(
    one: np.ndarray[tuple[int], np.dtype[np.int64]],
    other: np.ndarray[tuple[int], np.dtype[np.int64]],
    weights: np.ndarray[tuple[int], np.dtype[np.float64]],
    distance: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> float | None:
    size = len(distance)
    total = weights.sum()
    if total <= 0:
        return None
    table = np.bincount(one * size + other, weights=weights, minlength=size * size)
    seen = table.reshape(size, size) / total
    chance = np.outer(seen.sum(axis=1), seen.sum(axis=0))
    expected = float((distance * chance).sum())
    if expected <= 1e-12:
        return None
    return 1.0 - float((distance * seen).sum()) / expected


def best_limit(
    signals: Sequence[float], said: Sequence[int], *, folds: int = 5, seed: int = 7
) -> tuple[float, float, float] | None:
    """(limit, kappa with 0.5, kappa with limits found on other folds): by people's yes (1) and no (0).
    None where one of the two hardly occurs."""
    x, y = np.array(signals), np.array(said)
    if len(y) < 2 * folds or min(int(y.sum()), int(len(y) - y.sum())) < folds:
        return None
    dice = np.random.default_rng(seed)
    fold = dice.permutation(len(y)) % folds
    guess = np.zeros(len(y), dtype=int)
    for one in range(folds):
        guess[fold == one] = x[fold == one] >= _limit(x[fold != one], y[fold != one])
    same = np.ones(len(y))
    distance = _distances(2, nominal=True)
    before = _kappa((x >= 0.5).astype(int), y, same, distance)
    after = _kappa(guess, y, same, distance)
    return _limit(x, y), before or 0.0, after or 0.0


def _limit(
    x: np.ndarray[tuple[int], np.dtype[np.float64]], y: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> float:
    """The limit with the best kappa; of equals the one nearest to the middle."""
    values = np.unique(x)
    between = np.concatenate([[0.5], (values[1:] + values[:-1]) / 2])
    distance = _distances(2, nominal=True)
    same = np.ones(len(y))
    scored = [
        (_kappa((x >= t).astype(int), y, same, distance) or 0.0, -abs(t - 0.5), t) for t in between
    ]
    return float(max(scored)[2])
