"""What many prompts begin with is read once: the instructions, an article."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from bots.language.decoder import Decoder

KEPT = 96 << 20  # bytes of keys and values


class Beginnings:
    """Keys and values of prompts' beginnings (the instructions, an article), for who begins alike."""

    def __init__(self, decoder: Decoder, limit: int = KEPT) -> None:
        self._decoder = decoder
        self._limit = limit
        self._kept: OrderedDict[tuple[int, ...], Any] = OrderedDict()
        self._bytes = 0

    def recall(self, prompt: Sequence[int], marks: Sequence[int], row: int) -> int:
        """Fill the row with the longest known beginning; returns its length in tokens."""
        for mark in sorted(marks, reverse=True):
            beginning = tuple(prompt[:mark])
            known = self._kept.get(beginning)
            if known is not None and mark < len(prompt):
                self._kept.move_to_end(beginning)
                return self._decoder.fill(row, known)
        return 0

    def keep(self, prompt: Sequence[int], marks: Sequence[int], row: int, read: int) -> None:
        """The row holds the first `read` tokens of the prompt."""
        for mark in marks:
            beginning = tuple(prompt[:mark])
            if 0 < mark <= read and beginning not in self._kept:
                known = self._kept[beginning] = self._decoder.copied(row, mark)
                self._bytes += known.nbytes
        while self._bytes > self._limit:
            self._bytes -= self._kept.popitem(last=False)[1].nbytes

    def knows(self, prompt: Sequence[int], mark: int) -> bool:
        return tuple(prompt[:mark]) in self._kept
