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
STRENGTH = 0.1  # how freely it learns: chosen by cross-validation on the texts that are kept back


@dataclass(frozen=True)
class Blend:
    """For the texts of one group: which `parts` are asked, and how their log-odds are weighed, by the manner of
    the text.

    `weights`: shape (inputs, 3), the inputs as `_joined` has them; `bias`: (3,).
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
        manner: Floats,
    ) -> Self:
        """`opinions`: of each part its log-odds (texts, 3) of texts that no part has learnt from."""
        model = LogisticRegression(C=STRENGTH, max_iter=2000)
        model.fit(_joined(parts, opinions, manner), answers)
        return cls(
            parts=tuple(parts),
            weights=model.coef_.T.astype(np.float32),
            bias=model.intercept_.astype(np.float32),
        )

    def chances(self, opinions: Mapping[str, Floats], manner: Floats) -> Floats:
        """Shape (texts, 3); each row is one in sum."""
        return softmax(_joined(self.parts, opinions, manner) @ self.weights + self.bias)


def softmax(logits: Floats) -> Floats:
    risen = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances: Floats = (risen / risen.sum(axis=1, keepdims=True)).astype(np.float32)
    return chances


def _joined(parts: Sequence[str], opinions: Mapping[str, Floats], manner: Floats) -> Floats:
    """Log-odds of each part, the manner, and how the manner turns the two of them that say something: which way,
    and whether at all."""
    centred = [
        np.clip(opinions[part] - opinions[part].mean(axis=1, keepdims=True), -SHARPEST, SHARPEST)
        for part in parts
    ]
    turned = [
        np.stack([one[:, 2] - one[:, 0], one[:, 1]], axis=1) * manner[:, place : place + 1]
        for one in centred
        for place in range(manner.shape[1])
    ]
    joined: Floats = np.concatenate([*centred, manner, *turned], axis=1).astype(np.float32)
    return joined
