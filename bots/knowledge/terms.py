"""What a question's words are looked up by: themselves, what means the same, what was meant. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bots.knowledge.spelling import Spelling
from bots.knowledge.text import COMMON_WORDS, same_language, tokens

MOST = 60  # terms of a question; further ones are not looked for
LONGEST = 4  # words in a row that may have a synonym
MEANT = 0.8  # what a word counts that was probably misspelt


@dataclass(frozen=True)
class Term:
    """One word of a question and what counts as it: each form is words that must all be there.

    `is_common` words tell no article from another.
    """

    word: str
    weight: float
    forms: tuple[tuple[str, ...], ...]
    is_common: bool = False

    def stands_in(self, words: frozenset[str]) -> bool:
        return any(words.issuperset(form) for form in self.forms)

    @property
    def query(self) -> str:
        """All forms, in the notation of a tsquery."""
        return " | ".join("(" + " & ".join(map(_quoted, form)) + ")" for form in self.forms)


@dataclass(frozen=True)
class Lexicon:
    """What a company says about words: groups that mean the same, and words that tell nothing.

    Each with its language; an empty one holds for all. Words are as `tokens` cuts them.
    """

    groups: Sequence[tuple[str, tuple[tuple[str, ...], ...]]] = ()
    silent: Sequence[tuple[str, str]] = ()
    _none: frozenset[str] = field(default=COMMON_WORDS, repr=False)

    def others(self, words: Sequence[str], language: str) -> tuple[tuple[str, ...], ...]:
        """What means the same as these words in a row."""
        found = (
            entry
            for code, group in self._groups.get(tuple(words), ())
            if _holds(code, language)
            for entry in group
        )
        return tuple(dict.fromkeys(entry for entry in found if entry != tuple(words)))

    def common(self, language: str) -> frozenset[str]:
        """The words that tell nothing, those that everybody uses included."""
        own = {word for code, word in self.silent if _holds(code, language)}
        return self._none | own if own else self._none

    @cached_property
    def _groups(self) -> Mapping[tuple[str, ...], list[tuple[str, tuple[tuple[str, ...], ...]]]]:
        places: dict[tuple[str, ...], list[tuple[str, tuple[tuple[str, ...], ...]]]] = {}
        for code, group in self.groups:
            for entry in group:
                places.setdefault(entry, []).append((code, group))
        return places


def lexicon(
    groups: Iterable[tuple[str, Sequence[str]]], silent: Iterable[tuple[str, str]]
) -> Lexicon:
    """From words as people write them: (language, words that mean the same), (language, stop word)."""
    cut = [
        (code, tuple(dict.fromkeys(tuple(tokens(one)[: 2 * LONGEST]) for one in words)))
        for code, words in groups
    ]
    return Lexicon(
        groups=[(code, tuple(entry for entry in group if entry)) for code, group in cut],
        silent=[(code, token) for code, word in silent for token in tokens(word)],
    )


def terms_of(
    text: str,
    language: str,
    *,
    words: Lexicon,
    weight: Callable[[str], float],
    spelling: Spelling | None,
) -> list[Term]:
    """The terms of a question, each once, those of a phrase that has synonyms among them.

    `weight` says how rare a word is; `spelling`, if given, finds what an unknown word was to be.
    """
    said = tokens(text)[:200]
    common = words.common(language)
    found: dict[str, Term] = {}
    for word in dict.fromkeys(said):
        term = _term(word, words.others((word,), language), weight)
        meant = spelling.meant(word) if spelling and word not in common else None
        if meant is not None and len(term.forms) == 1:
            term = Term(word, MEANT * weight(meant), ((word,), (meant,)))
        found[word] = replace(term, is_common=word in common)
    for size in range(2, LONGEST + 1):
        for start in range(len(said) - size + 1):
            phrase = tuple(said[start : start + size])
            if others := words.others(phrase, language):
                heavy = max(weight(word) for word in phrase)
                found[" ".join(phrase)] = Term(" ".join(phrase), heavy, (phrase, *others))
    telling = sorted(found.values(), key=lambda term: (term.is_common, -term.weight))
    kept = {term.word for term in telling[:MOST]}
    return [term for term in found.values() if term.word in kept]


def _term(word: str, others: Sequence[tuple[str, ...]], weight: Callable[[str], float]) -> Term:
    """A word weighs as much as the commonest of what means the same."""
    each = [weight(word), *(max(map(weight, other)) for other in others)]
    return Term(word, min(each), ((word,), *others))


def _holds(code: str, language: str) -> bool:
    return not code or same_language(code, language)


def _quoted(word: str) -> str:
    """One lexeme in the notation of a tsquery."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
