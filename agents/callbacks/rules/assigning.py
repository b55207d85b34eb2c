"""Which call is made in which slot: as many answers as the agents' time allows, and nobody put off for it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

A_DAY_COSTS = 0.05  # of the chance of an answer: waiting a day longer must be worth that
FIRST_IN_LINE = (
    0.02  # more for the first than for the last, so that of two alike the earlier one is first
)
_NEVER = -1e6


def assign(
    chances: NDArray[np.float64],
    delays: NDArray[np.float64],
    free: Sequence[int],
    allowed: NDArray[np.bool_] | None = None,
) -> list[int | None]:
    """For each call, in the order of the line, its slot; None: there is no room for it.

    `chances` of an answer and `delays` in days, calls × slots; `free` places of each slot. The sum of what each
    is worth is as large as it can be (Jonker and Volgenant 1987, as scipy has it)."""
    calls, slots = chances.shape
    if not calls or not slots or not sum(free):
        return [None] * calls
    line = FIRST_IN_LINE * (1.0 - np.arange(calls) / max(1, calls))[:, None]
    worth = chances - A_DAY_COSTS * delays + line * chances
    if allowed is not None:
        worth = np.where(allowed, worth, _NEVER)
    # More places in a slot than there are calls can't be taken.
    places = np.repeat(np.arange(slots), np.minimum(np.asarray(free, dtype=np.int64), calls))
    rows, columns = linear_sum_assignment(worth[:, places], maximize=True)
    found: list[int | None] = [None] * calls
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if worth[row, places[column]] > _NEVER:
            found[row] = int(places[column])
    return found
