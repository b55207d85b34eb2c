"""Two articles side by side: sentences that speak of the same and do not agree. Pure.

Two sentences speak of the same when nearly all telling words of the shorter one are in the other,
figures aside, and nothing in their titles sets them apart. They disagree when each gives a figure of
one kind (a time, an amount, a share, a date) that the other does not, or when only one denies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bots.knowledge.chunk import Kind, plain, sentences
from bots.knowledge.text import COMMON_WORDS, tokens
from bots.learning.facts import facts, without_figures

Why = Literal["figure", "negation", "opposite"]

SAME = 0.7  # of the shorter sentence's words, in the other
CLOSE = 0.7  # of the words of both, where only a negation tells them apart
APART = 0.35  # of the words of both, at least
FEWEST = 2  # telling words of a sentence that says something
SPEAKING = 3  # words in common from which sentences of unlike titles may speak of the same
MOST = 400  # sentences of one article that are compared

_DENIES = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|unable|impossible|isn't|aren't|don't|doesn't|can't|won't|"
    r"couldn't|shouldn't|mustn't|hasn't|haven't|wasn't|weren't|unavailable)\b"
    r"|不(?!同|仅|但|断|少|错|管|论|妨)|没有?|无法|无需|未|勿|禁止|别的?地?不",
    re.IGNORECASE,
)
_NOT_DENIED = re.compile(
    r"\bno (?:longer than|later than|more than|less than|matter|problem|worries)\b|\bnot only\b"
    r"|\bif not\b|\bwhether or not\b|不超过|不少于|不低于|不高于|不晚于",
    re.IGNORECASE,
)
_OPPOSITES = (
    ("free", "charge"),
    ("open", "close"),
    ("allow", "forbid"),
    ("accept", "reject"),
    ("include", "exclude"),
    ("possible", "impossible"),
    ("before", "after"),
    ("minimum", "maximum"),
    ("always", "never"),
    ("必须", "无需"),
    ("免费", "收费"),
    ("支持", "不支持"),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`start` and `end` are its place in the body."""

    start: int
    end: int
    text: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    first: Sentence
    second: Sentence
    why: Why
    likeness: float


def contradictions(first: tuple[str, str], second: tuple[str, str]) -> list[Disagreement]:
    """Of two articles, each (title, body): the likest sentences first, each sentence once."""
    mine = [_Read.of(one, first[0]) for one in sentences_of(first[1])[:MOST]]
    others = [_Read.of(one, second[0]) for one in sentences_of(second[1])[:MOST]]
    by_word: dict[str, list[_Read]] = {}
    for one in others:
        for word in one.words:
            by_word.setdefault(word, []).append(one)
    found = sorted(_pairs(mine, by_word), key=lambda one: -one.likeness)
    seen: set[tuple[int, int]] = set()
    kept: list[Disagreement] = []
    for pair in found:
        keys = {(0, pair.first.start), (1, pair.second.start)}
        if not keys & seen:
            seen |= keys
            kept.append(pair)
    return kept


def sentences_of(body: str) -> list[Sentence]:
    found: list[Sentence] = []
    heading = ""
    for span in sentences(body):
        text = plain(body[span.start : span.end])
        if span.heading:
            heading = text
        elif text and span.kind != Kind.HEAD:
            found.append(Sentence(span.start, span.end, text, heading))
    return found


@dataclass(frozen=True, eq=False)
class _Read:
    sentence: Sentence
    words: frozenset[str]
    about: frozenset[str]  # the words of its heading and title
    facts: dict[str, frozenset[float | str]]
    denies: bool

    @classmethod
    def of(cls, sentence: Sentence, title: str) -> _Read:
        bare = _NOT_DENIED.sub(" ", sentence.text)
        told = _telling(_DENIES.sub(" ", without_figures(bare)))
        return cls(
            sentence=sentence,
            words=told,
            about=_telling(without_figures(f"{title} {sentence.heading}")),
            facts=facts(sentence.text),
            denies=len(_DENIES.findall(bare)) % 2 == 1,
        )


def _telling(text: str) -> frozenset[str]:
    return frozenset(
        word
        for word in tokens(text)
        if word not in COMMON_WORDS and not any(sign.isdigit() for sign in word)
    )


def _pairs(mine: Sequence[_Read], by_word: dict[str, list[_Read]]) -> Iterator[Disagreement]:
    for one in mine:
        near = {other for word in one.words for other in by_word.get(word, ())}
        for other in near:
            likeness = _likeness(one, other)
            if likeness >= SAME and (why := _why(one, other)):
                yield Disagreement(one.sentence, other.sentence, why, round(likeness, 3))


def _likeness(one: _Read, other: _Read) -> float:
    """0…1; what sets their titles apart and is not in both sentences counts against it."""
    shared = one.words & other.words
    least = min(len(one.words), len(other.words))
    if len(shared) < SPEAKING and not one.about & other.about:
        return 0.0
    if least < FEWEST or len(shared) < APART * len(one.words | other.words):
        return 0.0
    qualified = (one.about - other.about - shared, other.about - one.about - shared)
    if all(qualified) and not one.about & other.about:
        return 0.8 * len(shared) / least
    return len(shared) / least


def _why(one: _Read, other: _Read) -> Why | None:
    common = one.facts.keys() & other.facts.keys()
    if any(one.facts[k] - other.facts[k] and other.facts[k] - one.facts[k] for k in common):
        return "figure"
    both = len(one.words & other.words) / len(one.words | other.words)
    if both < CLOSE or (common and any(one.facts[k] != other.facts[k] for k in common)):
        return None
    if one.denies != other.denies:
        return "negation"
    if _opposed(one.words - other.words, other.words - one.words):
        return "opposite"
    return None


def _opposed(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return any((a in mine and b in theirs) or (b in mine and a in theirs) for a, b in _OPPOSITES)
