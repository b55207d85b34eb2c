"""Values by the words around them that the operator wrote: “table for {}”. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from bots.procedures.numbers import Found
from bots.procedures.shapes import Slot


def cued(slot: Slot, said: str, candidates: Callable[[], Iterable[Found]]) -> Iterator[Found]:
    """`candidates` are all values of the slot's type in the text."""
    if not slot.cues:
        return
    if slot.kind in {"text", "name"}:
        for cue in slot.cues:
            for match in _cue(cue, r"(?P<value>[^,.;!?，。；！？\n]{1,80}?)").finditer(said):
                value = match["value"].strip()
                if value:
                    yield Found(value, *match.span("value"))
        return
    found = list(candidates())
    for cue in slot.cues:
        before, _, after = cue.partition("{}")
        for one in found:
            if _ends(said[: one.start], before) and _begins(said[one.end :], after):
                yield one


def _ends(said: str, words: str) -> bool:
    words = words.strip()
    pattern = r"(?<![a-z])" * words[:1].isascii() + spaced(words) + r"\s*$"
    return not words or bool(re.search(pattern, said, re.IGNORECASE))


def _begins(said: str, words: str) -> bool:
    words = words.strip()
    pattern = r"^\s*" + spaced(words) + r"(?![a-z])" * words[-1:].isascii()
    return not words or bool(re.search(pattern, said, re.IGNORECASE))


def spaced(words: str) -> str:
    return r"\s+".join(re.escape(one) for one in words.split())


@lru_cache(maxsize=1024)
def _cue(cue: str, value: str) -> re.Pattern[str]:
    before, _, after = (part.strip() for part in cue.partition("{}"))
    ends = spaced(after) if after else r"(?=$|[,.;!?，。；！？\n])"
    begins = r"(?<![A-Za-z])" * before[:1].isascii() + spaced(before)
    return re.compile(rf"{begins}\s*{value}\s*{ends}", re.IGNORECASE)
