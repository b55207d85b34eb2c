"""A question → the articles that may answer it, best first, with what speaks for each.

One statement (`bots.knowledge.statement`) names candidates and measures every passage of theirs.
The sum of the signals is ours, and its weights were learnt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TypeAlias
from uuid import UUID, uuid4

import numpy as np

from bots.knowledge.calibration import Judge, calibration, nearness
from bots.knowledge.corpus import Corpus
from bots.knowledge.names import names_in
from bots.knowledge.questions import Question
from bots.knowledge.statement import Row, Wanted, rows, wording
from bots.knowledge.terms import Term, terms_of
from bots.knowledge.text import same_language
from bots.language.model import Vectors
from bots.models import Reader, Readership

Parts: TypeAlias = frozenset[str]

# Each can be switched off: the encoder of every language, the English one, the index of words,
# unknown words by their trigrams, and the sum of all signals in place of the places in the lists.
PARTS: Parts = frozenset({"vectors", "english", "words", "trigrams", "rerank"})
WORDS = 12  # words that are looked up, the rarest ones
FUSED_FROM = 60  # the usual constant of reciprocal rank fusion
TIED = 0.3  # of the signals' sum
NOWHERE = -1.0  # a cosine that nobody measured
TOO_COMMON = 5_000  # passages: a word that so many have finds nothing
ENOUGH = 3_000  # passages that have the words that are looked up


@dataclass
class Hit:
    """One article and what speaks for it.

    `asked`, `english` and `said` are cosines around the corpus' middle, of the nearest title or
    example, the same by the English encoder, and the nearest part of the body; `near` and
    `near_english` are plain cosines of all titles and examples, nearest first; `words` and `covered` are shares of the question's weight in
    words: shared with one wording, and found anywhere in the article; `named` is the share of the question's names that
    it holds, None where there are none. `places` is where each list of
    candidates had it, from 1, and `found` what each of the question's words counts that it holds.
    """

    article_id: int
    language: str
    family: UUID = field(default_factory=uuid4)
    asked: float = -1.0
    english: float | None = None
    said: float = -1.0
    words: float = 0.0
    near: list[float] = field(default_factory=list)
    near_english: list[float] = field(default_factory=list)
    covered: float = 0.0
    named: float | None = None
    score: float = 0.0
    place: int | None = None  # where the nearest part begins in the body
    places: dict[str, int] = field(default_factory=dict)
    found: dict[str, float] = field(default_factory=dict)

    @property
    def scores(self) -> dict[str, float]:
        """What each part said, for whoever wants to know why: cosines, shares and the sum."""
        said = {"asked": self.asked, "said": self.said, "english": self.english}
        said |= {"words": self.words, "covered": self.covered, "named": self.named}
        said |= {"score": self.score}
        ranked = {f"{part}_place": float(place) for part, place in self.places.items()}
        return {
            name: round(value, 4)
            for name, value in (said | ranked).items()
            if value is not None and value > NOWHERE
        }


def search(
    question: Question,
    *,
    known: Corpus,
    inbox_id: int | None,
    reader: Readership = Reader.ANYBODY,
    parts: Parts = PARTS,
    abroad: bool = False,
) -> list[Hit]:
    """Published articles of this inbox (or of none in particular) for this reader, best first; `abroad`:
    only those in other languages than the question.

    Of an article in several languages there is one: in the question's language, else the best.
    A part that is not among `parts` has no say; without `rerank` the places in the lists decide.
    Where several articles that come near hold all the names of a question, what else is asked decides between them.
    """
    if known.passages == 0:
        return []
    once = partial(
        _search, known=known, inbox_id=inbox_id, reader=reader, parts=parts, abroad=abroad
    )
    hits = once(question)
    if question.apart is None or not _share_names(hits):
        return hits
    vector, english = question.apart
    return once(replace(question, vector=vector, english=english))


def _share_names(hits: Sequence[Hit]) -> bool:
    near = [hit for hit in hits if hits[0].score - hit.score <= TIED]
    return len(near) > 1 and hits[0].named == 1.0 and any(hit.named == 1.0 for hit in near[1:])


def _search(
    question: Question,
    *,
    known: Corpus,
    inbox_id: int | None,
    reader: Readership,
    parts: Parts,
    abroad: bool,
) -> list[Hit]:
    asked = question if "english" in parts else replace(question, english=None)
    terms = _terms(asked, known, parts) if "words" in parts else []
    wanted = Wanted(
        vector=asked.vector,
        english=asked.english,
        rare=_rare(terms, known),
        inbox_id=inbox_id,
        reader=reader,
        by_vector="vectors" in parts,
        abroad=question.language if abroad else "",
    )
    found = rows(wanted, known)
    words = wording.of([row.passage_id for row in found]) if terms else {}
    weighed = _Asked(asked, terms, known)
    hits: dict[int, Hit] = {}
    for row in found:
        _add(hits, row, words.get(row.passage_id, frozenset()), weighed)
    if "vectors" not in parts:
        for hit in hits.values():
            hit.asked = hit.english if hit.english is not None else 0.0
            hit.said, hit.near = 0.0, [0.0] * len(hit.near)
    return one_of_each(_ranked(list(hits.values()), weighed, parts), question.language)


def _terms(question: Question, known: Corpus, parts: Parts) -> list[Term]:
    return terms_of(
        question.text,
        question.language,
        words=known.lexicon,
        weight=known.weight,
        spelling=known.spelling if "trigrams" in parts else None,
    )


def _rare(terms: Sequence[Term], known: Corpus) -> list[Term]:
    """The terms that are worth looking up: the rarest, as many as find what can be read in time."""
    telling = [
        (term, having)
        for term in sorted(terms, key=lambda term: -term.weight)
        if not term.is_common and 0 < (having := sum(map(known.having, term.forms))) <= TOO_COMMON
    ][:WORDS]
    found: list[Term] = []
    read = 0
    for term, having in telling:
        read += having
        if found and read > ENOUGH:
            break
        found.append(term)
    return found


def one_of_each(hits: Sequence[Hit], language: str) -> list[Hit]:
    """Each family once, at the place of its best."""
    families: dict[UUID, Hit] = {}
    for hit in hits:
        known = families.setdefault(hit.family, hit)
        if same_language(hit.language, language) and not same_language(known.language, language):
            # It says the same, so it is as good an answer as the one that came nearer.
            hit.score = max(hit.score, known.score)
            families[hit.family] = hit
    return list(families.values())


def judge_of(question: Question, hit: Hit, known: Corpus) -> Judge:
    both = question.english is not None and hit.english is not None
    return known.fits.bilingual if both else known.fits.alone


def floor_of(question: Question, hit: Hit, known: Corpus) -> float:
    """Below this chance that anything answers, a person is asked."""
    both = question.english is not None and hit.english is not None
    return known.floors.bilingual if both else known.floors.alone


# --- adding up ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Asked:
    """A question, its terms, and what they are weighed by."""

    question: Question
    terms: Sequence[Term]
    known: Corpus

    @cached_property
    def square(self) -> float:
        return sum(term.weight**2 for term in self.terms)

    @cached_property
    def middle(self) -> tuple[float, float]:
        """The question's product with the middle, and the middle's with itself."""
        return _to(self.question.vector, self.known.middle)

    @cached_property
    def english_middle(self) -> tuple[float, float]:
        assert self.question.english is not None
        return _to(self.question.english, self.known.english_middle)

    def shared(self, words: frozenset[str]) -> list[Term]:
        plain = [self.plain[word] for word in self.plain.keys() & words]
        return plain + [term for term in self.ambiguous if term.stands_in(words)]

    @cached_property
    def plain(self) -> dict[str, Term]:
        return {term.word: term for term in self.terms if len(term.forms) == 1}

    @cached_property
    def ambiguous(self) -> list[Term]:
        return [term for term in self.terms if len(term.forms) > 1]

    def overlap(self, shared: Sequence[Term], words: frozenset[str]) -> float:
        """The cosine of two sets of words, rare ones weighing more."""
        both = sum(term.weight**2 for term in shared)
        if not both:
            return 0.0
        own = sum(self.known.weight(word) ** 2 for word in words)
        return float(min(1.0, both / (self.square * own) ** 0.5))


def _to(vector: Vectors, middle: Vectors) -> tuple[float, float]:
    return float(vector @ middle), float(middle @ middle)


def _add(hits: dict[int, Hit], row: Row, words: frozenset[str], asked: _Asked) -> None:
    hit = hits.get(row.article_id)
    if hit is None:
        hit = hits[row.article_id] = Hit(row.article_id, row.language, row.family)
        places = {"vectors": row.near_at, "english": row.english_at, "words": row.words_at}
        hit.places = {part: at for part, at in places.items() if at is not None}
    counts = asked.known.weights[row.kind]
    shared = asked.shared(words)
    for term in shared:
        hit.found[term.word] = max(hit.found.get(term.word, 0.0), counts)
    around = _around(row.dot, row.dot_middle, *asked.middle)
    if row.kind == "body":
        if around > hit.said:
            hit.said, hit.place = around, row.start
        return
    hit.asked = max(hit.asked, around)
    hit.near.append(row.dot)
    hit.words = max(hit.words, counts * asked.overlap(shared, words))
    if row.english_dot is not None and row.english_middle is not None:
        second = _around(row.english_dot, row.english_middle, *asked.english_middle)
        hit.english = max(hit.english or -1.0, second)
        hit.near_english.append(row.english_dot)


def _around(dot: float, dot_middle: float, to_middle: float, square: float) -> float:
    """The cosine of two unit vectors as seen from the middle."""
    up = dot - dot_middle - to_middle + square
    down = (1 - 2 * dot_middle + square) * (1 - 2 * to_middle + square)
    return float(up / max(down, 1e-9) ** 0.5)


def _ranked(hits: list[Hit], asked: _Asked, parts: Parts) -> list[Hit]:
    terms, question = asked.terms, asked.question
    telling = {term.word: term.weight for term in terms if not term.is_common}
    telling = telling or {term.word: term.weight for term in terms}
    total = sum(telling.values()) or 1.0
    bonus = calibration().same_language
    known = asked.known.names_of(question.language)
    named = names_in(question.text, question.language, known) & telling.keys()
    for hit in hits:
        spoken = (telling[word] * counts for word, counts in hit.found.items() if word in telling)
        hit.covered = min(1.0, sum(spoken) / total)
        hit.named = len(named & hit.found.keys()) / len(named) if named else None
        hit.score = (
            _sum(hit, judge_of(question, hit, asked.known)) if "rerank" in parts else _fused(hit)
        )
        if same_language(hit.language, question.language):
            hit.score += bonus if "rerank" in parts else 0.0
    return sorted(hits, key=lambda hit: (-hit.score, hit.article_id))


def _sum(hit: Hit, judge: Judge) -> float:
    weights = judge.signals
    # An article without a body is judged by its title in its place.
    said = hit.said if hit.place is not None else hit.asked
    # What one encoder cannot say, the other is taken to say too.
    english = hit.asked if hit.english is None else hit.english
    return (
        weights["asked"] * hit.asked
        + weights["english"] * english
        + weights["said"] * said
        + weights["words"] * hit.words
        + weights["covered"] * hit.covered
        + weights["named"] * (hit.named or 0.0)
    )


def _fused(hit: Hit) -> float:
    """By the places in the lists alone, as reciprocal rank fusion does it."""
    return sum(1 / (FUSED_FROM + place) for place in hit.places.values())


def features(hits: Sequence[Hit]) -> dict[str, float]:
    """What confidence is made of: how near articles come, and how far ahead the first one is.

    `nearest` is of any article that the same encoders read as the first, `near` of that one; the others compare the first with the rest.
    """
    first = hits[0]
    others = [hit.score for hit in hits[1:10]]
    # What only one encoder reads is measured by another scale.
    alike = [hit for hit in hits if (hit.english is None) == (first.english is None)]
    each = [nearness(hit.near, hit.near_english) for hit in alike]
    return {
        "nearest": max(each),
        "near": each[0],
        "words": first.words,
        "covered": first.covered,
        "margin": first.score - others[0] if others else 1.0,
        "lead": first.score - float(np.mean(others)) if others else 1.0,
    }
