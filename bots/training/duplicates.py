"""The same example twice teaches nothing, and twice on both sides of a split it flatters. Pure."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from bots.training.examples import Example, Problem

NEAR = 0.9  # of the pieces of both, in both
PIECE = 5  # characters
BANDS, ROWS = 16, 4  # two texts that share 0.9 of their pieces meet in a band with 1 - 4e-8
_PRIME = (1 << 31) - 1


def without_duplicates(
    examples: Sequence[Example], progress: Callable[[int], None] = lambda _done: None
) -> tuple[list[Example], list[Problem]]:
    """The first of each; the later ones are told with the line of the first."""
    kept: list[Example] = []
    problems: list[Problem] = []
    asked: dict[tuple[str, str], Example] = {}
    bands: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    pieces: list[frozenset[int]] = []
    for one in examples:
        progress(1)
        same = asked.get((bare(one.question), bare(one.context)))
        if same is not None:
            problems.append(_same(one, same))
            continue
        mine = _pieces(one)
        marks = _bands(mine)
        near = next(
            (
                other
                for mark in marks
                for other in bands[mark]
                if _likeness(mine, pieces[other]) >= NEAR
            ),
            None,
        )
        if near is not None:
            said = f"Nearly the same as line {kept[near].line}."
            problems.append(Problem(one.line, "near", said))
            continue
        for mark in marks:
            bands[mark].append(len(kept))
        asked[bare(one.question), bare(one.context)] = one
        pieces.append(mine)
        kept.append(one)
    return kept, problems


def _same(one: Example, other: Example) -> Problem:
    if bare(one.answer) == bare(other.answer):
        return Problem(one.line, "duplicate", f"The same as line {other.line}.")
    said = f"The question and context of line {other.line} with another answer."
    return Problem(one.line, "duplicate", said)


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _pieces(one: Example) -> frozenset[int]:
    text = f"{bare(one.question)} | {bare(one.context)} | {bare(one.answer)}"
    return frozenset(
        zlib.crc32(text[at : at + PIECE].encode()) for at in range(max(1, len(text) - PIECE + 1))
    )


def _likeness(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other)


_dice = np.random.default_rng(11)
_TIMES = _dice.integers(1, _PRIME, BANDS * ROWS, dtype=np.int64)
_PLUS = _dice.integers(0, _PRIME, BANDS * ROWS, dtype=np.int64)


def _bands(pieces: frozenset[int]) -> list[tuple[int, bytes]]:
    """Smallest values under many random orders, some at a time: the more two texts share, the likelier
    they have such a group in common."""
    values = np.fromiter(pieces, dtype=np.int64) % _PRIME
    least = ((values[:, None] * _TIMES + _PLUS) % _PRIME).min(axis=0).reshape(BANDS, ROWS)
    return [(band, row.tobytes()) for band, row in enumerate(least)]
