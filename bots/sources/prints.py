"""PDF → Markdown: lines by their type size are headings or text; what every page repeats is dropped."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PdfReadError, PyPdfError

from bots.sources.kinds import PAGE_LIMIT, Document, Unreadable
from bots.sources.words import cleaned, joined

_GAP = 1.3  # times the usual step from line to line
_HEADING = 1.12  # times the size of the text
_LONGEST_HEADING = 120
_LEVELS = 3
_EDGE = 2  # lines at the top and the foot of a page that may be the same on every page
_BULLET = re.compile(r"^[•▪●◦‣·–-]\s+")
_NUMBERED = re.compile(r"^\d{1,2}[.)]\s+")
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"(?:page|seite|第)?\s*\d{1,4}\s*(?:页|/\s*\d+|of \d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    text: str
    size: float
    gap: bool = False  # a paragraph begins here, as far as the room above it tells


def read_pdf(content: bytes) -> Document:
    """Raises Unreadable."""
    try:
        return _read(content)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("The PDF is nested too deeply.") from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):
        raise Unreadable("The PDF is damaged: its text can't be read.") from None


def _read(content: bytes) -> Document:
    reader = PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted and not _opens(reader):
        raise Unreadable("The PDF is locked with a password.")
    count = len(reader.pages)
    if count > PAGE_LIMIT:
        raise Unreadable(f"The PDF has {count} pages; at most {PAGE_LIMIT} are read.")
    pages = [_lines(page) for page in reader.pages]
    if sum(len(line.text) for page in pages for line in page) < 20:
        raise Unreadable("The PDF has no text, only pictures; let it be recognised (OCR) first.")
    markdown = markdown_of(pages)
    title = str(getattr(reader.metadata, "title", "") or "")
    return Document(title=" ".join(cleaned(title).split()), markdown=cleaned(markdown))


def _opens(reader: PdfReader) -> bool:
    """Many are locked only against changing: they open without a password."""
    try:
        return bool(reader.decrypt(""))
    except (PdfReadError, NotImplementedError, ImportError):
        return False


def _lines(page: Any) -> list[Line]:
    """In reading order. A line's height is that of its first letters; the breaks have none."""
    found: list[tuple[float, Line]] = []
    text, sizes = "", Counter[float]()
    height: float | None = None

    def note(said: str, cm: Sequence[float], tm: Sequence[float], _font: Any, size: float) -> None:
        nonlocal text, sizes, height
        scale = abs(tm[3] * cm[3]) or abs(tm[0] * cm[0]) or 1.0
        for place, part in enumerate(said.split("\n")):
            if place:
                end()
            if part.strip():
                sizes[round(size * scale, 1)] += len(part.strip())
                height = cm[1] * tm[4] + cm[3] * tm[5] + cm[5] if height is None else height
            text += part

    def end() -> None:
        nonlocal text, sizes, height
        if height is not None:
            found.append((height, Line(" ".join(text.split()), sizes.most_common(1)[0][0])))
        text, sizes, height = "", Counter(), None

    page.extract_text(visitor_text=note)
    end()
    return _with_gaps(found)


def _with_gaps(found: Sequence[tuple[float, Line]]) -> list[Line]:
    """A line has a gap above it where it is farther from the one before than lines mostly are."""
    steps = [above - below for (above, _), (below, _) in pairwise(found)]
    down = sorted(step for step in steps if step > 1)
    usual = down[len(down) // 2] if down else 0.0
    lines = [line for _, line in found]
    return lines[:1] + [
        replace(line, gap=step > usual * _GAP or step < -1)
        for line, step in zip(lines[1:], steps, strict=True)
    ]


# --- lines → Markdown ---------------------------------------------------------------------


def markdown_of(pages: Sequence[Sequence[Line]]) -> str:
    """Headings by the three largest sizes above the text's; broken paragraphs are mended."""
    kept = _without_edges(pages)
    usual = _usual(kept)
    large = sorted({line.size for line in kept if _is_heading(line, usual)}, reverse=True)
    blocks: list[str] = []
    for line in kept:
        if line.size in large[:_LEVELS] and _is_heading(line, usual):
            _add_heading(blocks, "#" * (large.index(line.size) + 1), line)
        else:
            _add_text(blocks, line)
    return "\n\n".join(blocks)


def _is_heading(line: Line, usual: float) -> bool:
    return line.size >= usual * _HEADING and len(line.text) <= _LONGEST_HEADING


def _add_heading(blocks: list[str], sign: str, line: Line) -> None:
    """A heading that goes on in the next line is one."""
    goes_on = blocks and blocks[-1].startswith(f"{sign} ") and not line.gap
    if goes_on and len(blocks[-1]) + len(line.text) <= _LONGEST_HEADING:
        blocks[-1] = joined(blocks[-1], line.text)
    else:
        blocks.append(f"{sign} {line.text}")


def _add_text(blocks: list[str], line: Line) -> None:
    before = blocks[-1] if blocks else ""
    if _BULLET.match(line.text):
        item = "- " + _BULLET.sub("", line.text, count=1)
        if before.startswith("- ") and not before.endswith("\n"):
            blocks[-1] = f"{before}\n{item}"
        else:
            blocks.append(item)
        return
    starts = not before or before.startswith("#") or bool(_NUMBERED.match(line.text))
    if starts or line.gap:
        blocks.append(_escaped(line.text))
    else:
        blocks[-1] = joined(before, line.text)


def _escaped(text: str) -> str:
    """What is a sign of Markdown only by accident."""
    return f"\\{text}" if text.startswith(("#", ">", "+ ", "* ")) else text


def _without_edges(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """Without running heads, feet and page numbers."""
    usual = _usual(line for page in pages for line in page)
    repeated = Counter[str]()
    for page in pages:
        edges = [*page[:_EDGE], *page[-_EDGE:]] if len(page) > 2 * _EDGE else page
        repeated.update({_mask(line, usual) for line in edges})
    most = {mask for mask, count in repeated.items() if len(pages) >= 2 and count * 2 > len(pages)}
    kept: list[Line] = []
    for page in pages:
        for at, line in enumerate(page):
            is_edge = at < _EDGE or at >= len(page) - _EDGE
            is_number = len(pages) > 1 and _NUMBER.fullmatch(line.text) is not None
            if not (is_edge and (is_number or _mask(line, usual) in most)):
                kept.append(line)
    return kept


def _usual(lines: Iterable[Line]) -> float:
    """The size that most of the text has."""
    weights = Counter[float]()
    for line in lines:
        weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def _mask(line: Line, usual: float) -> str:
    """A running head counts pages; “Chapter 2” in large letters is another one than “Chapter 1”."""
    return line.text if _is_heading(line, usual) else _DIGITS.sub("#", line.text.casefold())
