"""CSV as spreadsheets write it: their encodings, their separators, and what people call a column."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from bots.sources.kinds import Unreadable
from bots.sources.words import encoding_of

_SAMPLE = 1_000_000
_NAMES = {
    "id": ("id", "key", "编号"),
    "title": ("title", "question", "heading", "subject", "标题", "标题/问题", "问题", "标准问题", "標題", "問題"),
    "body": ("body", "answer", "content", "text", "正文", "答案", "回答", "内容", "解答", "內容"),
    "questions": ("questions", "variants", "similar questions", "相似问题", "相似问", "相似問題"),
    "language": ("language", "lang", "locale", "语言", "語言"),
    "category": ("category", "topic", "section", "分类", "类别", "分類", "類別"),
    "translation_of": ("translation_of", "translation of", "译自"),
}  # fmt: skip
_KNOWN = {name: column for column, names in _NAMES.items() for name in names}
# What a spreadsheet would compute or run when somebody exports and opens it again.
_FORMULA = re.compile(r"^(?:=|[@+\-][A-Za-z][A-Za-z0-9.]*[(|!]|\t=)")


class BadRow(ValueError):
    """Why a row is no article, in words that do not repeat it."""

    def __init__(self, error: str, id: str | None = None) -> None:  # noqa: A002 -- the file's word
        super().__init__(error)
        self.id = id


def rows(path: Path) -> Iterator[tuple[int, Mapping[str, str | None] | BadRow]]:
    """Each row by our names of its columns, with the number of its line. Raises OSError, Unreadable."""
    with path.open(encoding=encoding_in(path), errors="surrogateescape", newline="") as file:
        reader = csv.DictReader(file, delimiter=_separator(file))
        columns = [_column(name) for name in reader.fieldnames or []]
        if "title" not in columns or not {"id", "body"} & set(columns):
            yield 1, BadRow("the header must name id and title, or title and body")
            return
        reader.fieldnames = columns
        yield from _rows(reader)


def _rows(
    reader: "csv.DictReader[str]",
) -> Iterator[tuple[int, Mapping[str, str | None] | BadRow]]:
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, BadRow("not a readable CSV row")
            continue
        if None in row:
            yield reader.line_num, BadRow("more cells than the header has names", row.get("id"))
            continue
        wrong = [name for name, value in row.items() if value and _FORMULA.match(value)]
        if wrong:
            problem = f"{wrong[0]}: begins like a formula of a spreadsheet"
            yield reader.line_num, BadRow(problem, row.get("id"))
        else:
            yield reader.line_num, row


def _column(name: str | None) -> str:
    said = " ".join((name or "").replace("\ufeff", "").casefold().split())
    return _KNOWN.get(said, said)


def _separator(file: IO[str]) -> str:
    """The one by which the header has most of our names; the file is read from its start again."""
    header = file.readline(10_000)
    file.seek(0)
    counts = Counter(
        {
            one: len(
                {_column(n) for n in header.strip().strip('"').replace('"', "").split(one)}
                & set(_NAMES)
            )
            for one in (",", ";", "\t")
        }
    )
    return counts.most_common(1)[0][0]


def encoding_in(path: Path) -> str:
    """Unicode where most lines that are not plain are; a few spoilt ones do not change it."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if sample.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return encoding_of(sample)
    odd = [line for line in sample.split(b"\n")[:-1] or [sample] if not line.isascii()]
    if b"\0" not in sample:
        if sum(map(_is_utf8, odd)) * 2 >= len(odd):
            return "utf-8-sig"
        return encoding_of(b"\n".join(odd))
    try:
        return encoding_of(sample)
    except Unreadable:
        return "utf-8-sig"  # then each line says what is wrong with it


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
