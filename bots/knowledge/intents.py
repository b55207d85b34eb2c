"""Which intent a message has, learnt from a few examples of each. Pure arithmetic, no torch.

Kernel ridge regression over both encoders' vectors: one system of equations for all intents, solved
in a second for 1,500 examples. Its answers to each example as if that one had been left out are
exact and free; they tell how sure the numbers are, so that a score becomes a probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bots.language.model import Vectors

# Chosen on halves of public intent sets by `benchmarks/intents.py`; figures in docs/performance.md.
EVERY = 0.15  # what the multilingual encoder weighs beside the English one
STEEP = 3.0  # how fast likeness falls with distance
RIDGE = 0.3
MOST = 2_000  # examples of one head: twice as many take eight times as long
SHARPNESS = (3.0, 5.0, 8.0, 12.0, 18.0, 27.0, 40.0)
FEW = 3  # examples of an intent, on average: with fewer there is nothing to learn


@dataclass(frozen=True)
class Intent:
    """`probability` of this one; `entropy` of all, 0 (certain) to 1 (no idea); `score` falls where
    nothing like the message was among the examples."""

    name: str
    probability: float
    entropy: float
    score: float


NO_INTENT = Intent("", 0.0, 1.0, 0.0)


@dataclass(frozen=True)
class Examples:
    """One row for each example; unit length. `english` is None where that encoder has no say."""

    names: Sequence[str]
    every: Vectors
    english: Vectors | None = None


@dataclass(frozen=True)
class IntentHead:
    """What was learnt. `known` are the intents; `of` tells which one messages have."""

    known: tuple[str, ...]
    _given: Examples
    _middle: Vectors
    _english_middle: Vectors | None
    _weights: NDArray[np.float64]
    _usual: NDArray[np.float64]
    sharpness: float

    @classmethod
    def learn(cls, given: Examples) -> IntentHead | None:
        """None where there are too few examples, or only one intent."""
        known = tuple(sorted(set(given.names)))
        if len(known) < 2 or not FEW * len(known) <= len(given.names) <= MOST:
            return None
        places = {name: place for place, name in enumerate(known)}
        truth = np.array([places[name] for name in given.names])
        middle = given.every.mean(0)
        second = None if given.english is None else given.english.mean(0)
        like = _likeness(given, given, middle, second)
        answers = np.zeros((len(truth), len(known)))
        answers[np.arange(len(truth)), truth] = 1.0
        usual = answers.mean(0)
        inverse = np.linalg.inv(like + RIDGE * np.eye(len(truth)))
        weights = inverse @ (answers - usual)
        left_out = answers - weights / np.diag(inverse)[:, None]
        sharpness = _sharpest(left_out, truth)
        return cls(known, given, middle, second, weights, usual, sharpness)

    def scores(self, every: Vectors, english: Vectors | None) -> NDArray[np.float64]:
        """About 1 for the right intent and 0 for all others: shape (messages, intents)."""
        asked = Examples((), every, english)
        like = _likeness(asked, self._given, self._middle, self._english_middle)
        scores: NDArray[np.float64] = like @ self._weights + self._usual
        return scores

    def of(self, every: Vectors, english: Vectors | None) -> list[Intent]:
        """The likeliest intent of each message; one row of vectors each."""
        scores = self.scores(every, english)
        chances = chances_of(scores, self.sharpness)
        best = chances.argmax(1)
        unsure = -(chances * np.log(np.maximum(chances, 1e-12))).sum(1) / np.log(len(self.known))
        return [
            Intent(
                self.known[place],
                float(chances[row, place]),
                float(np.clip(unsure[row], 0.0, 1.0)),
                float(scores[row, place]),
            )
            for row, place in enumerate(best)
        ]


@dataclass(frozen=True)
class Intents:
    """One head for messages that both encoders read, one for all others."""

    bilingual: Examples | None
    alone: Examples

    @cached_property
    def _both(self) -> IntentHead | None:
        return None if self.bilingual is None else IntentHead.learn(self.bilingual)

    @cached_property
    def _one(self) -> IntentHead | None:
        return IntentHead.learn(self.alone)

    def of(self, every: Vectors, english: Vectors | None) -> Intent:
        """Of one message; `NO_INTENT` where the articles have too few examples to learn from.

        The first call learns: a second for 1,500 examples.
        """
        if english is not None and self._both is not None:
            return self._both.of(every[None], english[None])[0]
        return NO_INTENT if self._one is None else self._one.of(every[None], None)[0]


def chances_of(scores: NDArray[np.float64], sharpness: float) -> NDArray[np.float64]:
    """Scores as probabilities that add up to one."""
    raised = np.exp(sharpness * (scores - scores.max(1, keepdims=True)))
    chances: NDArray[np.float64] = raised / raised.sum(1, keepdims=True)
    return chances


def _sharpest(left_out: NDArray[np.float64], truth: NDArray[np.int_]) -> float:
    """With which the examples, each left out in turn, are likeliest."""
    rows = np.arange(len(truth))

    def likely(sharpness: float) -> float:
        return float(np.log(chances_of(left_out, sharpness)[rows, truth] + 1e-9).mean())

    return max(SHARPNESS, key=likely)


def _likeness(
    asked: Examples, given: Examples, middle: Vectors, english_middle: Vectors | None
) -> NDArray[np.float64]:
    """1 for the same words, less for others: shape (asked, given)."""
    cosine = _centred(asked.every, middle) @ _centred(given.every, middle).T
    if asked.english is not None and given.english is not None and english_middle is not None:
        second = _centred(asked.english, english_middle) @ _centred(given.english, english_middle).T
        cosine = (second + EVERY * cosine) / (1 + EVERY)
    likeness: NDArray[np.float64] = np.exp(STEEP * (cosine.astype(np.float64) - 1))
    return likeness


def _centred(vectors: Vectors, middle: Vectors) -> Vectors:
    apart = vectors - middle
    centred: Vectors = apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
    return centred
