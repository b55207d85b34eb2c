"""What the knowledge base is like as a whole: its common words, and its middle.

A word that every passage has says nothing about any of them; neither does the direction in which
all vectors of one encoder point. Both are counted in the database and kept in the process.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic

import numpy as np
from django.db import connection

from bots.knowledge.calibration import calibration
from bots.language.model import Vectors
from bots.models import Passage

SHARE_OF_TIME = 50  # counting again may take a fiftieth of the time at most
_NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True)
class Corpus:
    """`middle` and `english_middle` are mean vectors; `frequency` counts passages with a word."""

    stamp: str
    passages: int
    frequency: Mapping[str, int]
    middle: Vectors
    english_middle: Vectors

    def weight(self, word: str) -> float:
        """Rare words weigh more, unknown ones most."""
        return math.log(1 + self.passages / (self.frequency.get(word, 0) + 0.5))


class _Counted:
    def __init__(self) -> None:
        self.lock = Lock()
        self.corpus: Corpus | None = None
        self.at = 0.0
        self.took = 0.0


_counted = _Counted()


def corpus() -> Corpus:
    """The counts of now, or of a moment ago when counting is slow and edits are many."""
    stamp = _stamp()
    held = _counted.corpus
    if held is not None and held.stamp == stamp:
        return held
    with _counted.lock:
        held, now = _counted.corpus, monotonic()
        if held is not None:
            early = now - _counted.at < SHARE_OF_TIME * _counted.took
            if held.stamp == stamp or (held.passages and early):
                return held
        _counted.corpus = _count(stamp)
        _counted.at = monotonic()
        _counted.took = _counted.at - now
        return _counted.corpus


def _stamp() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_database() || count(*) || coalesce(max(indexed_at)::text, '')"
            " || coalesce(sum(indexed_revision), 0) FROM bots_article"
        )
        row = cursor.fetchone()
    return str(row[0]) if row else ""


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
    known = calibration()
    parts = [_vector(part) for part in (asked, said) if part]
    return Corpus(
        stamp=stamp,
        passages=passages,
        frequency=frequency,
        middle=_between(parts, known.middle, articles),
        english_middle=_between(
            [_vector(english)] if english else [], known.english_middle, articles
        ),
    )


def _between(parts: list[Vectors], usual: Vectors, articles: int) -> Vectors:
    """The middle of these articles; a handful of them does not tell, so the usual one helps."""
    if not parts:
        return usual
    own = np.mean(parts, axis=0)
    trust = articles / (articles + 20)
    return (trust * own + (1 - trust) * usual).astype(np.float32)


def _vector(text: str) -> Vectors:
    return np.fromstring(text.strip("[]"), sep=",", dtype=np.float32)


assert Passage._meta.db_table == "bots_passage"
