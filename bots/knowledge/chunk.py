"""An article's Markdown → sentences and passages that know where they stand in it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

TARGET = 400  # characters: a passage is about a paragraph
FENCE = re.compile(r"^\s*(```|~~~)")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_MARKER = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+|\d{1,3}[.)]\s+)+")
_ITEM = re.compile(r"^\s*(?:>\s?)*(?:[-*+]|\d{1,3}[.)])\s+")
_RULE = re.compile(r"^\s*([-*_]\s*){3,}$|^[\s|:=-]+$")
_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=\S)|(?<=[。！？])[”’」』）]*\s*(?=\S)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|no|mr|mrs|ms|dr|st|approx)|\b[A-Z])\.$", re.IGNORECASE
)

_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^>\s]+)>")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"`+([^`]+)`+")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


class Kind(StrEnum):
    """What a stretch of the body is to a reader."""

    PROSE = "prose"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    HEAD = "head"  # the first row of a table


@dataclass(frozen=True)
class Span:
    """A stretch of the body: `body[start:end]` is verbatim what is quoted."""

    start: int
    end: int
    kind: Kind = Kind.PROSE

    @property
    def heading(self) -> bool:
        return self.kind == Kind.HEADING


@dataclass(frozen=True)
class Chunk:
    """A passage: some sentences in a row, as a reader sees them."""

    start: int
    end: int
    text: str


def plain(markdown: str) -> str:
    """What a reader sees of a few lines of Markdown: no marks, one line, single spaces."""
    lines = (_MARKER.sub("", line) for line in markdown.splitlines() if not _RULE.match(line))
    text = " ".join(_row(line) if line.lstrip().startswith("|") else line for line in lines)
    for pattern, instead in (
        (_IMAGE, r"\1"),
        (_LINK, r"\1"),
        (_AUTOLINK, r"\1"),
        (_CODE, r"\1"),
        (_STRONG, r"\2"),
        (_EMPHASIS, r"\2"),
        (_TAG, ""),
        (_ESCAPE, r"\1"),
    ):
        text = pattern.sub(instead, text)
    return " ".join(text.split())


def _row(line: str) -> str:
    """A row of a table as words: what it is about, then what is said of it."""
    cells = [cell for cell in (part.strip() for part in line.strip().strip("|").split("|")) if cell]
    return ": ".join((cells[0], ", ".join(cells[1:]))) if len(cells) > 1 else " ".join(cells)


def sentences(body: str) -> list[Span]:
    """The sentences, list items, table rows and headings of a body, in order, without markers."""
    return list(_sentences(body))


def _sentences(body: str) -> Iterator[Span]:
    for block in _blocks(body):
        if block.kind != Kind.PROSE:
            yield from _cut(body, block)
            continue
        begin = block.start
        for stop in _ENDS.finditer(body, block.start, block.end):
            if _ABBREVIATION.search(body[max(begin, stop.start() - 8) : stop.start()]):
                continue
            yield from _cut(body, Span(begin, stop.end()))
            begin = stop.end()
        yield from _cut(body, Span(begin, block.end))


def _blocks(body: str) -> Iterator[Span]:
    """Paragraphs, list items, rows and headings; their markers are left out."""
    lines = _lines(body)
    held: Span | None = None
    fenced = False
    for number, (begin, line) in enumerate(lines):
        fence = bool(FENCE.match(line))
        marker = None if fenced else _MARKER.match(line)
        rule = bool(_RULE.match(line))
        alone = fence or fenced or rule or marker is not None or line.lstrip().startswith("|")
        if held and (alone or not line.strip()):
            yield held
            held = None
        fenced ^= fence
        start = begin + (marker.end() if marker else len(line) - len(line.lstrip()))
        end = begin + len(line.rstrip())
        if fence or rule or start >= end:
            continue
        if line.lstrip().startswith("|"):
            follows = lines[number + 1][1] if number + 1 < len(lines) else ""
            head = "-" in follows and bool(_RULE.match(follows))
            yield Span(start, end, Kind.HEAD if head else Kind.ROW)
        elif _HEADING.match(line) and not fenced:
            yield Span(start, end, Kind.HEADING)
        elif fenced:
            yield Span(start, end, Kind.ITEM)
        elif held:
            held = Span(held.start, end, held.kind)
        else:
            held = Span(start, end, Kind.ITEM if marker and _ITEM.match(line) else Kind.PROSE)
    if held:
        yield held


def _lines(body: str) -> list[tuple[int, str]]:
    """Each line with where it begins."""
    found, at = [], 0
    for line in body.splitlines(keepends=True):
        found.append((at, line))
        at += len(line)
    return found


def _cut(body: str, span: Span) -> Iterator[Span]:
    """One sentence, trimmed; a monster without a full stop is cut where a space allows."""
    start = span.start
    while span.end - start > 2 * TARGET:
        space = body.rfind(" ", start + TARGET, start + 2 * TARGET)
        middle = space if space > 0 else start + 2 * TARGET
        yield from _trim(body, start, middle, span.kind)
        start = middle
    yield from _trim(body, start, span.end, span.kind)


def _trim(body: str, start: int, end: int, kind: Kind) -> Iterator[Span]:
    text = body[start:end]
    start += len(text) - len(text.lstrip())
    end -= len(text) - len(text.rstrip())
    if start < end:
        yield Span(start, end, kind)


def chunks(body: str) -> list[Chunk]:
    """The body in passages of about a paragraph; a heading opens a new one and stays with it."""
    found: list[Chunk] = []
    held: list[Span] = []

    def close() -> None:
        if held:
            text = " ".join(filter(None, (plain(body[s.start : s.end]) for s in held)))
            if text:
                found.append(Chunk(held[0].start, held[-1].end, text))
            held.clear()

    for span in sentences(body):
        size = sum(s.end - s.start for s in held)
        only_headings = all(s.heading for s in held)
        if held and not only_headings and (span.heading or size + span.end - span.start > TARGET):
            close()
        held.append(span)
    close()
    return found
