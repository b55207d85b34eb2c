"""Several opinions of a text → chances that are true: stacked by logistic regression on texts unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
LABELS_READ = 3  # the first columns of an opinion; the others are chances of kinds
SHARPEST = 8.0  # log-odds beyond this say no more
STRENGTH = 0.3  # how freely it learns: chosen by cross-validation on the texts that are kept back


@dataclass(frozen=True, slots=True)
class First:
    """What is asked before the rest, and how `sure` it has to be for the rest not to be asked."""

    parts: tuple[str, ...]
    sure: float


FIRST: Mapping[str, First] = {"en": First(("bge",), 0.7), "zh": First(("grams-zh",), 0.9)}
"""By group: where these were so sure, they were as often right as the whole blend, on texts kept back."""


def sure_enough(group: str) -> float:
    """How sure what is asked first has to be; of a group without such a thing everything is asked."""
    return FIRST[group].sure if group in FIRST else 1.0


@dataclass(frozen=True)
class Blend:
    """For the texts of one group: which `parts` are asked, and how their log-odds are weighed, by the kind of
    text that the first of them takes it for, or else by its manner.

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
        """`opinions`: what each part says of texts that no part has learnt from, shape (texts, 3) its
        log-odds, or (texts, 3 + kinds) with its chances of kinds behind them."""
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


def in_turn(
    first: Blend | None,
    whole: Blend,
    ask: Callable[[str, Places], Floats],
    manner: Floats,
    *,
    sure: float,
) -> Floats:
    """Chances, shape (texts, 3): `first` has some of the parts, and only texts of which it is less than `sure`
    are read by the others, too. `ask` gives a part's opinion of the texts at some places."""
    every = np.arange(len(manner))
    said = {part: ask(part, every) for part in (first.parts if first else ())}
    chances = first.chances(said, manner) if first else np.zeros((len(manner), 3), np.float32)
    left = np.flatnonzero(chances.max(axis=1) < sure)
    if len(left):
        opinions = {
            part: said[part][left] if part in said else ask(part, left) for part in whole.parts
        }
        chances[left] = whole.chances(opinions, manner[left])
    return chances


def softmax(logits: Floats) -> Floats:
    risen = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances: Floats = (risen / risen.sum(axis=1, keepdims=True)).astype(np.float32)
    return chances


def _joined(parts: Sequence[str], opinions: Mapping[str, Floats], manner: Floats) -> Floats:
    """Log-odds of each part, the kind or manner of the text, and how that turns the two of them that say
    something: which way, and whether at all."""
    odds = [opinions[part][:, :LABELS_READ] for part in parts]
    centred = [np.clip(one - one.mean(axis=1, keepdims=True), -SHARPEST, SHARPEST) for one in odds]
    kinds = opinions[parts[0]][:, LABELS_READ:]
    manner = kinds if kinds.shape[1] else manner
    turned = [
        np.stack([one[:, 2] - one[:, 0], one[:, 1]], axis=1) * manner[:, place : place + 1]
        for one in centred
        for place in range(manner.shape[1])
    ]
    joined: Floats = np.concatenate([*centred, manner, *turned], axis=1).astype(np.float32)
    return joined
