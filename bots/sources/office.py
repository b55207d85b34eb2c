"""Word files → Markdown, by way of HTML: headings, lists and tables stay what they are."""

import zipfile
from io import BytesIO
from typing import Any

import mammoth

from bots.sources.kinds import PARTS_LIMIT, UNPACKED_LIMIT, Document, Unreadable
from bots.sources.pages import markdown_of

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='标题'] => h1:fresh
"""


def read_docx(content: bytes) -> Document:
    """Raises Unreadable. Pictures, comments and what was deleted under review are left out."""
    _check_size(content)
    try:
        found: Any = mammoth.convert_to_html(
            BytesIO(content), style_map=_STYLES, convert_image=mammoth.images.img_element(_nothing)
        )
    except RecursionError:
        raise Unreadable("The document is nested too deeply.") from None
    except Exception:  # noqa: BLE001 -- whatever a broken file does to the library
        raise Unreadable("The Word file is damaged: its text can't be read.") from None
    markdown = markdown_of(found.value)
    if not markdown:
        raise Unreadable("The Word file has no text.")
    return Document(title=_title(content), markdown=markdown)


def _nothing(_image: Any) -> dict[str, str]:
    return {}


def _check_size(content: bytes) -> None:
    """What it says of itself is also the most that is unpacked of it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable("The Word file is damaged: it can't be unpacked.") from None
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise Unreadable(f"Unpacked it is larger than {UNPACKED_LIMIT // 1024**2} MB.")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("The Word file is locked with a password.")


def _title(content: bytes) -> str:
    """From its properties; editors seldom fill them in, so an odd one is nothing."""
    from xml.etree import ElementTree as Xml

    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            root = Xml.fromstring(packed.read("docProps/core.xml"))  # noqa: S314 -- in a child with limits
    except (KeyError, Xml.ParseError, zipfile.BadZipFile, OSError):
        return ""
    found = root.findtext("{http://purl.org/dc/elements/1.1/}title") or ""
    return " ".join(found.split())
