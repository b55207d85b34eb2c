"""English spelling, offline: only where one word is plainly meant, and never a word that the house uses."""

from __future__ import annotations

from functools import cache

from spellchecker import SpellChecker

from bots.knowledge.corpus import corpus

_BRITISH = (
    ("our", "or"),
    ("tre", "ter"),
    ("is", "iz"),
    ("ys", "yz"),
    ("ll", "l"),
    ("ogue", "og"),
    ("ence", "ense"),
)
SURELY = 20.0  # times as usual as the next candidate


@cache
def _checker() -> SpellChecker:
    return SpellChecker(language="en", distance=1)


def better_spelling(word: str) -> str | None:
    """The word that was meant, or None: it is right, British, one of the articles', or it is not plain what
    was meant."""
    checker = _checker()
    if checker.known([word]) or word in corpus().frequency:
        return None
    if any(
        british in word and checker.known([word.replace(british, american)])
        for british, american in _BRITISH
    ):
        return None
    candidates = sorted(checker.candidates(word) or (), key=lambda one: -checker[one])
    slips = [one for one in candidates if _is_a_slip(word, one)]
    if slips and (len(word) > 3 or len(slips[0]) == len(word)):
        return slips[0]
    if not candidates or len(word) <= 3:
        return None
    first = candidates[0]
    rest = max((checker[one] for one in candidates[1:]), default=0)
    return first if checker[first] >= SURELY * rest else None


def _is_a_slip(word: str, meant: str) -> bool:
    """Two letters changed places, a letter was written once instead of twice, or an apostrophe was left out."""
    if len(word) == len(meant):
        return sorted(word) == sorted(meant)
    if meant.replace("'", "") == word:
        return True
    longer, shorter = (meant, word) if len(meant) > len(word) else (word, meant)
    return any(
        longer[at] == longer[at - 1] and longer[:at] + longer[at + 1 :] == shorter
        for at in range(1, len(longer))
    )
