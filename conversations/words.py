"""What people type, made fit to keep: pure functions over text."""

import re
import unicodedata
from typing import Any

TEXT_LIMIT = 4000

# Everything invisible that can break a page or a log, except tab, newline, and what scripts and
# emoji need (zero-width joiners). Bidirectional overrides can make text read as what it is not.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_HALF = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Without control characters and overrides; line ends are newlines; NFC; no edges."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _HALF.sub("\ufffd", _CONTROL.sub("", text))
    return unicodedata.normalize("NFC", text).strip()


def clean_line(text: str, *, limit: int) -> str:
    """One line of at most `limit` characters, for names and titles."""
    return " ".join(clean_text(text).split())[:limit]


def preview_of(text: str, *, limit: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def has_unstorable(value: Any) -> bool:
    """Is there a NUL or half a surrogate pair anywhere in this JSON value?"""
    match value:
        case str():
            return "\x00" in value or bool(_HALF.search(value))
        case dict():
            return any(has_unstorable(k) or has_unstorable(v) for k, v in value.items())
        case list():
            return any(has_unstorable(item) for item in value)
        case _:
            return False
