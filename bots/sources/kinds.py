"""Which kind of file this is. Its content decides; its name is asked only where content can't tell."""

import re
import zipfile
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath

FILE_LIMIT = 10 * 1024 * 1024  # bytes of one file
PAGE_LIMIT = 200  # pages of one PDF
TEXT_LIMIT = 2_000_000  # characters that one file may hold
PARTS_LIMIT = 2_000  # files inside one Word file
UNPACKED_LIMIT = 80 * 1024 * 1024  # bytes of a Word file when it is unpacked


class Unreadable(Exception):
    """Why a file is not read, in one sentence for the person who sent it."""


@dataclass(frozen=True)
class Document:
    """What is in a file. `markdown` has the headings by which it may be split; `notes` say what was
    left out."""

    title: str
    markdown: str
    language: str = ""
    category: str = ""
    notes: tuple[str, ...] = field(default=())


class Kind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    MARKDOWN = "markdown"
    CSV = "csv"
    LINES = "jsonl"
    ZIP = "zip"


BY_NAME = {
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".txt": Kind.MARKDOWN,
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".jsonl": Kind.LINES,
    ".ndjson": Kind.LINES,
    ".zip": Kind.ZIP,
}
_OURS = "This is no PDF, Word (.docx), HTML, Markdown, CSV, JSON Lines or ZIP file."
_HTML = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL)
_STRANGERS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x7fELF", b"RIFF", b"{\\rtf", b"Rar!")


def kind_of(name: str, content: bytes) -> Kind:
    """Raises Unreadable for what is none of ours."""
    if not content.strip():
        raise Unreadable("The file is empty.")
    if len(content) > FILE_LIMIT:
        raise Unreadable(f"The file is larger than {FILE_LIMIT // 1024**2} MB.")
    said = BY_NAME.get(PurePosixPath(name).suffix.casefold())
    if b"%PDF-" in content[:1024]:
        return Kind.PDF
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            "This Office file is locked with a password or has the old format; save it as .docx"
            " without a password."
        )
    if content.startswith(_STRANGERS):
        raise Unreadable(_OURS)
    return _plain(said, content)


def _plain(said: Kind | None, content: bytes) -> Kind:
    if said in {Kind.PDF, Kind.DOCX, Kind.ZIP}:
        raise Unreadable(f"Its name says {said.upper()}, but it is none, or it is damaged.")
    if _HTML.match(content[:4096]):
        return Kind.HTML
    if said is None:
        raise Unreadable(_OURS)
    return said


def _packed(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable("The file is damaged: it can't be unpacked.") from None
    if "[Content_Types].xml" not in names:
        return Kind.ZIP
    if any(one.endswith("vbaProject.bin") for one in names):
        raise Unreadable("This file carries macros; save it as .docx without them.")
    if "word/document.xml" in names:
        return Kind.DOCX
    raise Unreadable("Of Office files only Word documents are read; save a table as CSV.")
