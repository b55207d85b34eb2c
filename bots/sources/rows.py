"""Reads files of articles: JSON Lines or CSV, each line checked by itself. Pure but for the file."""

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

from bots.models.article import BODY_LIMIT, QUESTION_LIMIT, QUESTIONS_LIMIT, TITLE_LIMIT
from bots.sources import table
from bots.sources.table import BadRow

ID_LIMIT = 200
CATEGORY_LIMIT = 100
LINE_LIMIT = 4_000_000  # characters: a line that is longer is no article
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}$")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
csv.field_size_limit(LINE_LIMIT)


@dataclass(frozen=True)
class Row:
    """One article as a file gives it, checked. `language` is "" when the file does not say."""

    id: str
    title: str
    body: str
    questions: list[str] = field(default_factory=list)
    language: str = ""
    category: str = ""
    translation_of: str = ""  # the id of the same article in another language
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class BadLine:
    """A line that is not an article, and why, in words that do not repeat it."""

    id: str | None
    line: int
    error: str
    file: str = ""


class NotAnArticle(ValueError):
    """Why a line is refused; `id` as far as it can be read."""

    def __init__(self, error: str, id: str | None = None) -> None:  # noqa: A002 -- the file's word
        super().__init__(error)
        self.id = id


def read(path: Path) -> Iterator[Row | BadLine]:
    """Every line of a file as an article or as what is wrong with it; an id counts once.

    A name that ends in .csv is read as CSV with a header, anything else as JSON Lines. Raises OSError.
    """
    seen: dict[str, int] = {}
    for line, given in _csv(path) if path.suffix.lower() == ".csv" else _json_lines(path):
        try:
            row = replace(_once(checked(given), seen), line=line)
        except NotAnArticle as problem:
            yield BadLine(problem.id, line, str(problem))
            continue
        seen[row.id] = line
        yield row


def _once(row: Row, seen: Mapping[str, int]) -> Row:
    if row.id in seen:
        raise NotAnArticle(f"id: already on line {seen[row.id]}", row.id)
    return row


def checked(given: object) -> Row:
    """An article from one JSON object or CSV row. Raises NotAnArticle."""
    if isinstance(given, NotAnArticle):
        raise given
    if not isinstance(given, Mapping):
        raise NotAnArticle("a line must be a JSON object")
    name = _id(given.get("id"))
    try:
        return _row(name, given)
    except NotAnArticle as problem:
        problem.id = name
        raise


def _row(name: str, given: Mapping[str, Any]) -> Row:
    language = _text(given, "language", limit=35)
    if language and not LANGUAGE.match(language):
        raise NotAnArticle("language: not a BCP 47 tag such as en or zh-Hans")
    title = _text(given, "title", limit=QUESTION_LIMIT)
    if not title:
        raise NotAnArticle("title: is missing")
    questions = _questions(given.get("questions"))
    if len(title) > TITLE_LIMIT:
        # The whole wording can still be found; what is shown is shortened.
        questions = [title, *questions][:QUESTIONS_LIMIT]
        title = title[: TITLE_LIMIT - 1].rstrip() + "…"
    return Row(
        id=name,
        title=title,
        body=_text(given, "body", limit=BODY_LIMIT),
        questions=questions,
        language=language.replace("_", "-"),
        category=_text(given, "category", limit=CATEGORY_LIMIT),
        translation_of=_text(given, "translation_of", limit=ID_LIMIT),
    )


def _id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise NotAnArticle("id: is missing; give a text or a whole number")
    value = value.strip()
    if len(value) > ID_LIMIT:
        raise NotAnArticle(f"id: longer than {ID_LIMIT} characters")
    _refuse_odd("id", value)
    return value


def _text(given: Mapping[str, Any], name: str, *, limit: int) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotAnArticle(f"{name}: must be a text")
    _refuse_odd(name, value)
    value = value.strip()
    if len(value) > limit:
        raise NotAnArticle(f"{name}: longer than {limit:,} characters")
    return value


def _questions(value: object) -> list[str]:
    """A list of texts; in CSV also a JSON list or one question a line."""
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.lstrip().startswith("[") else value.splitlines()
        except ValueError:
            raise NotAnArticle("questions: not a JSON list") from None
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise NotAnArticle("questions: must be a list of texts")
    if len(value) > QUESTIONS_LIMIT:
        raise NotAnArticle(f"questions: more than {QUESTIONS_LIMIT}")
    return [
        text
        for one in value
        if (text := _text({"questions": one}, "questions", limit=QUESTION_LIMIT))
    ]


def _refuse_odd(name: str, value: str) -> None:
    if "\0" in value:
        raise NotAnArticle(f"{name}: contains a NUL byte")
    if _SURROGATE.search(value):
        raise NotAnArticle(f"{name}: is not valid UTF-8")
    if _CONTROL.search(value):
        raise NotAnArticle(f"{name}: contains control characters")


def _json_lines(path: Path) -> Iterator[tuple[int, object]]:
    # Bytes that are not UTF-8 become surrogates, so that they spoil their own line only.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
        for number, line in enumerate(iter(lambda: file.readline(LINE_LIMIT + 1), ""), 1):
            if len(line) > LINE_LIMIT:
                _skip_rest(file)
                yield number, NotAnArticle("the line is too long")
            elif line.strip():
                yield number, _json(line)


def _skip_rest(file: TextIO) -> None:
    while (piece := file.readline(LINE_LIMIT)) and not piece.endswith("\n"):
        pass


def _json(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return NotAnArticle("not valid JSON")


def _csv(path: Path) -> Iterator[tuple[int, object]]:
    """Without a column of ids, the file and the title are the id."""
    for line, row in table.rows(path):
        if isinstance(row, BadRow):
            yield line, NotAnArticle(str(row), row.id)
        elif "id" in row:
            yield line, row
        else:
            title = " ".join((row["title"] or "").casefold().split())
            yield line, {**row, "id": short_id(f"{path.name}#{title}")}


def short_id(said: str) -> str:
    """The same for the same words, within what an id may be."""
    if len(said) <= ID_LIMIT:
        return said
    return f"{said[: ID_LIMIT - 17]}~{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}"
