"""A table of events as text: customer, item, timestamp. Every trouble is told with its line. Pure."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from bots.recommendation.events import NothingToLearn

COLUMNS = ("customer", "item", "timestamp")
LONGEST = 200  # characters of a customer's or an item's name
MILLISECONDS = 100_000_000_000.0  # a number beyond it counts thousandths of a second
GRACE = 86_400.0  # seconds that somebody's clock may be ahead


class BadTable(NothingToLearn):
    """The table cannot be read; the sentence says where and why."""


def rows(lines: Iterable[str], *, now: float) -> Iterator[tuple[str, str, float]]:
    """Customer, item and moment of each line; `now` is what no moment may lie beyond.

    Raises BadTable at the first line that is not an event.
    """
    table = csv.reader(lines, strict=True)
    try:
        header = next(table, None)
        if header is None:
            raise BadTable("the file is empty.")
        places = _places(header)
        for line in table:
            if line:
                yield _event(line, places, table.line_num, now)
    except csv.Error as problem:
        raise BadTable(f"line {table.line_num}: {problem}.") from None


def _places(header: list[str]) -> tuple[int, int, int]:
    names = [name.strip().lstrip("\ufeff").lower() for name in header]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise BadTable(f"no column {', '.join(missing)}: customer,item,timestamp are wanted.")
    return names.index("customer"), names.index("item"), names.index("timestamp")


def _event(
    line: list[str], places: tuple[int, int, int], number: int, now: float
) -> tuple[str, str, float]:
    if len(line) <= max(places):
        raise BadTable(f"line {number}: too few columns.")
    customer, item, told = (line[place].strip() for place in places)
    for name, value in (("customer", customer), ("item", item)):
        if not value:
            raise BadTable(f"line {number}: no {name}.")
        if len(value) > LONGEST:
            raise BadTable(f"line {number}: the {name} has {len(value):,} characters.")
    at = moment(told)
    if at is None:
        raise BadTable(f"line {number}: “{told[:40]}” is no timestamp.")
    if at > now + GRACE:
        raise BadTable(f"line {number}: {told[:40]} lies in the future.")
    return customer, item, at


def moment(told: str) -> float | None:
    """Seconds since 1970 from a number or ISO 8601 (without a zone: UTC); None for anything else."""
    try:
        number = float(told)
    except ValueError:
        try:
            read = datetime.fromisoformat(told)
        except ValueError:
            return None
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
    if not math.isfinite(number) or number < 0:
        return None
    return number / 1000 if number > MILLISECONDS else number
