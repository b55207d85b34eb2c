"""Files and folders on this machine → the lines of an import, for the command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bots.sources.archive import in_folder, unpacked
from bots.sources.kinds import BY_NAME, FILE_LIMIT, Kind, Unreadable, kind_of
from bots.sources.reading import Reader
from bots.sources.rows import BadLine, Row
from bots.sources.rows import read as read_rows
from bots.sources.split import pieces

_DOCUMENTS = {Kind.PDF, Kind.DOCX, Kind.HTML, Kind.MARKDOWN, Kind.ZIP}


def lines_of(
    path: Path, *, whole: bool = False, category: str = "", language: str = "", named: bool = False
) -> Iterator[Row | BadLine]:
    """The articles of one file, of each file of a ZIP or of a folder, and what is wrong with them.

    A table is read line by line, whatever its size; a document whole or not at all. With `named`
    what is wrong with a line of a table says in which file.
    """
    with Reader() as reader:
        if path.is_dir():
            for one in in_folder(path):
                yield from _one(one, str(one.relative_to(path)), reader, whole=whole, named=True)
        else:
            found = _one(path, path.name, reader, whole=whole, named=named)
            yield from (_filled(one, category, language) for one in found)


def _filled(one: Row | BadLine, category: str, language: str) -> Row | BadLine:
    if isinstance(one, BadLine):
        return one
    return replace(one, category=one.category or category, language=one.language or language)


def _one(
    path: Path, name: str, reader: Reader, *, whole: bool, named: bool
) -> Iterator[Row | BadLine]:
    if BY_NAME.get(path.suffix.casefold()) not in _DOCUMENTS:
        for line in read_rows(path):
            yield replace(line, file=name) if named and isinstance(line, BadLine) else line
        return
    try:
        with path.open("rb") as file:
            content = file.read(FILE_LIMIT + 1)
        kind = kind_of(name, content)
        if kind is Kind.ZIP:
            yield from _packed(content, name, reader, whole=whole)
            return
        document = reader.read(path, kind)
        for piece in pieces(document, name=name, whole=whole):
            if piece.problem and piece.body:
                yield BadLine(piece.key, 0, piece.problem, name)
            elif piece.body:
                row = Row(piece.key, piece.title, piece.body)
                yield replace(row, language=piece.language, category=piece.category)
    except Unreadable as problem:
        yield BadLine(None, 0, str(problem), name)


def _packed(content: bytes, name: str, reader: Reader, *, whole: bool) -> Iterator[Row | BadLine]:
    with TemporaryDirectory() as folder:
        for number, one in enumerate(unpacked(content)):
            inside = f"{name}/{one.name}"
            if one.problem:
                yield BadLine(None, 0, one.problem, inside)
                continue
            path = Path(folder) / f"{number}{Path(one.name).suffix.casefold()[:8]}"
            path.write_bytes(one.content)
            yield from _one(path, inside, reader, whole=whole, named=True)
            path.unlink()
