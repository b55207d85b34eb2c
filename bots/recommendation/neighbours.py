"""What is taken with an item, and what after it: nearest neighbours from what stands close in histories. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix

from bots.recommendation.events import Floats, Ints, Log

KEPT = 100  # neighbours of an item
SHRINK = 5.0  # occurrences that a rare item's likeness is held back by
AT_ONCE = 4_000_000  # pairs that are counted in one go


@dataclass(frozen=True)
class Neighbours:
    """Rows of a sparse matrix: `item[start[i]:start[i + 1]]` are the neighbours of `i`."""

    start: NDArray[np.int64]
    item: Ints
    weight: Floats

    def of(self, item: int) -> tuple[Ints, Floats]:
        here = slice(self.start[item], self.start[item + 1])
        return self.item[here], self.weight[here]

    def scored(self, history: Ints, weights: Floats) -> Floats:
        """A score for every item: the sum over the history's items, weighted."""
        parts = [self.of(int(item)) for item in history]
        if not parts:
            return np.zeros(len(self.start) - 1, dtype=np.float32)
        score = np.bincount(
            np.concatenate([items for items, _ in parts]),
            np.concatenate([w * by for (_, w), by in zip(parts, weights, strict=True)]),
            minlength=len(self.start) - 1,
        )
        return score.astype(np.float32)


def together(log: Log, *, reach: int) -> Neighbours:
    """Cosine-like: how often two items stand within `reach` events of each other, over how often they occur."""
    counted = _counted(log, reach, decay=0.0)
    both = counted + counted.T
    many = np.bincount(log.item, minlength=len(log.items)) + SHRINK
    return _nearest(both, 1 / np.sqrt(many), 1 / np.sqrt(many))


def following(log: Log, *, reach: int) -> Neighbours:
    """Directed: how often an item comes soon after another, nearer ones counting more."""
    many = np.bincount(log.item, minlength=len(log.items)) + SHRINK
    return _nearest(_counted(log, reach, decay=1.0), 1 / many, 1 / many**0.25)


def following_baskets(log: Log) -> Neighbours:
    """Directed, where what bears one moment was taken together: what is in the basket after one in which an item is."""
    fresh = np.concatenate([[True], (np.diff(log.at) != 0) | (np.diff(log.customer) != 0)])
    basket = np.cumsum(fresh) - 1
    shape = (int(basket[-1]) + 1, len(log.items))
    held = coo_matrix((np.ones(len(basket), np.float32), (basket, log.item)), shape).tocsr()
    held.data[:] = 1  # of one item several are one
    same = np.diff(log.customer[fresh]) == 0
    before, after = held[:-1][same], held[1:][same]
    found = (before.T @ after).tocoo()
    other = found.row != found.col  # coming back is the customer's own habit
    pairs = (found.row[other], found.col[other])
    counted = coo_matrix((found.data[other], pairs), found.shape).tocsr()
    many = np.bincount(log.item, minlength=len(log.items)) + SHRINK
    return _nearest(counted, 1 / many, 1 / many**0.25)


def _counted(log: Log, reach: int, decay: float) -> csr_matrix:
    many = len(log.items)
    total = csr_matrix((many, many), dtype=np.float32)
    rows: list[Ints] = []
    columns: list[Ints] = []
    weights: list[Floats] = []
    for step in range(1, reach + 1):
        same = (log.customer[step:] == log.customer[:-step]) & (log.item[step:] != log.item[:-step])
        rows.append(log.item[:-step][same])
        columns.append(log.item[step:][same])
        weights.append(np.full(int(same.sum()), 1 / step**decay, dtype=np.float32))
        if sum(map(len, rows)) > AT_ONCE or step == reach:
            pair = (np.concatenate(rows), np.concatenate(columns))
            total = total + coo_matrix((np.concatenate(weights), pair), (many, many)).tocsr()
            rows, columns, weights = [], [], []
    return total


def _nearest(
    counts: csr_matrix, before: NDArray[np.float64], after: NDArray[np.float64]
) -> Neighbours:
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    weight = counts.data * before[rows] * after[counts.indices]
    order = np.lexsort((-weight, rows))
    begin = counts.indptr[:-1][rows[order]]
    order = order[np.arange(len(order)) - begin < KEPT]
    many = np.bincount(rows[order], minlength=counts.shape[0])
    start = np.concatenate([[0], np.cumsum(many)]).astype(np.int64)
    return Neighbours(
        start, counts.indices[order].astype(np.int32), weight[order].astype(np.float32)
    )
