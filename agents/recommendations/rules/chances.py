"""Which items are shown where, partly by chance, so that it can be told later what another order would have done. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placed:
    """`candidate` counts in the given order from 0; `propensity` is the chance it had at this position, given what
    stands before it."""

    candidate: int
    propensity: float


def placed(
    candidates: int, *, many: int, explore: float, chance: random.Random
) -> Sequence[Placed]:
    """Each position takes the best one left, or with probability `explore` any one left."""
    left, found = list(range(candidates)), list[Placed]()
    while left and len(found) < many:
        drawn = chance.choice(left) if chance.random() < explore else left[0]
        propensity = explore / len(left) + (1 - explore if drawn == left[0] else 0)
        found.append(Placed(drawn, propensity))
        left.remove(drawn)
    return found
