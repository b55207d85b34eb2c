"""The real encoders, which need not read the same words again for each test."""

from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np

from bots.language.model import Embedder, Vectors


class Remembering:
    """An encoder that keeps what it has read. Equal texts have equal vectors, whoever is read beside them."""

    def __init__(self, model: Embedder) -> None:
        self._model = model
        self._known: dict[tuple[str, str], Vectors] = {}
        self._lock = Lock()

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def dimensions(self) -> int:
        return self._model.dimensions

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._read("query", texts, self._model.queries)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._read("passage", texts, self._model.passages)

    def _read(
        self, kind: str, texts: Sequence[str], read: Callable[[Sequence[str]], Vectors]
    ) -> Vectors:
        with self._lock:
            new = [text for text in dict.fromkeys(texts) if (kind, text) not in self._known]
            if new:
                self._known |= {(kind, text): row for text, row in zip(new, read(new), strict=True)}
            rows = [self._known[kind, text] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dimensions)
