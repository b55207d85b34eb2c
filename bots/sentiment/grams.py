"""Runs of letters and words, hashed: what small networks overlook, a linear model over these hears.

Nothing of the texts it was fitted on is kept: a run of letters is a place in a table of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

Floats = NDArray[np.float32]
PLACES = 2**18
LONGEST = 1_500  # letters of a text that are read
ROUNDS = 60
_WORDS = {"token_pattern": r"\b\w+\b|[!?]+"}
RARE = 16  # steps of rarity for each unit of the logarithm, so that a byte holds it


@dataclass(frozen=True)
class Grams:
    """`rarity`: how telling a place is (inverse document frequency) in steps, shape (PLACES,).

    `weights`: whole numbers of eight bits, shape (PLACES, 3), times `scale` (3,); `bias` (3,).
    """

    chinese: bool
    rarity: NDArray[np.uint8]
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats

    @classmethod
    def fitted(
        cls, texts: Sequence[str], answers: NDArray[np.int64], *, chinese: bool, strength: float
    ) -> Self:
        """Logistic regression; `strength`: how freely it learns, chosen by cross-validation."""
        found = _found(texts, chinese=chinese)
        often = np.bincount(found.indices, minlength=PLACES)
        rarity = np.rint((np.log((1 + len(texts)) / (1 + often)) + 1) * RARE)
        steps = np.clip(rarity, 0, 255).astype(np.uint8)
        model = LogisticRegression(C=strength, max_iter=ROUNDS, tol=1e-3)
        model.fit(_weighed(found, steps), answers)
        weights, bias = model.coef_.T, model.intercept_
        scale = (np.abs(weights).max(axis=0) / 127).astype(np.float32)
        return cls(
            chinese=chinese,
            rarity=steps,
            weights=np.rint(weights / scale).astype(np.int8),
            scale=scale,
            bias=bias.astype(np.float32),
        )

    def logits(self, texts: Sequence[str]) -> Floats:
        """Shape (texts, 3): log-odds of negative, neutral, positive."""
        found = _weighed(_found(texts, chinese=self.chinese), self.rarity) @ self._wide
        logits: Floats = (found * self.scale + self.bias).astype(np.float32)
        return logits

    @cached_property
    def _wide(self) -> Floats:
        return self.weights.astype(np.float32)


def _found(texts: Sequence[str], *, chinese: bool) -> sparse.csr_matrix:
    """How often a text has each run, in Chinese; elsewhere whether it has it. Shape (texts, PLACES)."""
    said = [text[:LONGEST].lower() for text in texts]
    if chinese:
        return _hashed(said, analyzer="char", ngram_range=(1, 2))
    words = _hashed(said, analyzer="word", ngram_range=(1, 2), **_WORDS)
    both: sparse.csr_matrix = words + _hashed(said, analyzer="char_wb", ngram_range=(3, 5))
    both.data[:] = 1
    return both


def _weighed(found: sparse.csr_matrix, rarity: NDArray[np.uint8]) -> sparse.csr_matrix:
    """Each run by how telling it is; each text of length one."""
    weighed = found.astype(np.float32)
    weighed.data = (1 + np.log(weighed.data)) * (rarity[weighed.indices] / np.float32(RARE))
    scaled: sparse.csr_matrix = normalize(weighed, copy=False)
    return scaled


def _hashed(texts: Sequence[str], **how: Any) -> sparse.csr_matrix:
    hashing = HashingVectorizer(
        n_features=PLACES, alternate_sign=False, norm=None, dtype=np.float32, **how
    )
    found: sparse.csr_matrix = hashing.transform(texts)
    return found
