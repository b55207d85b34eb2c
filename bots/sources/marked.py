"""Markdown files: as they are, with what stands in front of them (title, language, category)."""

import re

from markdown_it import MarkdownIt

from bots.sources.kinds import Document, Unreadable
from bots.sources.words import joined

_FRONT = re.compile(r"\A---\n(.{0,4000}?)\n(?:---|\.\.\.)\s*\n", re.DOTALL)
_FIELD = re.compile(r"^(title|lang|language|category)\s*:\s*(.*)$", re.IGNORECASE | re.MULTILINE)


def read_markdown(text: str) -> Document:
    """Raises Unreadable when nothing is below the front."""
    front = _FRONT.match(text)
    said = {
        name.casefold(): value.strip().strip("\"'")
        for name, value in _FIELD.findall(front[1] if front else "")
    }
    markdown = (text[front.end() :] if front else text).strip()
    if not markdown:
        raise Unreadable("The file has no text.")
    return Document(
        title=said.get("title", ""),
        markdown=_flowing(markdown),
        language=said.get("language") or said.get("lang") or "",
        category=said.get("category", ""),
    )


def _flowing(markdown: str) -> str:
    """Paragraphs that an editor broke at column 80 are one line each; ours show every line end."""
    lines = markdown.split("\n")
    for token in reversed(
        MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown)
    ):
        if token.type != "paragraph_open" or token.level or token.map is None:
            continue
        start, end = token.map
        whole: list[str] = []
        for line in lines[start:end]:
            goes_on = whole and not whole[-1].endswith(("  ", "\\"))
            whole = (
                [*whole[:-1], joined(whole[-1].rstrip(), line.strip())]
                if goes_on
                else [*whole, line]
            )
        lines[start:end] = whole
    return "\n".join(lines)
