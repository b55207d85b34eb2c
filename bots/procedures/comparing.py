"""A message as it is compared with examples: without what names nothing but a thing, and spelt right. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from threading import Lock

from spellchecker import SpellChecker

from bots.knowledge.spelling import SHORTEST, Spelling

# Booking numbers, telephone numbers, addresses: to an encoder two messages with one number are alike,
# whatever each wants to have done with it.
_NAMES_A_THING = re.compile(
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?<![A-Za-z0-9])(?:[A-Za-z]{1,4}-?|[A-Z]{2,4} |^[A-Za-z]{2,3} (?=\d{5,}\W*$))\d{4,}(?![A-Za-z0-9])"
    r"|(?<![\d.,€$£])(?!\d{4}-\d\d-\d\d)\+?\d[\d ()-]{5,}\d(?![\d.,€$£])"
)
_LOOSE = re.compile(r"\s*[,;:，；：、]+\s*(?=[,;:，；：、.!?。！？]|$)")  # what stood between them
_WORD = re.compile(r"(?<![\w'@.-])[A-Za-z]{4,24}(?![\w'@.-])")
_english: list[SpellChecker] = []
_loading = Lock()
_MOST_WORDS = 60  # of a message: a longer one says what it wants in more than one word


def without_numbers(text: str) -> str:
    """“Change my flight AT-40112” as “Change my flight”; a message that is nothing else stays."""
    bare = _bare(text)
    return bare if any(map(str.isalpha, bare)) else text


def only_names_a_thing(text: str) -> bool:
    """Whether a message is a number, an address or both, and says nothing about them."""
    bare = _bare(text)
    return bare != " ".join(text.split()) and not any(map(str.isalpha, bare))


def _bare(text: str) -> str:
    bare = " ".join(_NAMES_A_THING.sub(" ", text).split())
    return _LOOSE.sub("", bare).lstrip(" ,;:，；：、")


class Slips:
    """English words that are none, as the words of the examples that were probably meant."""

    def __init__(self, examples: Iterable[str]) -> None:
        words = [word.lower() for text in examples for word in _WORD.findall(text)]
        self._spelling = Spelling({word: words.count(word) for word in set(words)})

    def mended(self, text: str) -> str:
        """The text itself where nothing is plainly misspelt."""
        if len(text.split()) > _MOST_WORDS:
            return text
        return _WORD.sub(lambda found: self._better(found.group()), text)

    def _better(self, word: str) -> str:
        said = word.lower()
        if len(said) < SHORTEST or _is_english(said):
            return word
        return self._spelling.meant(said) or word


def load_english() -> bool:
    """Reads the dictionary, which takes half a second; False while another thread is at it: until then no word
    is taken for a slip, so that nobody waits."""
    if not _english and _loading.acquire(blocking=False):
        try:
            _english.append(SpellChecker(language="en", distance=1))
        finally:
            _loading.release()
    return bool(_english)


def _is_english(word: str) -> bool:
    return not load_english() or bool(_english[0].known([word]))
