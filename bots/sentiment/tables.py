"""Labelled texts from files: CSV tables with a text and a label, or plain questions that say no feeling."""

from __future__ import annotations

import csv
import gzip
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast
from zlib import crc32

LABELS = ("negative", "neutral", "positive")
LONGEST_FIELD = 20_000_000  # characters: a longer one is cut, but it must be readable
_CODES = {
    "arabic": "ar", "chinese": "zh", "english": "en", "french": "fr", "german": "de",
    "hindi": "hi", "italian": "it", "portuguese": "pt", "spanish": "es",
}  # fmt: skip
_CHINESE = 0.2  # of the letters
PLAIN = "plain"  # the source of questions that feel nothing
TALKS = "talks"  # and of what was said in dialogues, feeling nothing
_KEPT_BACK = 7  # one text in so many is not learnt from, but measured with


class BadTable(ValueError):
    """What is wrong with a file, in one line."""


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    answer: int  # of LABELS
    language: str  # two letters
    source: str  # the file's name
    part: str = ""


def read(path: Path, *, unfelt: str = "") -> list[Row]:
    """All rows of a file. `unfelt`, PLAIN or TALKS: JSON Lines of {"questions", "language"} that feel nothing."""
    try:
        with opened(path) as stream:
            rows = list(_questions(stream, path, unfelt) if unfelt else _table(stream, path))
    except FileNotFoundError as problem:
        raise BadTable(f"{path}: there is no such file") from problem
    except (OSError, EOFError) as problem:
        raise BadTable(f"{path}: cannot be read ({problem})") from problem
    except UnicodeDecodeError as problem:
        raise BadTable(f"{path}: not valid UTF-8") from problem
    if not rows:
        raise BadTable(f"{path}: holds no rows")
    return rows


def learnable(rows: Iterable[Row]) -> list[Row]:
    """Without what is marked as kept for measuring, and each text once."""
    once = {(row.text, row.source): row for row in rows if row.part not in {"held_out", "test"}}
    return list(once.values())


def check(rows: Sequence[Row]) -> None:
    """`BadTable` where nothing can be learnt from them."""
    counts = Counter(row.answer for row in rows)
    for answer, label in enumerate(LABELS):
        if counts[answer] < 20:
            raise BadTable(
                f"only {counts[answer]} texts are {label}: at least 20 of each label are needed"
            )


def kept_back(row: Row) -> bool:
    """One text in seven, by its own words: the same in every run, and in every file that has it."""
    return crc32(row.text.strip().lower().encode()) % _KEPT_BACK == 0


def some(rows: Iterable[Row], most: int) -> list[Row]:
    """At most so many of one source and language, by their words rather than by their order."""
    places: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        places.setdefault((row.source, row.language), []).append(row)
    return [
        row
        for found in places.values()
        for row in sorted(found, key=lambda one: crc32(one.text.encode()[::-1]))[:most]
    ]


def opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return cast(IO[str], gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open(encoding="utf-8-sig", newline="")


def language_by_letters(text: str) -> str:
    """Chinese or not, where a table does not say its language: everything else is taken for English."""
    letters = [letter for letter in text if letter.isalpha()]
    chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in letters)
    return "zh" if letters and chinese > _CHINESE * len(letters) else "en"


def _table(stream: IO[str], path: Path) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.DictReader(stream)
    try:
        names = reader.fieldnames or []
        for column in ("text", "label"):
            if column not in names:
                raise BadTable(
                    f"{path}: has no column {column!r} (it has: {', '.join(names) or '-'})"
                )
        for number, given in enumerate(reader, 2):
            yield _row(given, path, number)
    except csv.Error as problem:
        raise BadTable(f"{path}: not a table ({problem})") from problem


def _row(given: Mapping[str, Any], path: Path, number: int) -> Row:
    text, label = given["text"], (given["label"] or "").strip().lower()
    if label not in LABELS:
        raise BadTable(f"{path}, row {number}: {label[:40]!r} is none of {', '.join(LABELS)}")
    if not text or not text.strip():
        raise BadTable(f"{path}, row {number}: the text is empty")
    said = (given.get("language") or "").strip().lower()
    return Row(
        text=text[:4000],
        answer=LABELS.index(label),
        language=_CODES.get(said, said[:2]) or language_by_letters(text),
        source=path.name.split(".")[0],
        part=(given.get("part") or "").strip(),
    )


def _questions(stream: IO[str], path: Path, source: str) -> Iterator[Row]:
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
        except ValueError as problem:
            raise BadTable(f"{path}, line {number}: not valid JSON") from problem
        if not isinstance(given, dict):
            raise BadTable(f"{path}, line {number}: not an object")
        for question in given.get("questions") or []:
            if isinstance(question, str) and question.strip():
                yield Row(question, 1, str(given.get("language") or "en")[:2], source)


def shares(rows: Iterable[Row]) -> dict[str, float]:
    """Of each label its share."""
    counts = Counter(LABELS[row.answer] for row in rows)
    total = sum(counts.values())
    return {label: counts[label] / total if total else math.nan for label in LABELS}
