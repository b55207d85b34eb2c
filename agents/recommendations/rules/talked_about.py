"""Which items a customer speaks of, by the words of their names. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bots.knowledge.text import COMMON_WORDS, tokens

HALF = 0.5  # of the words of a name, at least
MOST = 3


def named_in(words: Sequence[str], names: Mapping[str, str]) -> list[tuple[str, float]]:
    """(key, share of the name's words that were said), the most first; a word that stands in most names says little."""
    said = {token for text in words for token in tokens(text)} - COMMON_WORDS
    if not said or not names:
        return []
    told = {key: set(tokens(name)) - COMMON_WORDS for key, name in names.items()}
    counts = Counter(token for name in told.values() for token in name)
    usual = {token for token, many in counts.items() if many > max(len(told) / 4, 1)}
    found = []
    for key, name in told.items():
        special = name - usual
        share = len(special & said) / len(special) if special else 0.0
        if share >= HALF:
            found.append((key, round(share, 3)))
    return sorted(found, key=lambda one: (-one[1], one[0]))[:MOST]
