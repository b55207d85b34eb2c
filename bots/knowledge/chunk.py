"""An article's Markdown → sentences and passages that know where they stand in it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TARGET = 400  # characters: a passage is about a paragraph
FENCE = re.compile(r"^\s*(```|~~~)")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_MARKER = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+]\s+|\d{1,3}[.)]\s+)+")
_RULE = re.compile(r"^\s*([-*_]\s*){3,}$|^[\s|:=-]+$")
_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=\S)|(?<=[。！？；])[”’」』）]*\s*(?=\S)")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|no|mr|mrs|ms|dr|st|approx)|\b[A-Z])\.$", re.I)

_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^>\s]+)>")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"`+([^`]+)`+")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True)
class Span:
    """A stretch of the body: `body[start:end]` is verbatim what is quoted."""

    start: int
    end: int
    heading: bool = False


@dataclass(frozen=True)
class Chunk:
    """A passage: some sentences in a row, as a reader sees them."""

    start: int
    end: int
    text: str


def plain(markdown: str) -> str:
    """What a reader sees of a few lines of Markdown: no marks, one line, single spaces."""
    lines = (_MARKER.sub("", line) for line in markdown.splitlines() if not _RULE.match(line))
    text = " ".join(line.replace("|", " ") if line.lstrip().startswith("|") else line for line in lines)
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


def sentences(body: str) -> list[Span]:
    """The sentences, list items and headings of a body, in order, without their markers."""
    return list(_sentences(body))


def _sentences(body: str) -> Iterator[Span]:
    for start, end, heading in _blocks(body):
        if heading:
            yield Span(start, end, heading=True)
            continue
        begin = start
        for stop in _ENDS.finditer(body, start, end):
            if _ABBREVIATION.search(body[max(begin, stop.start() - 8) : stop.start()]):
                continue
            yield from _cut(body, begin, stop.end())
            begin = stop.end()
        yield from _cut(body, begin, end)


def _blocks(body: str) -> Iterator[tuple[int, int, bool]]:
    """Paragraphs, list items and headings: (start, end, is a heading), markers left out."""
    at, open_at, last = 0, -1, 0
    fenced = False
    for line in body.splitlines(keepends=True):
        begin, at = at, at + len(line)
        if FENCE.match(line):
            fenced = not fenced
            blank, marker = True, None
        else:
            blank = not line.strip() or bool(_RULE.match(line))
            marker = None if fenced else _MARKER.match(line)
        if open_at >= 0 and (blank or marker or fenced):
            yield open_at, last, False
            open_at = -1
        if blank:
            continue
        start = begin + (marker.end() if marker else len(line) - len(line.lstrip()))
        end = begin + len(line.rstrip())
        if start >= end:
            continue
        if _HEADING.match(line) and not fenced:
            yield start, end, True
        else:
            open_at = start if open_at < 0 else open_at
            last = end
    if open_at >= 0:
        yield open_at, last, False


def _cut(body: str, start: int, end: int) -> Iterator[Span]:
    """One sentence, trimmed; a monster without a full stop is cut where a space allows."""
    while end - start > 2 * TARGET:
        space = body.rfind(" ", start + TARGET, start + 2 * TARGET)
        middle = space if space > 0 else start + 2 * TARGET
        yield from _trim(body, start, middle)
        start = middle
    yield from _trim(body, start, end)


def _trim(body: str, start: int, end: int) -> Iterator[Span]:
    text = body[start:end]
    start += len(text) - len(text.lstrip())
    end -= len(text) - len(text.rstrip())
    if start < end:
        yield Span(start, end)


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
