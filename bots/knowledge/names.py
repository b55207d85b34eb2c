"""Names in a question: who asks about Norway is not answered by what holds for Germany. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bots.knowledge.text import COMMON_WORDS, same_language, tokens

MOST = 4
COMMON = (
    0.25  # of the articles of a language: a name that more of them have tells them apart no longer
)
SHORTEST = (
    3  # letters of one that is known without its capital: “fb” and “ms” are short for too much
)
FEWEST = 2  # words of a question without its names
FEW = 20  # articles, below which that is not asked
# A capital in the middle of a sentence: after a word that has none, or after a name.
_WORD = r"[A-Z][^\W\d_]+(?:[-’'][^\W\d_]+)*"
_NAME = re.compile(rf"(?:(?<=[^\W\d_A-Z] )|(?<=[^\W\d_A-Z][,;] )){_WORD}(?: {_WORD})*")
_SMALL = re.compile(r"\b[a-z][^\W\d_]*")
_CAPITALS = ("de", "lb")  # languages that write every noun so

NOTHING: frozenset[str] = frozenset()


def names_in(text: str, language: str, known: frozenset[str] = NOTHING) -> frozenset[str]:
    """The words of names, as `tokens` cuts them; none where capitals tell nothing. `known` are names however
    they are written."""
    if any(same_language(language, code) for code in _CAPITALS):
        return NOTHING
    found = (_with_capitals(text) | (known & frozenset(tokens(text)) if known else NOTHING)) - (
        COMMON_WORDS
    )
    return found if len(found) <= MOST else NOTHING


def without(text: str, names: frozenset[str]) -> str:
    """What is asked, whatever it is asked about; empty where too little is left to ask anything."""
    kept = " ".join(
        word for word in text.split() if not (cut := frozenset(tokens(word))) or not cut <= names
    )
    return kept if len(set(tokens(kept))) >= FEWEST else ""


def _with_capitals(text: str) -> frozenset[str]:
    if _is_headline(text):
        return NOTHING
    return frozenset(word for name in _NAME.findall(text) for word in tokens(name))


def _is_headline(text: str) -> bool:
    said: list[str] = re.findall(r"[^\W\d_]+", text)
    return 2 * sum(word[0].isupper() for word in said) > len(said) + 2


@dataclass
class _Seen:
    """Of one language: which articles write a word with a capital in mid-sentence, and which without. Their
    bodies are written with care, example questions as customers write."""

    capitals: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    small: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    ordinary: set[str] = field(default_factory=set)
    articles: set[int] = field(default_factory=set)

    def read(self, article: int, text: str, *, is_body: bool) -> None:
        self.articles.add(article)
        words = _SMALL.findall(text)
        if is_body:
            self.ordinary.update(words)
        for word in words:
            self.small[word].add(article)
        if not _is_headline(text):
            for name in _NAME.findall(text):
                self.capitals[name].add(article)

    def names(self) -> frozenset[str]:
        size = len(self.articles)
        most = COMMON * size if size >= FEW else size
        small, capitals = _by_token(self.small), _by_token(self.capitals)
        ordinary = COMMON_WORDS | {token for word in self.ordinary for token in tokens(word)}
        return frozenset(
            word
            for word, having in capitals.items()
            if len(word) >= SHORTEST
            and len(small.get(word, ())) <= len(having) <= most
            and word not in ordinary
        )


def _by_token(found: Mapping[str, set[int]]) -> Mapping[str, set[int]]:
    cut: dict[str, set[int]] = defaultdict(set)
    for written, articles in found.items():
        for word in tokens(written):
            cut[word] |= articles
    return cut


def learnt(texts: Iterable[tuple[int, str, bool, str]]) -> Mapping[str, frozenset[str]]:
    """What articles write with a capital in the middle of a sentence and bodies never without one, by language
    (its base), so that who writes “norway” has named it, too. `texts` are (article, language, whether it is of
    the body, prose)."""
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for article, language, is_body, text in texts:
        base = language.casefold().split("-")[0]
        if base not in _CAPITALS:
            seen[base].read(article, text, is_body=is_body)
    return {base: mine.names() for base, mine in seen.items()}
