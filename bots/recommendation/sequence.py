"""A transformer over a customer's events, next item by next item: its weights and how it is asked, in numpy.

The architecture is SASRec's (Kang and McAuley 2018): causal self-attention, layers normalised before they compute, one
table of items for input and output.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bots.recommendation.events import Floats, Ints

TINY = 1e-5  # torch's LayerNorm


@dataclass(frozen=True)
class Sequence:
    """The weights by the names that torch gave them; `heads` is not to be seen in them."""

    weights: Mapping[str, Floats]
    heads: int

    @property
    def longest(self) -> int:
        return int(self.weights["places.weight"].shape[0])

    @property
    def blocks(self) -> int:
        return sum(name.endswith(".first.weight") for name in self.weights)

    def scored(self, history: Ints) -> Floats:
        """The log-probability of each item to be the next; zeros when there is no history."""
        table = self.weights["items.weight"]
        if not len(history):
            return np.zeros(len(table), dtype=np.float32)
        logits = table @ self.state(history[-self.longest :]) + self.weights["bias"]
        top = float(logits.max())
        return np.asarray(logits - (top + math.log(float(np.exp(logits - top).sum()))))

    def state(self, items: Ints) -> Floats:
        """What the network makes of these items, d numbers."""
        width = self.weights["items.weight"].shape[1]
        x = self.weights["items.weight"][items] * math.sqrt(width)
        x = x + self.weights["places.weight"][: len(items)]
        for block in range(self.blocks):
            x = x + self._attended(self._normal(x, f"blocks.{block}.before"), block)
            x = x + self._fed(self._normal(x, f"blocks.{block}.between"), block)
        last: Floats = self._normal(x[-1:], "after")[0]
        return last

    def _normal(self, x: Floats, name: str) -> Floats:
        apart = x - x.mean(axis=1, keepdims=True)
        spread = np.sqrt((apart * apart).mean(axis=1, keepdims=True) + np.float32(TINY))
        found: Floats = apart / spread * self.weights[f"{name}.weight"]
        return found + self.weights[f"{name}.bias"]

    def _linear(self, x: Floats, name: str) -> Floats:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _attended(self, x: Floats, block: int) -> Floats:
        many, width = x.shape
        three = self._linear(x, f"blocks.{block}.three").reshape(
            many, 3, self.heads, width // self.heads
        )
        asks, keys, values = three.transpose(1, 2, 0, 3)  # each heads × items × width
        scores = asks @ keys.transpose(0, 2, 1) / np.float32(math.sqrt(width // self.heads))
        scores = np.where(np.tri(many, dtype=bool), scores, np.float32(-1e9))
        scores = np.exp(scores - scores.max(axis=2, keepdims=True))
        mixed = (scores / scores.sum(axis=2, keepdims=True)) @ values
        return self._linear(mixed.transpose(1, 0, 2).reshape(many, width), f"blocks.{block}.out")

    def _fed(self, x: Floats, block: int) -> Floats:
        return self._linear(
            np.maximum(self._linear(x, f"blocks.{block}.first"), 0), f"blocks.{block}.second"
        )
