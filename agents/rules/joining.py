"""Which queue a customer joins, by what they say: pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from uuid import UUID

from agents.rules.shapes import Joins


def queue_by(
    cases: Sequence[Joins], *, said: str, language: str, labels: Collection[str]
) -> UUID | None:
    """The queue of the first case that fits; None: none does."""
    for case in cases:
        if _fits(case, said=said, language=language, labels=labels):
            return case.queue
    return None


def _fits(case: Joins, *, said: str, language: str, labels: Collection[str]) -> bool:
    if case.language and language.lower().split("-")[0] != case.language:
        return False
    if case.label and case.label.casefold() not in {one.casefold() for one in labels}:
        return False
    return not case.says or bool(_any_of(case.says).search(said))


@lru_cache(maxsize=256)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """A word also means what begins with it: "return" is in "returns". Chinese has no beginnings."""
    parts = [(r"\b" if word[0].isascii() else "") + re.escape(word) for word in words]
    return re.compile("|".join(parts), re.IGNORECASE)
