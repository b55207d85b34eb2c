"""What the batch asks of a network: one pass over pieces of several conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Row: TypeAlias = "NDArray[np.float32]"


@dataclass(frozen=True)
class Piece:
    """Some tokens of one conversation: `tokens[0]` stands at place `start` of row `row`.

    `told`: after how many of them, counted from the last, the scores of the next word are wanted.
    """

    row: int
    start: int
    tokens: Sequence[int]
    told: int = 1


def is_single(piece: Piece, row: int) -> bool:
    """The newest token of the row that is next in order: these go through a network together."""
    return piece.row == row and len(piece.tokens) == 1 and piece.told == 1


class Scores(Protocol):
    """One line of scores for each token that was told of, in the order of the pieces."""

    def best(self) -> list[int]:
        """The word with the highest score, for every line."""
        ...

    def line(self, number: int) -> Row:
        """The scores of every word, float32; valid until the next pass."""
        ...


class Decoder(Protocol):
    """Weights, and the keys and values of up to `slots` conversations of up to `context` tokens.

    Row r belongs to one conversation; whoever calls says which are in use. One thread at a time.
    """

    slots: int
    context: int
    vocabulary: int
    backend: str
    precision: str
    digest: str
    ends: frozenset[int]

    def step(self, pieces: Sequence[Piece]) -> Scores:
        """Quickest when single tokens come first, on rows 0, 1, …; each row at most once."""
        ...

    def move(self, row: int, to: int, count: int) -> None:
        """The first `count` places of one row become those of another."""
        ...

    def copied(self, row: int, count: int) -> Any:
        """What a row knows of its first `count` places; has `nbytes`."""
        ...

    def fill(self, row: int, known: Any) -> int:
        """Give a row what was copied; returns how many places that is."""
        ...

    def rest(self) -> None:
        """Nobody is being answered: what rows hold may be given back to the system."""
        ...
