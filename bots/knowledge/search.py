"""A question → the articles that may answer it, best first, with what speaks for each.

One statement asks two vector indexes and one index of words who may be meant, and measures every
passage of those articles. The sum of the signals is ours, and its weights were learnt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import numpy as np
from django.db import connection, transaction

from bots.knowledge.calibration import Judge, calibration, nearness
from bots.knowledge.corpus import Corpus
from bots.knowledge.text import COMMON_WORDS, same_language, tokens
from bots.knowledge.vectors import Encoders
from bots.language.model import Vectors
from bots.models import Reader
from bots.models.article import readable_by

NEAR = 60  # passages from each vector index
WORDY = 40  # passages from the index of words
ARTICLES = 24  # articles that are measured
WORDS = 12  # words that are looked up, the rarest ones
TOO_COMMON = 5_000  # passages: a word that so many have finds nothing


@dataclass(frozen=True)
class Question:
    """A question as search sees it. `english` is None where that encoder has no say."""

    text: str
    language: str
    vector: Vectors
    english: Vectors | None = None


@dataclass
class Hit:
    """One article and what speaks for it.

    `asked`, `english` and `said` are cosines around the corpus' middle, of the nearest title or
    example, the same by the English encoder, and the nearest part of the body; `near` and
    `near_english` are plain cosines of all titles and examples, nearest first; `words` and `covered` are shares of the question's weight in
    words: shared with one wording, and found anywhere in the article.
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
    score: float = 0.0
    place: int | None = None  # where the nearest part begins in the body
    found: set[str] = field(default_factory=set)


def encode(texts: Sequence[str], languages: Sequence[str], encoders: Encoders) -> list[Question]:
    """Many questions with one call of each encoder."""
    vectors = encoders.every.queries(texts)
    places = [i for i, code in enumerate(languages) if same_language(code, "en")]
    second: dict[int, Vectors] = {}
    if encoders.english is not None and places:
        found = encoders.english.queries([texts[i] for i in places])
        second = dict(zip(places, found, strict=True))
    return [Question(text, languages[i], vectors[i], second.get(i)) for i, text in enumerate(texts)]


def search(
    question: Question,
    *,
    known: Corpus,
    inbox_id: int | None,
    reader: Reader = Reader.ANYBODY,
) -> list[Hit]:
    """Published articles of this inbox (or of none in particular) for this reader, best first.

    Of an article in several languages there is one: in the question's language, else the best.
    """
    if known.passages == 0:
        return []
    words = _weighted(question.text, known)
    hits: dict[int, Hit] = {}
    for row in _rows(question, words, known, inbox_id, reader):
        _add(hits, row, question, words, known)
    return one_of_each(_ranked(list(hits.values()), words, question), question.language)


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


def judge_of(question: Question, hit: Hit) -> Judge:
    both = question.english is not None and hit.english is not None
    return calibration().bilingual if both else calibration().alone


def floor_of(question: Question, hit: Hit, known: Corpus) -> float:
    """Below this chance that anything answers, a person is asked."""
    both = question.english is not None and hit.english is not None
    return known.floors.bilingual if both else known.floors.alone


# --- the statement ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    article_id: int
    language: str
    family: UUID
    kind: str
    start: int
    dot: float
    dot_middle: float
    english_dot: float | None
    english_middle: float | None
    shared: Sequence[str]
    own: Sequence[str] | None


_OPEN = """
    EXISTS (
        SELECT 1 FROM bots_article a
        WHERE a.id = p.article_id AND a.state = 'published' AND a.revision = p.revision
        AND a.visibility = ANY(%(readable)s)
        AND (
            NOT EXISTS (SELECT 1 FROM bots_article_inboxes i WHERE i.article_id = a.id)
            OR EXISTS (
                SELECT 1 FROM bots_article_inboxes i
                WHERE i.article_id = a.id AND i.inbox_id = %(inbox)s
            )
        )
    )
"""
# The statement is put together from its own parts only; every value is a parameter.
_NEAR = f"""
    SELECT article_id, row_number() OVER () AS place FROM (
        SELECT p.article_id FROM bots_passage p WHERE {_OPEN}
        ORDER BY p.vector <#> %(vector)s::vector LIMIT %(near)s
    ) near
"""  # noqa: S608
_NEAR_ENGLISH = f"""
    SELECT article_id, row_number() OVER () AS place FROM (
        SELECT p.article_id FROM bots_passage p WHERE p.english IS NOT NULL AND {_OPEN}
        ORDER BY p.english <#> %(english)s::vector LIMIT %(near)s
    ) near
"""  # noqa: S608
_WORDY = f"""
    SELECT article_id, row_number() OVER () AS place FROM (
        SELECT p.article_id FROM bots_passage p
        WHERE p.words @@ %(any)s::tsquery AND {_OPEN}
        ORDER BY (
            SELECT sum(t.weight) FROM unnest(%(terms)s::tsquery[], %(weights)s::float8[])
            AS t (term, weight) WHERE p.words @@ t.term
        ) DESC LIMIT %(wordy)s
    ) wordy
"""  # noqa: S608
_MEASURE = """
    SELECT p.article_id, a.language, a.family, p.kind, p.start,
        -(p.vector <#> %(vector)s::vector), -(p.vector <#> %(middle)s::vector),
        -(p.english <#> %(english)s::vector), -(p.english <#> %(english_middle)s::vector),
        ARRAY(
            SELECT t.word FROM unnest(%(words)s::text[], %(all)s::tsquery[]) AS t (word, term)
            WHERE p.words @@ t.term
        ),
        CASE WHEN p.kind <> 'body' THEN tsvector_to_array(p.words) END
    FROM bots_passage p JOIN bots_article a ON a.id = p.article_id AND a.revision = p.revision
    WHERE p.article_id IN (
        SELECT article_id FROM found GROUP BY article_id ORDER BY min(place) LIMIT %(articles)s
    )
"""


def _rows(
    question: Question,
    words: dict[str, float],
    known: Corpus,
    inbox_id: int | None,
    reader: Reader,
) -> Iterator[_Row]:
    """Every passage of every article that may be meant, measured."""
    rare = _rare(words, known)
    parts = [_NEAR]
    if question.english is not None:
        parts.append(_NEAR_ENGLISH)
    if rare:
        parts.append(_WORDY)
    statement = f"WITH found AS ({' UNION ALL '.join(f'({p})' for p in parts)}) {_MEASURE}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hnsw.iterative_scan', 'strict_order', true),"
            " set_config('hnsw.ef_search', '100', true)"
        )
        cursor.execute(
            statement,
            {
                "vector": literal(question.vector),
                "middle": literal(known.middle),
                "english": None if question.english is None else literal(question.english),
                "english_middle": literal(known.english_middle),
                "inbox": inbox_id,
                "readable": readable_by(reader),
                "near": NEAR,
                "wordy": WORDY,
                "articles": ARTICLES,
                "any": " | ".join(_quoted(word) for word in rare),
                "terms": [_quoted(word) for word in rare],
                "weights": [words[word] for word in rare],
                "words": list(words),
                "all": [_quoted(word) for word in words],
            },
        )
        for row in cursor:
            yield _Row(*row)


def literal(vector: Vectors) -> str:
    return "[" + ",".join(f"{number:.6g}" for number in vector.tolist()) + "]"


def _quoted(word: str) -> str:
    """One lexeme in the notation of a tsquery."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


# --- words --------------------------------------------------------------------------------


def _weighted(text: str, known: Corpus) -> dict[str, float]:
    return {word: known.weight(word) for word in tokens(text)[:200]}


def _rare(words: dict[str, float], known: Corpus) -> list[str]:
    """The words that are worth looking up."""
    telling = [
        word
        for word in words
        if word not in COMMON_WORDS and 0 < known.frequency.get(word, 0) <= TOO_COMMON
    ]
    return sorted(telling, key=lambda word: -words[word])[:WORDS]


# --- adding up ----------------------------------------------------------------------------


def _add(
    hits: dict[int, Hit], row: _Row, question: Question, words: dict[str, float], known: Corpus
) -> None:
    hit = hits.setdefault(row.article_id, Hit(row.article_id, row.language, row.family))
    around = _around(row.dot, row.dot_middle, question.vector, known.middle)
    hit.found.update(row.shared)
    if row.kind == "body":
        if around > hit.said:
            hit.said, hit.place = around, row.start
        return
    hit.asked = max(hit.asked, around)
    hit.near.append(row.dot)
    hit.words = max(hit.words, _overlap(row, words, known))
    if row.english_dot is not None and row.english_middle is not None:
        assert question.english is not None
        around = _around(
            row.english_dot, row.english_middle, question.english, known.english_middle
        )
        hit.english = max(hit.english or -1.0, around)
        hit.near_english.append(row.english_dot)


def _around(dot: float, dot_middle: float, question: Vectors, middle: Vectors) -> float:
    """The cosine of two unit vectors as seen from the middle."""
    square = float(middle @ middle)
    to_middle = float(question @ middle)
    up = dot - dot_middle - to_middle + square
    down = (1 - 2 * dot_middle + square) * (1 - 2 * to_middle + square)
    return float(up / max(down, 1e-9) ** 0.5)


def _overlap(row: _Row, words: dict[str, float], known: Corpus) -> float:
    """The cosine of two sets of words, rare ones weighing more."""
    shared = sum(words[word] ** 2 for word in row.shared)
    if not shared:
        return 0.0
    mine = sum(weight**2 for weight in words.values())
    own = sum(known.weight(word) ** 2 for word in row.own or ())
    return float(shared / (mine * own) ** 0.5)


def _ranked(hits: list[Hit], words: dict[str, float], question: Question) -> list[Hit]:
    telling = {w: x for w, x in words.items() if w not in COMMON_WORDS} or words
    total = sum(telling.values()) or 1.0
    bonus = calibration().same_language
    for hit in hits:
        hit.covered = sum(telling[word] for word in hit.found if word in telling) / total
        weights = judge_of(question, hit).signals
        # An article without a body is judged by its title in its place.
        said = hit.said if hit.place is not None else hit.asked
        # What one encoder cannot say, the other is taken to say too.
        english = hit.asked if hit.english is None else hit.english
        hit.score = (
            weights["asked"] * hit.asked
            + weights["english"] * english
            + weights["said"] * said
            + weights["words"] * hit.words
            + weights["covered"] * hit.covered
            + (bonus if same_language(hit.language, question.language) else 0.0)
        )
    return sorted(hits, key=lambda hit: (-hit.score, hit.article_id))


def features(hits: Sequence[Hit]) -> dict[str, float]:
    """What confidence is made of: how near articles come, and how far ahead the first one is.

    `nearest` is of any article, `near` of the first; the others compare the first with the rest.
    """
    first = hits[0]
    others = [hit.score for hit in hits[1:10]]
    each = [nearness(hit.near, hit.near_english) for hit in hits]
    return {
        "nearest": max(each),
        "near": each[0],
        "words": first.words,
        "covered": first.covered,
        "margin": first.score - others[0] if others else 1.0,
        "lead": first.score - float(np.mean(others)) if others else 1.0,
    }
