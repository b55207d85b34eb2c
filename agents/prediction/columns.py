"""What the columns of a table are: numbers, words, moments; and which of them say nothing.

A `Column` is learnt from the rows that a model is made from, and reads others the same way: what it has never
seen is told apart from what is not there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.prediction.problems import BadTable

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOTHING = frozenset({"", "nan", "na", "n/a", "null", "none", "?", "nat", "-"})
YES = frozenset({"yes", "y", "true", "t", "1", "1.0"})
NO = frozenset({"no", "n", "false", "f", "0", "0.0"})
UNSEEN = -1  # the code of a word that was not among the rows of the training
MOST_WORDS = 200  # the rest are one: "other"
_MOSTLY = 0.9  # numbers, with a few words among them


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is number or words. `words` stand in the order of their codes, the first is "nothing there"."""

    name: str
    kind: str
    words: tuple[str, ...] = ()
    codes: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

    def read(self, cells: Sequence[str]) -> Floats:
        """One number for each cell: the value, or the code of the word; nan where no number stands."""
        if self.kind == "number":
            return numbers_of(cells)
        codes = self.codes or {word: code for code, word in enumerate(self.words)}
        other = codes.get(OTHER, UNSEEN)
        return np.array(
            [0 if is_nothing(cell) else codes.get(cell, other) for cell in cells], dtype=np.float64
        )

    def shown(self, value: float) -> str:
        """The value as a person reads it."""
        if self.kind == "number":
            return "unknown" if math.isnan(value) else f"{value:,.6g}"
        code = int(value)
        return "new" if code == UNSEEN else self.words[code] or "unknown"

    def stored(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind, "words": list(self.words)}


OTHER = "(other)"


def column_from(stored: dict[str, Any]) -> Column:
    words = tuple(stored["words"])
    return Column(stored["name"], stored["kind"], words, {w: n for n, w in enumerate(words)})


def is_nothing(cell: str) -> bool:
    return len(cell) < 5 and cell.lower() in NOTHING


def numbers_of(cells: Sequence[str]) -> Floats:
    """nan for what is no number."""
    return np.array([number_of(cell) for cell in cells], dtype=np.float64)


def number_of(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


@dataclass(frozen=True, slots=True)
class Learnt:
    """The columns that are used, and what the others lack: {name: why}."""

    columns: list[Column]
    left_out: dict[str, str]


def learn_columns(table: dict[str, list[str]]) -> Learnt:
    """Which columns say something, and how they are read.

    Left out: what is the same everywhere, what counts the rows, and texts that hardly ever return."""
    columns: list[Column] = []
    left_out: dict[str, str] = {}
    for name, cells in table.items():
        found = _learnt(name, cells)
        if isinstance(found, Column):
            columns.append(found)
        else:
            left_out[name] = found
    return Learnt(columns, left_out)


def _learnt(name: str, cells: list[str]) -> Column | str:
    if any(cell.lower().lstrip("+-") in {"inf", "infinity"} for cell in cells):
        raise BadTable(f"{name}: an infinite number is no measurement.")
    counted = Counter(cell for cell in cells if not is_nothing(cell))
    if len(counted) + (sum(counted.values()) < len(cells)) < 2:
        return "the same everywhere"
    values = {cell: number_of(cell) for cell in counted}
    numeric = sum(count for cell, count in counted.items() if not math.isnan(values[cell]))
    if numeric >= _MOSTLY * sum(counted.values()):
        return _number(name, cells)
    if len(counted) > 0.5 * len(cells) and len(counted) > MOST_WORDS:
        return "hardly any of its values comes twice"
    kept = sorted(word for word, _ in counted.most_common(MOST_WORDS))
    words = ("", *kept, *([OTHER] if len(counted) > MOST_WORDS else []))
    return Column(name, "words", words, {word: code for code, word in enumerate(words)})


def _number(name: str, cells: list[str]) -> Column | str:
    read = numbers_of(cells)
    whole = not np.isnan(read).any()
    if whole and len(read) > 2 and (np.all(np.diff(read) > 0) or np.all(np.diff(read) < 0)):
        return "it counts the rows"
    return Column(name, "number")


def with_moments(table: dict[str, list[str]], *, at: datetime | None) -> dict[str, list[str]]:
    """Dates become what returns: the day of the week, the hour. `at`: none of them may lie after it."""
    shown: dict[str, list[str]] = {}
    for name, cells in table.items():
        moments = _moments(cells)
        if moments is None:
            shown[name] = cells
            continue
        if at is not None:
            _refuse_future(name, moments, at)
        shown[f"{name} (weekday)"] = [f"{one:%a}".lower() if one else "" for one in moments]
        if any(one and (one.hour or one.minute) for one in moments):
            shown[f"{name} (hour)"] = [str(one.hour) if one else "" for one in moments]
    return shown


def _refuse_future(name: str, moments: list[datetime | None], at: datetime) -> None:
    for row, one in enumerate(moments):
        if one is not None and one > at:
            raise BadTable(f"row {row}: {name} lies in the future ({one:%Y-%m-%d}).")


def _moments(cells: list[str]) -> list[datetime | None] | None:
    """None when these are no dates."""
    some = [cell for cell in cells[:200] if not is_nothing(cell)]
    if not some or any(_moment(cell) is None for cell in some):
        return None
    return [_moment(cell) for cell in cells]


def _moment(cell: str) -> datetime | None:
    if len(cell) < 10 or cell[4:5] != "-":
        return None
    try:
        read = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def outcome_of(name: str, cells: list[str], *, positive: str = "") -> Ints:
    """1 where it went well, 0 where not. Raises BadTable: empty, not two values, or one class only."""
    for row, cell in enumerate(cells):
        if is_nothing(cell):
            raise BadTable(f"row {row}: {name} is empty.")
    values = sorted(set(cells))
    if positive:
        if positive not in values:
            raise BadTable(f"{name} is nowhere {positive!r}.")
        yes = {positive}
    else:
        yes = {value for value in values if value.lower() in YES}
        if not all(value.lower() in YES | NO for value in values):
            some = ", ".join(repr(value[:30]) for value in values[:4])
            raise BadTable(f"{name} must be yes or no, true or false, 1 or 0; it holds {some}.")
    outcome = np.array([cell in yes for cell in cells], dtype=np.int64)
    if len(np.unique(outcome)) < 2:
        raise BadTable(
            f"{name} is {'always' if outcome[0] else 'never'} yes: nothing can be learnt."
        )
    return outcome
