"""Whether rows are still like those that were learnt from: told by the inputs alone, column by column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.prediction.columns import UNSEEN, Column, Floats
from agents.prediction.moments import cuts_of

BINS = 10
MOVED = 0.25  # population stability index: from here on a column is another one (Siddiqi 2006)
NEW_MOMENTS = 0.3  # share of rows at moments that were never seen
_FLOOR = 1e-4


@dataclass(frozen=True, slots=True)
class Seen:
    """How a column was spread: shares by word, or between `edges`; the last is "nothing there"."""

    name: str
    is_words: bool
    edges: tuple[float, ...]
    shares: tuple[float, ...]

    def spread(self, values: Floats) -> Floats:
        size = len(self.shares)
        if self.is_words:
            places = np.where(values == UNSEEN, size - 1, values).astype(np.int64)
        else:
            places = np.searchsorted(self.edges, values, side="right")
            places = np.where(np.isnan(values), size - 1, places)
        counted: Floats = np.bincount(places, minlength=size) / max(1, len(values))
        return counted

    def moved(self, values: Floats) -> float:
        """The population stability index, less what chance alone makes of so few rows."""
        now = np.maximum(self.spread(values), _FLOOR)
        was = np.maximum(np.array(self.shares), _FLOOR)
        index = float(((now - was) * np.log(now / was)).sum())
        return max(0.0, index - (len(was) - 1) / max(1, len(values)))

    def stored(self) -> list[Any]:
        return [self.name, self.is_words, list(self.edges), list(self.shares)]


def seen_of(column: Column, values: Floats) -> Seen:
    if column.kind == "words":
        blank = Seen(column.name, column.kind == "words", (), (0.0,) * (len(column.words) + 1))
    else:
        edges = cuts_of(values[~np.isnan(values)], BINS)
        blank = Seen(column.name, column.kind == "words", edges, (0.0,) * (len(edges) + 2))
    return Seen(blank.name, blank.is_words, blank.edges, tuple(blank.spread(values).tolist()))


def seen_from(stored: Sequence[Any]) -> Seen:
    name, is_words, edges, shares = stored
    return Seen(name, is_words, tuple(edges), tuple(shares))


@dataclass(frozen=True, slots=True)
class Verdict:
    """`has_drifted`: these rows are of another time than those that were learnt from."""

    has_drifted: bool
    columns: dict[str, float]
    new_moments: float | None
    new_words: dict[str, float]

    def stored(self) -> dict[str, Any]:
        moved = sorted(self.columns.items(), key=lambda item: -item[1])
        return {
            "drifted": self.has_drifted,
            "columns": {name: round(index, 3) for name, index in moved if index >= 0.1},
            "new_moments": None if self.new_moments is None else round(self.new_moments, 4),
            "new_words": {name: round(share, 4) for name, share in self.new_words.items()},
        }

    def in_words(self) -> str:
        if not self.has_drifted:
            return "The inputs are like those of the training."
        said = []
        if self.new_moments is not None and self.new_moments >= NEW_MOMENTS:
            said.append(f"{self.new_moments:.0%} of the rows are of moments never seen")
        moved = sorted(self.columns, key=lambda name: -self.columns[name])
        if names := [name for name in moved if self.columns[name] >= MOVED][:5]:
            said.append(f"moved: {', '.join(names)}")
        return (
            f"The inputs have drifted away from the training ({'; '.join(said)}): the order is made by "
            "what held over time, and the chances may be off."
        )


def judge(
    seen: Sequence[Seen],
    values: dict[str, Floats],
    *,
    new_moments: float | None,
    expected: float,
) -> Verdict:
    """`expected`: the share of rows at new moments when rows of the same time are drawn by chance."""
    columns = {one.name: one.moved(values[one.name]) for one in seen}
    words = {one.name: float(np.mean(values[one.name] == UNSEEN)) for one in seen if one.is_words}
    rows = len(next(iter(values.values())))
    limit = MOVED + 1.0 / math.sqrt(max(1, rows))
    is_new = new_moments is not None and new_moments > max(NEW_MOMENTS, 3 * expected)
    has_drifted = is_new or max(columns.values(), default=0.0) > limit
    return Verdict(has_drifted, columns, new_moments, {n: s for n, s in words.items() if s > 0})
