"""Which keyword a message says; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol, TypeVar


class Worded(Protocol):
    @property
    def words(self) -> str: ...


Keyword = TypeVar("Keyword", bound=Worded)


def said_first(keywords: Iterable[Keyword], text: str) -> Keyword | None:
    """The keyword that the text says first; None if it says none.

    Whole words, whatever their case and however far apart: “refund” is not in “refunded”, but
    “refund*” is. Chinese and Japanese have no word ends and are found anywhere.
    """
    found = [
        (match.start(), one) for one in keywords if (match := _pattern(one.words).search(text))
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


@lru_cache(maxsize=1024)
def _pattern(words: str) -> re.Pattern[str]:
    parts = [re.escape(part).replace(r"\*", r"\w*") for part in words.split()]
    said = r"\s+".join(parts)
    begins = r"(?<!\w)" if _has_ends(words[:1]) else ""
    ends = r"(?!\w)" if _has_ends(words[-1:]) else ""
    return re.compile(f"{begins}{said}{ends}", re.IGNORECASE)


def _has_ends(character: str) -> bool:
    return bool(re.match(r"\w", character)) and not "\u3040" <= character <= "\u9fff"
