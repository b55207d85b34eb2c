"""What was said in a conversation, told to somebody else: without who said it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bots.privacy.vault import Vault

NAME, NUMBER = "[NAME]", "[NUMBER]"
# Of an order, a parcel, a contract: digits with or without letters, as nobody writes amounts or years.
_NUMBER = re.compile(
    r"(?<![\w.,€$£¥])(?:#\s?[\w-]{2,}\b|(?=[\w-]*\d[\w-]*\d[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
    r"|\d{5,})(?![\w%]|[.,]\d)"
)
_HELD = re.compile(r"\[[A-Z]+(?: \d{1,6})?\]")
_INTRODUCED = re.compile(
    r"\b((?:[Mm]y name is|[Tt]his is|[Ii] am|I'm|[Nn]ame:|[Dd]ear|Hi|Hello|Hey|[Rr]egards,|[Tt]hanks,)\s+)"
    r"((?:Mr|Mrs|Ms|Dr)\.?\s+)?([A-Z][a-zà-öø-ÿ]{1,20}(?:\s+[A-Z][a-zà-öø-ÿ]{1,20}){0,2})(?=[\s,.!]|$)"
)
_CHINESE_NAME = re.compile(
    r"(我(?:叫|的名字是|姓名是?)|姓名[:：]\s*)([\u4e00-\u9fff]{2,4})(?=[\s，,。.!！、]|$)"
)


class Anonymous:
    """The lines of one conversation, in their order. `names` are of those who take part."""

    def __init__(self, names: Sequence[str]) -> None:
        self._vault = Vault()
        parts = {part for name in names for part in [name, *name.split()] if len(part) >= 2}
        alternatives = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True))
        self._names = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)") if parts else None
        self._before = ""

    def told(self, text: str) -> str:
        """Personal data as placeholders; names, and numbers of orders and the like, too."""
        hidden = self._vault.redacted(text, after=self._before)
        self._before = text
        if self._names is not None:
            hidden = self._names.sub(NAME, hidden)
        hidden = _INTRODUCED.sub(rf"\1{NAME}", hidden)
        hidden = _CHINESE_NAME.sub(rf"\1{NAME}", hidden)
        return _between(hidden)


def _between(text: str) -> str:
    """Numbers are looked for around what is a placeholder already."""
    parts: list[str] = []
    start = 0
    for held in _HELD.finditer(text):
        parts += [_NUMBER.sub(NUMBER, text[start : held.start()]), held.group()]
        start = held.end()
    return "".join([*parts, _NUMBER.sub(NUMBER, text[start:])])
