"""Encoders that remember what they encoded: fits read the same texts many times over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bots.knowledge.vectors import Encoders, encoders_for_many
from bots.language.model import Embedder, Vectors


class Remembered:
    """Another `Embedder`, each text of which is encoded once in the life of the process."""

    def __init__(self, inner: Embedder) -> None:
        self.inner = inner
        self.name, self.dimensions = inner.name, inner.dimensions
        self._queries: dict[str, Vectors] = {}
        self._passages: dict[str, Vectors] = {}

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._of(self._queries, texts, self.inner.queries)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._of(self._passages, texts, self.inner.passages)

    def _of(
        self,
        held: dict[str, Vectors],
        texts: Sequence[str],
        encode: Callable[[Sequence[str]], Vectors],
    ) -> Vectors:
        if missing := list(dict.fromkeys(text for text in texts if text not in held)):
            held.update(zip(missing, encode(missing), strict=True))
        found = np.array([held[text] for text in texts], dtype=np.float32)
        return found.reshape(len(texts), self.dimensions)


def remembered() -> Encoders:
    """All that is configured, in the form that reads thousands of texts soonest."""
    known = encoders_for_many()
    return Encoders(
        Remembered(known.every), None if known.english is None else Remembered(known.english)
    )
