"""What the knowledge base is like as a whole: its common words, and its middle.

A word that every passage has says nothing about any of them; neither does the direction in which
all vectors of one encoder point. Both are counted in the database and kept in the process.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import Any

import numpy as np
from django.db import connection
from psycopg import Cursor

from bots.knowledge.calibration import calibration
from bots.knowledge.examples import learnt_intents, numbers
from bots.knowledge.fits import Fits, live_fits
from bots.knowledge.intents import Intents
from bots.knowledge.names import NOTHING, learnt
from bots.knowledge.rehearsal import Example, floor_for
from bots.knowledge.spelling import Spelling
from bots.knowledge.terms import Lexicon, lexicon
from bots.language.model import Vectors
from bots.models import SearchWeights, StopWord, Synonyms
from inboxes.models import Inbox

SHARE_OF_TIME = 50  # counting again may take a fiftieth of the time at most
OLD = 600.0  # seconds: then it is counted again, whatever was seen to change
REHEARSED = 100  # articles whose examples are rehearsed
REHEARSED_EACH = 8  # titles and examples of each


@dataclass(frozen=True)
class Floors:
    """How sure each judge must be that there is an answer, in this knowledge base."""

    bilingual: float
    alone: float


@dataclass(frozen=True)
class Corpus:
    """`middle` and `english_middle` are mean vectors; `frequency` counts passages with a word.

    `lexicon` are the company's synonyms and stop words, `weights` what a word counts in a title, an
    example question or a body. `openness` counts passages by who may read them and by inbox. `fits` is what
    weighs all that.
    """

    stamp: str
    passages: int
    frequency: Mapping[str, int]
    middle: Vectors
    english_middle: Vectors
    floors: Floors
    lexicon: Lexicon = field(default_factory=Lexicon)
    weights: Mapping[str, float] = field(default_factory=lambda: dict(SearchWeights.USUAL))
    openness: Mapping[tuple[str, int | None], int] = field(default_factory=dict)
    alone: frozenset[int] = frozenset()  # inboxes that use no articles but their own
    fits: Fits = field(default_factory=Fits)
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)  # that the articles use
    _weights: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def weight(self, word: str) -> float:
        """Rare words weigh more, unknown ones most."""
        known = self._weights.get(word)
        if known is None:
            known = _weight(self.passages, self.frequency.get(word, 0))
            if word in self.frequency:
                self._weights[word] = known
        return known

    def having(self, words: Iterable[str]) -> int:
        """At most so many passages have all of these words."""
        return min(self.frequency.get(word, 0) for word in words)

    def names_of(self, language: str) -> frozenset[str]:
        """The names that articles of this language use."""
        return self.names.get(language.casefold().split("-")[0], NOTHING)

    def open_to(self, readable: Iterable[str], inbox_id: int | None) -> int:
        """About how many passages somebody may read who asks in this inbox."""
        places = {inbox_id} if inbox_id in self.alone else {None, inbox_id}
        return sum(self.openness.get((one, place), 0) for one in readable for place in places)

    @cached_property
    def intents(self) -> Intents:
        """What messages are about, learnt from the examples of the articles at its first use."""
        return learnt_intents()

    @cached_property
    def spelling(self) -> Spelling:
        return Spelling(self.frequency)


def _weight(passages: int, having: int) -> float:
    return math.log(1 + passages / (having + 0.5))


class _Counted:
    def __init__(self) -> None:
        self.lock = Lock()
        self.corpus: Corpus | None = None
        self.at = 0.0
        self.took = 0.0


_counted = _Counted()
_assumed: ContextVar[Corpus | None] = ContextVar("assumed", default=None)


@contextmanager
def assuming(known: Corpus) -> Iterator[None]:
    """Meanwhile these are the counts, for whoever asks on this thread.

    For a knowledge base that nobody else sees: what a transaction that is rolled back in the end has
    put into it. Whatever is kept in the process from one question to the next must look here first.
    """
    token = _assumed.set(known)
    try:
        yield
    finally:
        _assumed.reset(token)


def is_assumed() -> bool:
    """Whether this thread looks at knowledge that others don't see."""
    return _assumed.get() is not None


def count() -> Corpus:
    """Counted now, from what this transaction sees, and kept nowhere."""
    return _count(stamp_now())


def corpus() -> Corpus:
    """The counts of now, or of a moment ago when counting is slow and edits are many."""
    if (assumed := _assumed.get()) is not None:
        return assumed
    stamp = stamp_now()
    held = _counted.corpus
    if held is not None and held.stamp == stamp and monotonic() - _counted.at < OLD:
        return held
    with _counted.lock:
        held, now = _counted.corpus, monotonic()
        if held is not None:
            early = now - _counted.at < SHARE_OF_TIME * _counted.took
            fresh = held.stamp == stamp and now - _counted.at < OLD
            if fresh or (held.passages and early and _same_words(held, stamp)):
                return held
        _counted.corpus = _count(stamp)
        _counted.at = monotonic()
        _counted.took = _counted.at - now
        return _counted.corpus


def names_at_hand(language: str) -> frozenset[str]:
    """The names of the counts that are here, without asking anybody; none before the first."""
    held = _assumed.get() or _counted.corpus
    return NOTHING if held is None else held.names_of(language)


_STAMP = """
    SELECT current_database(), (SELECT max(id) FROM bots_passage),
    (SELECT count(*) || coalesce(max(updated_at)::text, '') FROM bots_synonyms),
    (SELECT count(*) || coalesce(max(id)::text, '') FROM bots_stopword),
    (SELECT max(updated_at) FROM bots_searchweights),
    (SELECT string_agg(id::text, ',' ORDER BY id) FROM bots_refit WHERE state = 'live')
"""


def stamp_now() -> str:
    """Changes when something is indexed, the words' meanings are edited, or other weights go live; costs
    nothing to ask.

    What is only taken away does not change it: counts that are a little too high do no harm.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        row = cursor.fetchone() or ()
    return " ".join(str(part) for part in row)


def _same_words(held: Corpus, stamp: str) -> bool:
    """Whether synonyms and stop words are as they were: an edit of these is never kept waiting."""
    return held.stamp.split(" ")[2:] == stamp.split(" ")[2:]


def _count(stamp: str) -> Corpus:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), avg(vector) FILTER (WHERE kind <> 'body')::text,"
            " avg(vector) FILTER (WHERE kind = 'body')::text, avg(english)::text,"
            " count(DISTINCT article_id) FROM bots_passage"
        )
        passages, asked, said, english, articles = cursor.fetchone() or (0, None, None, None, 0)
        cursor.execute("SELECT word, ndoc FROM ts_stat('SELECT words FROM bots_passage')")
        frequency = dict(cursor.fetchall())
        cursor.execute(_OPENNESS)
        openness = {(readers, inbox): count for readers, inbox, count in cursor}
        cursor.execute(_PROSE)
        names = learnt(cursor)
    known, fits = calibration(), live_fits()
    parts = [_vector(part) for part in (asked, said) if part]
    return Corpus(
        stamp=stamp,
        passages=passages,
        frequency=frequency,
        middle=_between(parts, known.middle, articles),
        english_middle=_between(
            [_vector(english)] if english else [], known.english_middle, articles
        ),
        floors=_floors(lambda word: _weight(passages, frequency.get(word, 0)), fits),
        lexicon=lexicon(
            Synonyms.objects.values_list("language", "words"),
            StopWord.objects.values_list("language", "word"),
        ),
        weights=SearchWeights.current(),
        openness=openness,
        fits=fits,
        names=names,
        alone=frozenset(Inbox.objects.filter(own_articles_only=True).values_list("pk", flat=True)),
    )


_OPENNESS = """
    SELECT a.visibility, i.inbox_id, count(*) FROM bots_passage p
    JOIN bots_article a ON a.id = p.article_id
    LEFT JOIN bots_article_inboxes i ON i.article_id = a.id GROUP BY 1, 2
"""
_PROSE = """
    SELECT p.article_id, a.language, p.kind = 'body', p.text FROM bots_passage p
    JOIN bots_article a ON a.id = p.article_id WHERE p.kind <> 'title'
"""


def _floors(weight: Callable[[str], float], fits: Fits) -> Floors:
    """Rehearse with the examples of some articles, the same ones each time."""
    known = calibration()
    examples, every, english = _examples()
    both = [i for i, vector in enumerate(english) if vector is not None]
    second = np.array([english[i] for i in both], dtype=np.float32).reshape(-1, every.shape[1])
    return Floors(
        bilingual=floor_for(
            fits.bilingual,
            [examples[i] for i in both],
            every[both],
            second,
            weight=weight,
            lost=known.lost,
        ),
        alone=floor_for(fits.alone, examples, every, None, weight=weight, lost=known.lost),
    )


_EXAMPLES = """
    SELECT p.article_id, p.kind, tsvector_to_array(p.words), p.vector, p.english
    FROM bots_passage p WHERE p.kind <> 'body' AND p.position <= %(each)s AND p.article_id IN (
        SELECT article_id FROM bots_passage WHERE kind <> 'body'
        GROUP BY article_id HAVING count(*) >= 3
        ORDER BY md5(article_id::text) LIMIT %(articles)s
    ) ORDER BY p.id
"""


def _examples() -> tuple[list[Example], Vectors, list[Vectors | None]]:
    connection.ensure_connection()
    raw: Any = connection.connection
    examples: list[Example] = []
    every: list[Vectors] = []
    english: list[Vectors | None] = []
    # In PostgreSQL's binary form a vector is two short integers, then its numbers.
    with Cursor(raw) as cursor:
        given = {"each": REHEARSED_EACH, "articles": REHEARSED}
        cursor.execute(_EXAMPLES, given, binary=True)
        for article, kind, words, vector, second in cursor:
            examples.append(Example(article, frozenset(words or ()), kind == "question"))
            every.append(numbers(vector))
            english.append(None if second is None else numbers(second))
    size = len(calibration().middle)
    return examples, np.array(every, dtype=np.float32).reshape(len(every), size), english


def _between(parts: list[Vectors], usual: Vectors, articles: int) -> Vectors:
    """The middle of these articles; a handful of them does not tell, so the usual one helps."""
    if not parts:
        return usual
    own = np.mean(parts, axis=0)
    trust = articles / (articles + 20)
    between: Vectors = (trust * own + (1 - trust) * usual).astype(np.float32)
    return between


def _vector(text: str) -> Vectors:
    return np.fromstring(text.strip("[]"), sep=",", dtype=np.float32)
