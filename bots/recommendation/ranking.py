"""How candidates are ordered: a small network over what is known of each, or one part alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bots.recommendation.events import Floats

LIMIT = 5.0  # standard deviations beyond which a value is cut off


@dataclass(frozen=True)
class Ranking:
    """Several networks of one hidden layer; their mean counts. Inputs are standardised by mean and spread."""

    mean: Floats
    spread: Floats
    weights: Sequence[Mapping[str, Floats]]
    covered: float  # the share of what came next that was among the candidates

    def scored(self, known: Floats) -> Floats:
        """Logits of the candidates (rows of `known`); an older ranking knows fewer columns, the first ones."""
        x = np.clip((known[:, : len(self.mean)] - self.mean) / self.spread, -LIMIT, LIMIT)
        total = np.zeros(len(x), dtype=np.float32)
        for one in self.weights:
            hidden = np.maximum(x @ one["first.weight"].T + one["first.bias"], 0)
            total += (hidden @ one["second.weight"].T)[:, 0] + (x @ one["direct.weight"].T)[:, 0]
        return np.asarray(total / max(len(self.weights), 1), dtype=np.float32)

    def chances(self, known: Floats) -> Floats:
        """Probabilities of being the next, of each candidate; they add up to `covered`."""
        logits = self.scored(known)
        chances = np.exp(logits - logits.max()) if len(logits) else logits
        return np.asarray(chances / max(float(chances.sum()), 1e-9) * self.covered)
