"""One document → articles: one for each heading, or the whole. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bots.models.article import BODY_LIMIT, TITLE_LIMIT
from bots.sources.kinds import Document, Unreadable
from bots.sources.rows import CATEGORY_LIMIT, short_id

ARTICLES_LIMIT = 500  # of one file
LONG = 6_000  # characters: a section that is longer is split again at its own headings
_DEEPEST = 4


@dataclass(frozen=True)
class Piece:
    """An article that would be made. `key` is the same each time this part of this file is read;
    `problem` says why it would better not be stored, "" if nothing speaks against it."""

    key: str
    title: str
    body: str
    language: str = ""
    category: str = ""
    problem: str = ""


@dataclass(frozen=True)
class _Heading:
    level: int
    text: str
    line: int
    end: int


@dataclass(frozen=True)
class _Section:
    """A heading with everything below it; `parent` is the heading above."""

    title: str
    lines: Sequence[str]
    parent: str = ""


def pieces(document: Document, *, name: str, whole: bool) -> list[Piece]:
    """`name` is the file's, with its folders. Raises Unreadable for too many, or too long a one."""
    lines = document.markdown.split("\n")
    known = headings(document.markdown)
    title = document.title or _stem(name)
    if known and not _text(lines[: known[0].line]):
        first = known[0]
        only = sum(one.level <= first.level for one in known) == 1
        if only or whole:  # it names the document, not a part of it
            title, lines = first.text, ["" for _ in lines[: first.end]] + lines[first.end :]
            known = known[1:]
    made = [_Section(title, lines)] if whole else list(_sections(title, lines, known))
    if len(made) > ARTICLES_LIMIT:
        raise Unreadable(f"It has more than {ARTICLES_LIMIT} headings; import it as one article.")
    return _keyed([_piece(one, document) for one in made], name=name, whole=len(made) == 1)


def _sections(
    title: str, lines: Sequence[str], known: Sequence[_Heading], parent: str = ""
) -> Iterator[_Section]:
    """Split at the highest headings of which there are two; what is before them stands alone."""
    level = _level(known)
    if level is None:
        yield _Section(title, lines, parent)
        return
    marks = [one for one in known if one.level <= level]
    if _text(lines[: marks[0].line]):
        yield _Section(title, lines[: marks[0].line], parent)
    ends = [*(one.line for one in marks[1:]), len(lines)]
    above = parent or title
    for mark, end in zip(marks, ends, strict=True):
        body = lines[mark.end : end]
        if mark.level < level:
            above = mark.text
            if not _text(body):
                continue
        text = "\n".join(body)
        below = headings(text) if len(text) > LONG else []
        if below:
            yield from _sections(mark.text, body, below, above)
        else:
            yield _Section(mark.text, body, above)


def _level(known: Sequence[_Heading]) -> int | None:
    counts = Counter(one.level for one in known)
    return next((level for level in range(1, _DEEPEST + 1) if counts[level] >= 2), None)


def _piece(section: _Section, document: Document) -> Piece:
    body = "\n".join(section.lines).strip()
    title = section.title
    problem = ""
    if not body:
        problem = "There is no text below this heading."
    if len(body) > BODY_LIMIT:
        body, problem = body[:BODY_LIMIT], f"Cut: it is longer than {BODY_LIMIT:,} characters."
    category = document.category or (section.parent if section.parent != title else "")
    return Piece(
        key="",
        title=title if len(title) <= TITLE_LIMIT else title[: TITLE_LIMIT - 1].rstrip() + "…",
        body=body,
        language=document.language,
        category=category[:CATEGORY_LIMIT],
        problem=problem,
    )


def _keyed(found: Sequence[Piece], *, name: str, whole: bool) -> list[Piece]:
    """The file and the heading; the second of two equal headings is told apart by a number."""
    seen = Counter[str]()
    result: list[Piece] = []
    for piece in found:
        said = " ".join(piece.title.casefold().split())
        seen[said] += 1
        again = f" ({seen[said]})" if seen[said] > 1 else ""
        result.append(replace(piece, key=short_id(name if whole else f"{name}#{said}{again}")))
    return result


def _text(lines: Sequence[str]) -> bool:
    return any(line.strip() for line in lines)


def _stem(name: str) -> str:
    said = PurePosixPath(name).stem.replace("_", " ").strip()
    return said[:1].upper() + said[1:] if said else "Untitled"


# --- headings -----------------------------------------------------------------------------


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def headings(markdown: str) -> list[_Heading]:
    """Of the text itself; what looks like one inside of code or a quotation is none."""
    tokens = _parser().parse(markdown)
    found: list[_Heading] = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            text = " ".join(_plain(tokens[at + 1]).split())
            if text:
                found.append(_Heading(int(token.tag[1]), text, token.map[0], token.map[1]))
    return found


def _plain(inline: Token) -> str:
    kept = ("text", "code_inline")
    return "".join(
        " " if one.type in {"softbreak", "hardbreak"} else one.content
        for one in inline.children or []
        if one.type in kept or one.type.endswith("break")
    )
