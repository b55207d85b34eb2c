"""Do two articles say the same? Pure."""

from __future__ import annotations

from bots.language.model import Vectors
from bots.learning.verdict import said_in, telling

ALIKE = 0.62  # of what they are asked by, and of what they say: cosines around the middle
SHARED = 0.8  # of the shorter one's sentences, word for word


def likeness(one: tuple[Vectors, Vectors], other: tuple[Vectors, Vectors]) -> float:
    """0…1: how near the texts come on average, each to its nearest in the other article. Both pairs
    are (asked by, says), unit vectors around the middle; what one of them lacks is not counted."""
    parts = [
        _mutual(mine, theirs)
        for mine, theirs in zip(one, other, strict=True)
        if len(mine) and len(theirs)
    ]
    return max(0.0, sum(parts) / len(parts)) if parts else 0.0


def _mutual(one: Vectors, other: Vectors) -> float:
    near = one @ other.T
    return float((near.max(axis=1).mean() + near.max(axis=0).mean()) / 2)


def says_the_same(alike: float, one: str, other: str) -> bool:
    """By what they mean, or because nearly all of the shorter one stands in the longer one."""
    return alike >= ALIKE or _is_contained(one, other)


def _is_contained(one: str, other: str) -> bool:
    short, long = sorted(
        ([telling(s) for s in said_in(text)] for text in (one, other)),
        key=lambda found: sum(map(len, found)),
    )
    wanted = [words for words in short if len(words) >= 3]
    if len(wanted) < 2:
        return False
    held = set(long)
    return sum(words in held for words in wanted) >= SHARED * len(wanted)
