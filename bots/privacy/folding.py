"""Text as it is compared: full-width forms, foreign digits, hidden signs and odd dashes are folded.

Who writes ４１１１ or puts invisible characters between digits writes a card number all the same.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_HIDDEN = frozenset({"Cf", "Mn", "Me"})  # zero-width, direction, marks above and around


@dataclass(frozen=True, slots=True)
class Folded:
    """`places[i]` is where in the original the character `text[i]` comes from; never falling."""

    text: str
    places: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original that `text[start:end]` comes from; `end` is after `start`."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    if text.isascii():
        return Folded(text.replace("\t", " "), range(len(text)))
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = _plain(character)
        characters.append(plain)
        places.extend([place] * len(plain))
    return Folded("".join(characters), places)


@lru_cache(maxsize=4_096)
def _plain(character: str) -> str:
    """What one character says; nothing for one that is not seen."""
    return "".join(map(_simple, unicodedata.normalize("NFKC", character)))


def _simple(character: str) -> str:
    category = unicodedata.category(character)
    if category in _HIDDEN:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    return " " if category == "Zs" or character == "\t" else character
