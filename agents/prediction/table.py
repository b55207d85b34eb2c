"""Reading a table from a file: CSV in UTF-8, also gzipped; comma, semicolon, tab or bar between the cells."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from agents.prediction.problems import BadTable

SEPARATORS = ",;\t|"
LARGEST = 1_000_000_000  # characters in all: a small gzip may unfold to anything
LONGEST = 10_000  # characters of one cell
MOST_COLUMNS = 2_000
_SNIFFED = 20  # lines


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that can't be read; `row` counts from 0 in the order of the file."""

    row: int
    error: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of texts, all as long as `rows`; `numbers` are the rows' places in the file, from 0."""

    columns: dict[str, list[str]]
    numbers: list[int]
    broken: list[Broken]

    @property
    def rows(self) -> int:
        return len(self.numbers)

    def without(self, names: set[str]) -> Table:
        kept = {name: cells for name, cells in self.columns.items() if name not in names}
        return Table(kept, self.numbers, self.broken)


def read_table(path: Path) -> Table:
    """All rows of the file. A row with too few or too many cells, or an endless one, is `broken`.

    Raises BadTable when there is no file, no text, no header, no row, or more than a table may hold."""
    try:
        with _opened(path) as text:
            return _read(text)
    except UnicodeDecodeError as error:
        raise BadTable(f"It is not UTF-8 text ({error.reason}).") from None
    except (gzip.BadGzipFile, zlib.error, EOFError):
        raise BadTable("It is a damaged gzip file.") from None
    except csv.Error as error:
        raise BadTable(f"It can't be read as a table: {error}.") from None
    except OSError as error:
        raise BadTable(error.strerror or str(error)) from None


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        is_packed = raw.read(2) == b"\x1f\x8b"
    if is_packed:
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
            yield text
    else:
        with path.open(encoding="utf-8-sig", newline="") as text:
            yield text


class _Bounded:
    """Lines of a text, and an end to it: nobody has to hold what never ends."""

    def __init__(self, text: TextIO) -> None:
        self._text, self._read = text, 0

    def __iter__(self) -> _Bounded:
        return self

    def __next__(self) -> str:
        line = self._text.readline(LARGEST // 10)
        if not line:
            raise StopIteration
        self._read += len(line)
        if self._read > LARGEST:
            raise BadTable(f"It holds more than {LARGEST:,} characters.")
        if "\0" in line:
            raise BadTable("It holds a zero byte: it is no text.")
        return line


def separator_of(lines: list[str]) -> str:
    """The one that cuts most of these lines into the same number of cells, and into most of them."""

    def worth(separator: str) -> tuple[int, int]:
        sizes = [len(row) for row in csv.reader(lines, delimiter=separator)]
        return (sum(size == sizes[0] for size in sizes) * (sizes[0] > 1), sizes[0])

    return max(SEPARATORS, key=worth)


def _read(text: TextIO) -> Table:
    csv.field_size_limit(LARGEST)
    lines = _Bounded(text)
    head = [line for _, line in zip(range(_SNIFFED), lines, strict=False)]
    if not head or not "".join(head).strip():
        raise BadTable("It is empty.")
    separator = separator_of([line[: LONGEST * 10] for line in head])

    def rest() -> Iterator[str]:
        yield from head
        yield from lines

    rows = csv.reader(rest(), delimiter=separator)
    names = _header(next(rows))
    cells: list[list[str]] = [[] for _ in names]
    numbers: list[int] = []
    broken: list[Broken] = []
    for number, row in enumerate(row for row in rows if row):
        if error := _wrong(row, names):
            broken.append(Broken(number, error))
            continue
        numbers.append(number)
        for column, cell in zip(cells, row, strict=True):
            column.append(cell.strip())
    if not numbers and not broken:
        raise BadTable("It has a header and no row.")
    return Table(dict(zip(names, cells, strict=True)), numbers, broken)


def _header(row: list[str]) -> list[str]:
    names = [name.strip() or f"column {place}" for place, name in enumerate(row, 1)]
    if len(names) > MOST_COLUMNS:
        raise BadTable(f"It has {len(names):,} columns; {MOST_COLUMNS:,} at most.")
    for name in names:
        if len(name) > 200:
            raise BadTable("The first line is no header: a name is longer than 200 characters.")
        if names.count(name) > 1:
            raise BadTable(f"Two columns are called {name!r}.")
    return names


def _wrong(row: list[str], names: list[str]) -> str:
    if len(row) != len(names):
        return f"{len(row)} cells where the header has {len(names)}"
    for name, cell in zip(names, row, strict=True):
        if len(cell) > LONGEST:
            return f"{name}: {len(cell):,} characters, {LONGEST:,} at most"
    return ""
