"""Words for the search over messages: how a text is cut, what a query asks, where it is found.

Latin words are kept as written and by their stem, at one place; a run of Chinese characters as its
pairs of neighbours, so that any two characters find it. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bots.knowledge.text import COMMON_WORDS, LONGEST_WORD, normal, stem

MOST_TERMS = 12
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:['’][a-z]{{1,2}}\b)?")
_IS_HAN = re.compile(rf"[{_HAN}]")
_PIECE = re.compile(r'"([^"]*)"?|([^\s"]+)')
_LAST_PLACE = 16_000  # PostgreSQL keeps places up to 16,383
_PREFIX_FROM = 3


@dataclass(frozen=True, slots=True)
class Run:
    """A word or a run of Chinese characters, where it stands in the text."""

    start: int
    end: int
    word: str
    han: bool


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand next to each other; `prefix`: the last one may go on."""

    words: tuple[str, ...]
    prefix: bool = False


def runs(text: str) -> Iterator[Run]:
    for found in _RUN.finditer(text):
        if word := _folded(found.group()):
            han = bool(_IS_HAN.match(word))
            yield Run(found.start(), found.end(), word if han else word[:LONGEST_WORD], han)


# People say the same words again and again.
@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return word.lower() if word.isascii() else normal(word).replace("’", "'")


@lru_cache(maxsize=50_000)
def _forms(word: str) -> frozenset[str]:
    return frozenset({word, stem(word)})


@lru_cache(maxsize=50_000)
def _entries(word: str) -> tuple[str, ...]:
    return tuple(_quoted(form) for form in sorted(_forms(word)))


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def as_vector(text: str) -> str:
    """The text as PostgreSQL reads a tsvector."""
    entries: list[str] = []
    place = 1
    for run in runs(text):
        if place > _LAST_PLACE:
            break
        if run.han:
            # The last character too, alone: one character is searched as the start of a pair.
            for n, piece in enumerate([*_pairs(run.word), run.word[-1]]):
                entries.append(f"{_quoted(piece)}:{min(place + n, _LAST_PLACE)}")
            place += len(run.word)
        else:
            entries += [f"{entry}:{place}" for entry in _entries(run.word)]
            place += 1
    return " ".join(entries)


def terms_of(query: str) -> list[Term]:
    """What is asked: "quoted words" together, word* as a start; the last word may go on.

    Words that everybody uses count only when there is nothing else, or inside quotes.
    """
    terms: list[Term] = []
    common: list[Term] = []
    pieces = list(_PIECE.finditer(query))
    for piece in pieces:
        quoted, plain = piece.groups()
        if quoted is not None:
            words = tuple(_split(quoted))
            terms += [Term(words)] if words else []
            continue
        starred = plain.endswith("*")
        unfinished = starred or (piece is pieces[-1] and not query[-1:].isspace())
        found = list(runs(plain))
        for run in found:
            last = run is found[-1]
            term = Term(
                tuple(_pairs(run.word) or [run.word]) if run.han else (run.word,),
                prefix=not run.han
                and last
                and (starred or (unfinished and len(run.word) >= _PREFIX_FROM)),
            )
            rare = run.han or starred or not COMMON_WORDS & _forms(run.word)
            (terms if rare else common).append(term)
    return list(dict.fromkeys(terms or common))[:MOST_TERMS]


def _split(text: str) -> Iterator[str]:
    for run in runs(text):
        if run.han:
            yield from _pairs(run.word) or [run.word]
        else:
            yield run.word


def as_query(terms: Sequence[Term]) -> str:
    """The terms as PostgreSQL reads a tsquery: all of them must be there."""
    return " & ".join(f"({_term(term)})" for term in terms)


def _term(term: Term) -> str:
    return " <-> ".join(
        _word(word, prefix=term.prefix and n == len(term.words) - 1)
        for n, word in enumerate(term.words)
    )


def _word(word: str, *, prefix: bool) -> str:
    if _IS_HAN.match(word):
        return f"{_quoted(word)}:*" if len(word) == 1 else _quoted(word)
    forms = [f"{_quoted(word)}:*" if prefix else _quoted(word)]
    if stem(word) != word:
        forms.append(_quoted(stem(word)))
    return f"({' | '.join(forms)})"


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def highlights(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where the terms are, as [start, end) in characters; sorted, without overlaps."""
    found = list(runs(text))
    spans: list[tuple[int, int]] = []
    for term in terms:
        if _IS_HAN.match(term.words[0]):
            wanted = term.words[0] + "".join(word[-1] for word in term.words[1:])
            spans += _han_spans(found, wanted)
        else:
            spans += _word_spans(found, term)
    return _joined(spans)


def _han_spans(found: Sequence[Run], wanted: str) -> Iterator[tuple[int, int]]:
    for run in found:
        at = run.word.find(wanted) if run.han else -1
        while at >= 0:
            yield run.start + at, run.start + at + len(wanted)
            at = run.word.find(wanted, at + 1)


def _word_spans(found: Sequence[Run], term: Term) -> Iterator[tuple[int, int]]:
    size = len(term.words)
    for n in range(len(found) - size + 1):
        window = found[n : n + size]
        if all(
            _meets(run.word, word, prefix=term.prefix and place == size - 1)
            for place, (run, word) in enumerate(zip(window, term.words, strict=True))
        ):
            yield window[0].start, window[-1].end


def _meets(word: str, wanted: str, *, prefix: bool) -> bool:
    return bool(_forms(word) & _forms(wanted)) or (prefix and word.startswith(wanted))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
