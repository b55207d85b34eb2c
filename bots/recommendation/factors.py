"""Implicit-feedback matrix factorisation (Hu, Koren, Volinsky 2008) by the library `implicit`. Pure.

A customer's vector is computed from the history when it is asked for, so that nobody has to be known before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from threadpoolctl import threadpool_limits

from bots.recommendation.events import Floats, Ints, Log

ITERATIONS = 15


@dataclass(frozen=True)
class Factors:
    """Items' vectors (items × d), their Gram matrix, and what weighs an event and holds it back."""

    item: Floats
    gram: Floats
    alpha: float
    held: float

    def scored(self, history: Ints) -> Floats:
        """A score for every item."""
        if not len(history):
            return np.zeros(len(self.item), dtype=np.float32)
        own, counts = np.unique(history, return_counts=True)
        known = self.item[own]
        more = (self.alpha * counts).astype(np.float32)
        left = self.gram + (known.T * more) @ known
        left[np.diag_indices_from(left)] += self.held
        right = ((1 + more) @ known).astype(np.float32)
        return np.asarray(self.item @ np.linalg.solve(left, right), dtype=np.float32)


def fitted(log: Log, *, width: int = 64, alpha: float = 10.0, held: float = 5.0) -> Factors:
    from implicit.cpu.als import AlternatingLeastSquares

    shape = (len(log.customers), len(log.items))
    once = coo_matrix((np.ones(len(log.item), np.float32), (log.customer, log.item)), shape).tocsr()
    # Here, after the import: a library that was not there yet was not held to one thread.
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=width,
            alpha=1.0,
            regularization=held,
            iterations=ITERATIONS,
            random_state=7,
            num_threads=1,
        )
        once.data = 1 + alpha * once.data
        model.fit(once, show_progress=False)
    item = np.ascontiguousarray(model.item_factors, dtype=np.float32)
    return Factors(item, item.T @ item, alpha, held)
