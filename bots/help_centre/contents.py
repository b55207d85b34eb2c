"""A long article's table of contents. Pure; the HTML is what `bots.knowledge.reading` has cleaned."""

import re
from dataclasses import dataclass
from html import unescape

from django.utils.safestring import SafeString, mark_safe

FEW = 3  # headings: fewer need no table
_HEADING = re.compile(r"<(h[23])>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Entry:
    anchor: str
    text: str
    is_inner: bool


def with_contents(html: SafeString) -> tuple[SafeString, list[Entry]]:
    """The same HTML with a place to jump to at each heading, and the headings; none if there are few."""
    entries: list[Entry] = []

    def mark(found: re.Match[str]) -> str:
        anchor = f"part-{len(entries) + 1}"
        text = " ".join(unescape(_TAG.sub("", found[2])).split())
        entries.append(Entry(anchor, text, found[1] == "h3"))
        return f'<{found[1]} id="{anchor}">{found[2]}</{found[1]}>'

    marked = _HEADING.sub(mark, html)
    if len(entries) < FEW:
        return html, []
    return mark_safe(marked), entries  # noqa: S308 -- only our own anchors were added


def plain(html: str, *, most: int) -> str:
    """Its first words, without tags, for a line that describes it."""
    text = " ".join(unescape(_TAG.sub(" ", html)).split())
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
