"""A suggestion and what was sent in the end → what it was worth. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

KEPT = 0.4  # of likeness: with less left of it, somebody wrote their own words


@dataclass(frozen=True, slots=True)
class Match:
    """`distance`: letters typed or taken away to get from one to the other; `likeness` the share
    that stayed, 0 to 1 (1 - distance / the longer text). `place` is the message's, from 0."""

    place: int
    distance: int
    likeness: float

    @property
    def is_verbatim(self) -> bool:
        return self.distance == 0


def compared(suggested: str, said: Sequence[str]) -> Match | None:
    """The message that kept most of a suggestion; None when none kept enough of it.

    Blanks and line ends do not count. A suggestion that stands whole in a longer message was used.
    """
    words = _bare(suggested)
    if not words:
        return None
    best: Match | None = None
    for place, text in enumerate(map(_bare, said)):
        distance = Levenshtein.distance(words, text)
        likeness = 1 - distance / max(len(words), len(text))
        if likeness < KEPT and words not in text:
            continue
        if best is None or distance < best.distance:
            best = Match(place, distance, round(likeness, 4))
    return best


def _bare(text: str) -> str:
    return " ".join(text.split())
