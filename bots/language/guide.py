"""Keeping a small model to its passages while it writes: only their words, and rather in their order.

A model of this size, left alone, puts its own policy into most of its sentences; a gate then has to
stop it. Guided, it can still choose what to say and where to end, but not which figures there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from bots.language.decoder import Row

PULL = 6.0  # for a word that follows the newest two in a passage
NUDGE = 2.0  # for a word that follows the newest one
OPENERS = "Yes No You We To The It If Please Your Our In For This There They These I"
BRIDGES = (
    "a an and are as at be by can do for from if in is it its need not of on only or our so that the "
    "their then there this to until we when will with within you your"
)
POINTS = [".", ",", "!", ":", ";", "'s", "'re", "'ll"]


class Guide:
    """Adds to the scores of one answer. Not shared between answers."""

    def __init__(
        self, encode: Any, texts: Sequence[str], *, ends: frozenset[int], size: int
    ) -> None:
        self._closed = np.full(size, -np.inf, np.float32)
        self._after: dict[tuple[int, ...], set[int]] = {}
        for text in texts:
            self._learn(encode(text))
            self._learn(encode(" " + text))
        for word in {*re.findall(r"\w+", " ".join(texts)), *OPENERS.split(), *BRIDGES.split()}:
            for form in (" " + word, " " + word.lower(), word[:1].upper() + word[1:]):
                ids = encode(form)
                if len(ids) == 1:
                    self._open(ids)
        self._open([ids[0] for point in POINTS if len(ids := encode(point)) == 1])
        self._open(list(ends))

    def apply(self, scores: Row, said: Sequence[int]) -> Row:
        """The scores of the next word, shape (words,), with what the passages make of them."""
        guided: Row = scores + self._closed
        for count, bonus in ((1, NUDGE), (2, PULL)):
            follows = self._after.get(tuple(said[-count:])) if len(said) >= count else None
            if follows:
                guided[list(follows)] += bonus
        return guided

    def _learn(self, ids: Sequence[int]) -> None:
        self._open(ids)
        for at, following in enumerate(ids):
            for count in (1, 2):
                if at >= count:
                    self._after.setdefault(tuple(ids[at - count : at]), set()).add(following)

    def _open(self, ids: Sequence[int]) -> None:
        self._closed[list(ids)] = 0.0
