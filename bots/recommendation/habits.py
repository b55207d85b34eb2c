"""How customers come back to items: what the log says of each item, and one history of each of its own. Pure.

What is bought in small baskets fills more of one, so that it counts for more where a basket's share is foretold; what
was taken often, lately and long enough ago is due again (frequency with time decay and repeat intervals, as in
TIFU-KNN, Hu et al. 2020, and "buy it again", Bhagat et al. 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bots.recommendation.events import DAY, Floats, Ints, Log, Moments

Counts = NDArray[np.signedinteger[Any]]

HALVES = (
    3.0,
    10.0,
    30.0,
)  # moments (baskets) of a customer in which what they did counts half as much
LATELY = (1, 3, 10)  # newest moments
SOON = 5  # moments within which somebody comes back to an item, or not
SHRUNK = 5.0  # occurrences by which a rare item is held to the mean of all
SMALL = 3  # items of a small basket
MOST_DUE = 6.0
OF_ITEMS = ("filling", "size", "buyers", "each", "again", "at once again")
NAMES = (
    "own filling",
    *(f"own filling, halved by {half:g}" for half in HALVES),
    *(f"own rate, halved by {half:g}" for half in HALVES),
    *(f"in the last {many}" for many in LATELY),
    "own days", "own pace", "own gap", "own due by days", "own rate since the first", "own filling since the first",
    *(f"item: {name}" for name in OF_ITEMS),
    "usual size", "small ones", "moments", "last size",
)  # fmt: skip


@dataclass(frozen=True)
class Habits:
    """Of each item (items × OF_ITEMS): the logarithm of the share of a basket that it fills, the size of its baskets,
    how many take it, how often each, and how likely they come back within SOON moments, or at the very next."""

    known: Floats


def fitted(log: Log) -> Habits:
    many = len(log.items)
    fresh = np.concatenate([[True], (np.diff(log.at) != 0) | (np.diff(log.customer) != 0)])
    basket = np.cumsum(fresh) - 1
    size = np.bincount(basket)[basket]
    counts = np.bincount(log.item, minlength=many)
    pair = log.customer.astype(np.int64) * many + log.item
    buyers = np.bincount(np.unique(pair) % many, minlength=many)
    began = basket[np.minimum(log.start[:-1], len(basket) - 1)]
    step = basket - began[log.customer]  # the customer's own moments, from 0
    newest = np.zeros(len(log.customers), dtype=np.int64)
    np.maximum.at(newest, log.customer, step)
    order = np.lexsort((step, pair))
    gap = np.full(len(order), np.iinfo(np.int32).max)
    gap[:-1] = np.where(pair[order][1:] == pair[order][:-1], np.diff(step[order]), gap[:-1])
    item, could = log.item[order], newest[log.customer[order]] - step[order] >= SOON
    soon, next_time = (gap > 0) & (gap <= SOON), gap == 1
    return Habits(
        np.stack(
            [
                np.log(np.bincount(log.item, 1 / size, minlength=many) / max(basket[-1] + 1, 1) + 1e-7),
                np.log1p(np.bincount(log.item, size, minlength=many) / np.maximum(counts, 1)),
                np.log1p(buyers),
                np.log((counts + 1) / (buyers + 1)),
                _shrunk(item[could], soon[could], many),
                _shrunk(item, next_time, many),
            ],
            axis=1,
        ).astype(np.float32)
    )  # fmt: skip


def _shrunk(item: Counts, did: NDArray[np.bool_], many: int) -> NDArray[np.float64]:
    """The share of each item's events for which it is true, held to the mean of all."""
    mean = float(did.mean()) if len(did) else 0.0
    found = np.bincount(item, did, minlength=many) + SHRUNK * mean
    return np.asarray(found / (np.bincount(item, minlength=many) + SHRUNK))


def known(habits: Habits | None, items: Ints, at: Moments, candidates: Ints) -> list[Floats]:
    """A column for each of NAMES, a row for each candidate; `items` at `at` (seconds) are a history of at least one.
    Where nobody comes back all are nought."""
    many = len(candidates)
    if habits is None:
        return [np.zeros(many, np.float32)] * len(NAMES)
    step = np.concatenate([[0], np.cumsum(np.diff(at) > 0)])
    newest = int(step[-1])
    sizes = np.bincount(step)
    unique, place = np.unique(items, return_inverse=True)
    at_unique = np.minimum(np.searchsorted(unique, candidates), len(unique) - 1)
    had = unique[at_unique] == candidates
    return [
        *(np.where(had, one[at_unique], 0) for one in _own(step, place, sizes)),
        *(np.where(had, one[at_unique], absent) for one, absent in _paced(at, step, place)),
        *(np.where(had, one[at_unique], 0) for one in _since_first(step, place, sizes)),
        *habits.known[candidates].T,
        np.full(many, np.log(sizes.mean())),
        np.full(many, (sizes <= SMALL).mean()),
        np.full(many, np.log1p(newest)),
        np.full(many, np.log(sizes[-1])),
    ]


def _own(step: Counts, place: Counts, sizes: Counts) -> list[Floats]:
    """Shares of baskets filled and rates, all and fading; counts lately. One value for each item that was had."""
    fills, ago = 1 / sizes[step], int(step[-1]) - step
    ages = np.arange(int(step[-1]) + 1)
    fades = [(0.5 ** (ago / half), (0.5 ** (ages / half)).sum()) for half in HALVES]
    return [
        np.bincount(place, fills) / (int(step[-1]) + 1),
        *(np.bincount(place, fills * fade) / total for fade, total in fades),
        *(np.bincount(place, fade) / total for fade, total in fades),
        *(np.bincount(place, ago < many) for many in LATELY),
    ]


def _paced(at: Moments, step: Counts, place: Counts) -> list[tuple[Floats, float]]:
    """By the clock, with what stands for an item that was never had: days since, in the customer's own pace too,
    days between two, and how far it is due (1: as long ago as usual; -1: it was had once)."""
    many = int(place.max()) + 1
    last, first = np.full(many, -np.inf), np.full(many, np.inf)
    np.maximum.at(last, place, at)
    np.minimum.at(first, place, at)
    counts = np.bincount(place)
    since = (at[-1] - last) / DAY
    gap = (last - first) / DAY / np.maximum(counts - 1, 1)
    pace = max(float(at[-1] - at[0]) / DAY / max(int(step[-1]), 1), 0.1)
    due = np.where(counts > 1, np.minimum((since + pace) / np.maximum(gap, 0.5), MOST_DUE), -1)
    return [(np.log1p(since), 6.0), (np.log1p(since / pace), 5.0), (np.log1p(gap), 6.0), (due, -1.0)]  # fmt: skip


def _since_first(step: Counts, place: Counts, sizes: Counts) -> list[Floats]:
    """The same rates, counted from the moment in which an item was first had."""
    first = np.full(int(place.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, place, step)
    moments = int(step[-1]) + 1 - first
    return [np.bincount(place) / (moments + 1), np.bincount(place, 1 / sizes[step]) / (moments + 1)]
