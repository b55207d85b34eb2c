"""The moment of a row: the values that stay the same from row to row, as a day and its rates of interest do.

Rows are in time order, so columns whose value mostly is the one of the row before tell when it was. Their
combinations are moments: how often it went well at each, and how many rows there were, says more than any of
these columns. How many were called on a day also holds at times that nobody has seen yet: few calls are chosen
ones, many are a list being worked off.

How often is always counted without the row itself: `fit` on some rows, `read` on others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from agents.prediction.columns import Column, Floats, Ints

STAYS = 0.9  # of the changes that chance would bring, so many do not happen
DEPENDS = 0.35  # of a column's uncertainty, at most so much is left when another one is known
FEWEST = 5  # moments
_ROWS_EACH = 3.0  # on average at least
TO_ALL = 30.0  # rows' worth of the whole, added to each moment
TO_MOMENT = 20.0  # rows' worth of the moment, added to each of its parts
NEAR = (1.5, 5.0, 20.0)  # moments: how far before and after others count, as the width of a bell
TO_NEAR = 10.0  # rows' worth of the whole, added to those
BINS = 6
RUNS = 1.5  # of a moment on average at most, where rows are in time order
SIMILAR = 12  # values of a column at most, to be counted within moments


def slow_columns(values: dict[str, Floats]) -> list[str]:
    """The columns that tell the moment: by the rows' order, or, if they were shuffled, by what goes together."""
    stays = {name: staying(column) for name, column in values.items()}
    slow = [name for name, share in stays.items() if share > STAYS]
    if not slow and max(stays.values(), default=0.0) < 0.05:
        slow = _together(values)
    if not slow:
        return []
    keys = keys_of([values[name] for name in slow])
    many = len(np.unique(keys))
    return slow if many >= FEWEST and len(keys) / many >= _ROWS_EACH else []


def staying(column: Floats) -> float:
    """1: it changes as seldom as it can; 0: as often as if the rows were shuffled."""
    codes = np.unique(column, return_inverse=True)[1]
    if len(codes) < 2:
        return 0.0
    by_chance = float(((np.bincount(codes) / len(codes)) ** 2).sum())
    if by_chance > 0.95:  # one value nearly everywhere: it tells no moment
        return 0.0
    return (float(np.mean(codes[1:] == codes[:-1])) - by_chance) / (1.0 - by_chance)


def _together(values: dict[str, Floats]) -> list[str]:
    """The largest group of columns of which each is nearly known when another one is."""
    codes = {
        name: np.unique(column, return_inverse=True)[1].astype(np.int64)
        for name, column in values.items()
    }
    codes = {n: c for n, c in codes.items() if 3 <= c.max() + 1 <= len(c) / 20}
    uncertain = {name: _entropy(column) for name, column in codes.items()}
    names = [name for name in codes if uncertain[name] > 0.5]
    finest = max(names, key=lambda name: uncertain[name], default="")
    group = {finest} if finest else set()
    for name in names:
        joint = _entropy(
            keys_of([codes[name].astype(np.float64), codes[finest].astype(np.float64)])
        )
        if joint - uncertain[finest] < DEPENDS * uncertain[name]:
            group.add(name)
    return [name for name in values if name in group] if len(group) > 2 else []


def _entropy(codes: Ints) -> float:
    share = np.bincount(codes) / len(codes)
    share = share[share > 0]
    return float(-(share * np.log(share)).sum())


def keys_of(columns: Sequence[Floats]) -> Ints:
    """A number for each combination of values."""
    stacked = np.column_stack([np.nan_to_num(column, nan=-1e308) for column in columns])
    return np.unique(stacked, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _logit(rate: Floats) -> Floats:
    return np.log(rate / (1.0 - rate))


@dataclass(frozen=True, slots=True)
class Parts:
    """How a column is cut to be counted within moments: by its words, or by these edges."""

    name: str
    is_words: bool
    edges: tuple[float, ...]

    def of(self, column: Floats) -> Floats:
        if self.is_words:
            return column
        return np.where(
            np.isnan(column), -1.0, np.searchsorted(self.edges, column, side="right")
        ).astype(np.float64)


def cuts_of(known: Floats, parts: int) -> tuple[float, ...]:
    """Where to cut numbers into parts of about equally many; fewer where many are the same."""
    if not len(known):
        return ()
    return tuple(
        float(e) for e in np.unique(np.quantile(known, np.linspace(0, 1, parts + 1)[1:-1]))
    )


def parts_of(column: Column, values: Floats) -> Parts | None:
    if column.kind == "words":
        return (
            Parts(column.name, is_words=True, edges=())
            if len(column.words) <= SIMILAR + 2
            else None
        )
    known = values[~np.isnan(values)]
    edges = cuts_of(known, BINS)
    return Parts(column.name, is_words=False, edges=edges)


@dataclass(frozen=True)
class Moments:
    """What was counted at each moment. `seen` {moment: [successes, rows]}, `within` the same for each part
    of a moment by the place in `parts`. `in_order`: `seen` has the moments as they came."""

    slow: tuple[str, ...]
    parts: tuple[Parts, ...]
    rate: float
    seen: dict[tuple[float, ...], list[float]]
    within: tuple[dict[tuple[float, ...], list[float]], ...]
    in_order: bool = False

    @property
    def names(self) -> list[str]:
        near = [f"moment ± {width}" for width in NEAR] if self.in_order else []
        return ["moment", "volume", *(f"moment × {part.name}" for part in self.parts), *near]

    def read(self, values: dict[str, Floats], *, volumes: Floats | None = None) -> Floats:
        """Rows × `names`: log odds of the moment, the logarithm of its rows, log odds of its parts."""
        keys = self._keys(values)
        counted = np.array([self.seen.get(key, (0.0, 0.0)) for key in keys]).reshape(-1, 2)
        rates = (counted[:, 0] + TO_ALL * self.rate) / (counted[:, 1] + TO_ALL)
        size = counted[:, 1] if volumes is None else volumes
        shown = [_logit(rates), np.log1p(size)]
        for part, table in zip(self.parts, self.within, strict=True):
            cut = part.of(values[part.name])
            inside = np.array(
                [table.get((*key, c), (0.0, 0.0)) for key, c in zip(keys, cut, strict=True)]
            ).reshape(-1, 2)
            shown.append(_logit((inside[:, 0] + TO_MOMENT * rates) / (inside[:, 1] + TO_MOMENT)))
        if self.in_order:
            nowhere = [float(_logit(np.array(self.rate)))] * len(NEAR)
            shown.extend(
                np.array([self._near.get(key, nowhere) for key in keys]).reshape(-1, len(NEAR)).T
            )
        return np.column_stack(shown)

    @cached_property
    def _near(self) -> dict[tuple[float, ...], list[float]]:
        """Of each moment the log odds around it, for each width."""
        counted = np.array(list(self.seen.values())).reshape(-1, 2)
        around = []
        for width in NEAR:
            reach = math.ceil(3 * width)
            bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
            good, many = (
                np.convolve(column, bell)[reach : reach + len(counted)] for column in counted.T
            )
            around.append(_logit((good + TO_NEAR * self.rate) / (many + TO_NEAR)))
        return dict(zip(self.seen, np.column_stack(around).tolist(), strict=True))

    def volumes(self, values: dict[str, Floats]) -> Floats:
        """Rows of the same moment: those of the training, or, where there are more, those of this table."""
        keys = self._keys(values)
        here: dict[tuple[float, ...], float] = {}
        for key in keys:
            here[key] = here.get(key, 0.0) + 1.0
        return np.array([max(here[key], self.seen.get(key, (0.0, 0.0))[1]) for key in keys])

    def unseen(self, values: dict[str, Floats]) -> float:
        """The share of rows whose moment was not among those of the training."""
        keys = self._keys(values)
        return sum(key not in self.seen for key in keys) / max(1, len(keys))

    def _keys(self, values: dict[str, Floats]) -> list[tuple[float, ...]]:
        return keys_from([values[name] for name in self.slow])

    def stored(self) -> dict[str, Any]:
        return {
            "slow": list(self.slow),
            "parts": [[p.name, p.is_words, list(p.edges)] for p in self.parts],
            "rate": self.rate,
            "seen": [[list(key), value] for key, value in self.seen.items()],
            "within": [[[list(k), v] for k, v in table.items()] for table in self.within],
            "in_order": self.in_order,
        }


def keys_from(columns: Sequence[Floats]) -> list[tuple[float, ...]]:
    """Rounded, so that a number that was written differently is the same; nothing there is None's place."""
    clean = [np.where(np.isnan(c), -1e300, np.round(c, 9)).tolist() for c in columns]
    return list(zip(*clean, strict=True))


def count_moments(
    slow: Sequence[str],
    parts: Sequence[Parts],
    values: dict[str, Floats],
    outcome: Ints,
    *,
    in_order: bool | None = None,
) -> Moments:
    """How often it went well at each moment, and at each part of it. `in_order`: whether the rows are in time order;
    None: as it looks."""
    keys = keys_from([values[name] for name in slow])
    seen: dict[tuple[float, ...], list[float]] = {}
    good = outcome.tolist()
    for key, won in zip(keys, good, strict=True):
        kept = seen.setdefault(key, [0.0, 0.0])
        kept[0] += won
        kept[1] += 1.0
    within: list[dict[tuple[float, ...], list[float]]] = []
    for part in parts:
        table: dict[tuple[float, ...], list[float]] = {}
        cut = part.of(values[part.name]).tolist()
        for key, c, won in zip(keys, cut, good, strict=True):
            kept = table.setdefault((*key, c), [0.0, 0.0])
            kept[0] += won
            kept[1] += 1.0
        within.append(table)
    rate = min(max(float(outcome.mean()), 1e-4), 1 - 1e-4)
    if in_order is None:
        runs = 1 + sum(one != other for one, other in pairwise(keys))
        in_order = runs <= RUNS * len(seen)
    return Moments(tuple(slow), tuple(parts), rate, seen, tuple(within), in_order)


def moments_from(stored: dict[str, Any]) -> Moments:
    return Moments(
        tuple(stored["slow"]),
        tuple(Parts(name, words, tuple(edges)) for name, words, edges in stored["parts"]),
        stored["rate"],
        {tuple(key): value for key, value in stored["seen"]},
        tuple({tuple(k): v for k, v in table} for table in stored["within"]),
        stored.get("in_order", False),
    )


def volume_is_telling(moments: Moments) -> bool:
    """Moments of different sizes: otherwise their size says nothing."""
    sizes = [math.log1p(count) for _, count in moments.seen.values()]
    return float(np.std(sizes)) > 0.1
