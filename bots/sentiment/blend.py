"""Several opinions of a text → chances that are true: stacked by logistic regression on texts unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float32]
SHARPEST = 8.0  # log-odds beyond this say no more


@dataclass(frozen=True)
class Blend:
    """For the texts of one group: which `parts` are asked, and how their log-odds are weighed.

    `weights`: shape (3 * parts, 3); `bias`: (3,).
    """

    parts: tuple[str, ...]
    weights: Floats
    bias: Floats

    @classmethod
    def fitted(
        cls,
        parts: Sequence[str],
        opinions: Mapping[str, Floats],
        answers: NDArray[np.int64],
        *,
        importance: NDArray[np.float64] | None = None,
    ) -> Self:
        """`opinions`: of each part its log-odds (texts, 3) of texts that no part has learnt from."""
        model = LogisticRegression(C=1.0, max_iter=500)
        model.fit(_joined(parts, opinions), answers, sample_weight=importance)
        return cls(
            parts=tuple(parts),
            weights=model.coef_.T.astype(np.float32),
            bias=model.intercept_.astype(np.float32),
        )

    def chances(self, opinions: Mapping[str, Floats]) -> Floats:
        """Shape (texts, 3); each row is one in sum."""
        return softmax(_joined(self.parts, opinions) @ self.weights + self.bias)


def softmax(logits: Floats) -> Floats:
    risen = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances: Floats = (risen / risen.sum(axis=1, keepdims=True)).astype(np.float32)
    return chances


def _joined(parts: Sequence[str], opinions: Mapping[str, Floats]) -> Floats:
    centred = [opinions[part] - opinions[part].mean(axis=1, keepdims=True) for part in parts]
    joined: Floats = np.clip(np.concatenate(centred, axis=1), -SHARPEST, SHARPEST)
    return joined
