"""How good a ranking is: HR, NDCG and recall at ten. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

AT = 10


@dataclass(frozen=True)
class Figures:
    """Means over cases; for single wanted items `recall` is the hit rate."""

    cases: int
    hit: float
    ndcg: float
    recall: float

    def told(self) -> dict[str, float]:
        return {
            "hr@10": round(self.hit, 4),
            "ndcg@10": round(self.ndcg, 4),
            "recall@10": round(self.recall, 4),
        }


def figures(pairs: Iterable[tuple[Sequence[int], Sequence[int]]]) -> Figures:
    """Of (ranked items, wanted items); only the first ten of a ranking count."""
    found = [one(ranked, wanted) for ranked, wanted in pairs]
    if not found:
        return Figures(0, 0.0, 0.0, 0.0)
    hit, ndcg, recall = np.asarray(found).mean(axis=0)
    return Figures(len(found), float(hit), float(ndcg), float(recall))


def one(ranked: Sequence[int], wanted: Sequence[int]) -> tuple[float, float, float]:
    """HR, NDCG and recall of one ranking."""
    asked = {int(item) for item in wanted}
    places = [place for place, item in enumerate(ranked[:AT]) if int(item) in asked]
    best = sum(1 / np.log2(2 + place) for place in range(min(len(asked), AT)))
    gain = sum(1 / np.log2(2 + place) for place in places)
    return float(bool(places)), float(gain / best), len(places) / len(asked)
