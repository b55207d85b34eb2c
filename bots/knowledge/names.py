"""Names in a question: who asks about Norway is not answered by what holds for Germany. Pure."""

from __future__ import annotations

import re

from bots.knowledge.text import COMMON_WORDS, same_language, tokens

MOST = 4
# A capital in the middle of a sentence: after a word that has none, or after a name.
_WORD = r"[A-Z][^\W\d_]+(?:[-’'][^\W\d_]+)*"
_NAME = re.compile(rf"(?:(?<=[^\W\d_A-Z] )|(?<=[^\W\d_A-Z][,;] )){_WORD}(?: {_WORD})*")
_CAPITALS = ("de", "lb")  # languages that write every noun so


def names_in(text: str, language: str) -> frozenset[str]:
    """The words of names, as `tokens` cuts them; none where capitals tell nothing."""
    if any(same_language(language, code) for code in _CAPITALS):
        return frozenset()
    said = re.findall(r"[^\W\d_]+", text)
    if 2 * sum(word[0].isupper() for word in said) > len(said) + 2:
        return frozenset()  # a headline
    words = [word for name in _NAME.findall(text) for word in tokens(name)]
    found = frozenset(words) - COMMON_WORDS
    return found if len(found) <= MOST else frozenset()
