"""Questions that belong together: whatever comes near a known topic joins it, and what is left over makes
new ones once enough of it is alike. Pure.

Vectors are unit vectors around the middle of the knowledge base (`bots.learning.clusters.around`). New topics
are found by average linkage: of all pairs of groups the two whose members are nearest on average are joined,
until none is nearer than the limit. Joining a topic asks the same: how near a question is to its members on
average, which for sums of unit vectors is one product. A topic that was found in a few questions may take in
what turns out to be two subjects: once it has grown it is looked at again by itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from bots.language.model import Vectors

JOINS = 0.20  # mean cosine with the members of a topic, from which on a question belongs to it
TOGETHER = 0.22  # mean cosine between two groups, from which on they are one topic
FEWEST = 5  # questions that make a topic
GROWN = 2  # times as large as when it was looked at last: it may have become two
MOST = 4_000  # questions that are looked at together: memory grows with the square

Places = NDArray[np.int64]


def nearest(
    vectors: Vectors, sums: Vectors, sizes: NDArray[np.float32], *, joins: float = JOINS
) -> tuple[Places, NDArray[np.float32]]:
    """(row of its topic or −1, mean cosine with its members) of each vector. `sums` are the sums of the
    members' vectors."""
    if not len(sums) or not len(vectors):
        nothing = np.full(len(vectors), -1, dtype=np.int64)
        return nothing, np.zeros(len(vectors), dtype=np.float32)
    near = vectors @ (sums / np.maximum(sizes, 1.0)[:, None]).T
    best = near.argmax(axis=1).astype(np.int64)
    worth = near[np.arange(len(vectors)), best].astype(np.float32)
    return np.where(worth >= joins, best, -1), worth


def together(vectors: Vectors, *, alike: float = TOGETHER, fewest: int = FEWEST) -> Places:
    """The group of each vector, counted from 0, the largest first; −1 for what belongs to none that is
    large enough. The same vectors in the same order give the same groups."""
    if len(vectors) < max(fewest, 2):
        return np.full(len(vectors), -1, dtype=np.int64)
    tree = linkage(vectors[:MOST].astype(np.float64), method="average", metric="cosine")
    raw = fcluster(tree, t=1.0 - alike, criterion="distance")
    raw = np.concatenate([raw, np.zeros(len(vectors) - len(raw), dtype=raw.dtype)])
    names, counts = np.unique(raw[raw > 0], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    numbers = {int(names[at]): place for place, at in enumerate(order) if counts[at] >= fewest}
    return np.array([numbers.get(int(one), -1) for one in raw], dtype=np.int64)


def is_grown(size: int, looked: int) -> bool:
    """Whether a topic of this size may be two, having been looked at with so many members."""
    return size >= max(3 * FEWEST, GROWN * looked)
