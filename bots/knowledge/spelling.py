"""What an unknown word was probably meant to be, found by its trigrams. Pure.

The vocabulary is the knowledge base's own: a word that stands in no article is compared with those
that do. Words that share trigrams are candidates, and the fewest slips of the finger decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

SHORTEST = 4  # letters: anything may be meant by fewer
CANDIDATES = 24
LONG = 8  # letters from which two slips are forgiven


class Spelling:
    """`frequency` says in how many passages each known word stands."""

    def __init__(self, frequency: Mapping[str, int]) -> None:
        self._frequency = frequency
        self._found: dict[str, str | None] = {}

    def meant(self, word: str) -> str | None:
        """The known word that an unknown one is nearest to; None for a known or hopeless one."""
        if word in self._frequency or len(word) < SHORTEST or not word.isalpha():
            return None
        if not word.isascii() and _is_han(word):
            return None
        if word not in self._found:
            if len(self._found) > 10_000:
                self._found.clear()
            self._found[word] = self._nearest(word)
        return self._found[word]

    def _nearest(self, word: str) -> str | None:
        vocabulary, postings = self._index
        lists = [postings[gram] for gram in set(_trigrams(word)) if gram in postings]
        if not lists:
            return None
        places, shared = np.unique(np.concatenate(lists), return_counts=True)
        best = places[np.argsort(-shared, kind="stable")[:CANDIDATES]]
        most = 2 if len(word) >= LONG else 1
        near = [
            (slips, -self._frequency[known], known)
            for known in (vocabulary[place] for place in best)
            if (slips := _slips(word, known, most)) <= most
        ]
        return min(near)[2] if near else None

    @cached_property
    def _index(self) -> tuple[list[str], dict[str, NDArray[np.int32]]]:
        """Built when the first unknown word comes: a tenth of a second for ten thousand words."""
        vocabulary = [
            word for word in self._frequency if len(word) >= SHORTEST - 1 and word.isalpha()
        ]
        places: dict[str, list[int]] = {}
        for place, word in enumerate(vocabulary):
            for gram in set(_trigrams(word)):
                places.setdefault(gram, []).append(place)
        return vocabulary, {gram: np.array(some, np.int32) for gram, some in places.items()}


def _trigrams(word: str) -> Iterator[str]:
    padded = f"  {word} "
    return (padded[at : at + 3] for at in range(len(padded) - 2))


def _is_han(word: str) -> bool:
    return any("\u3400" <= letter <= "\u9fff" for letter in word)


def _slips(one: str, other: str, most: int) -> int:
    """Letters added, left out, changed or swapped with a neighbour; more than `most` is just that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i] + [0] * len(other)
        for j, its in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                row[j] = min(row[j], earlier[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]
