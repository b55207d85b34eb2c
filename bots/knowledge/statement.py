"""The one statement that search sends: who may be meant, and how near every passage of theirs is.

Two vector indexes and one index of words name candidates; what the reader may not read is not among
them. Every value is a parameter; the text is put together from this room's own parts only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any
from uuid import UUID

from django.db import connection

from bots.knowledge.corpus import Corpus
from bots.knowledge.terms import Term
from bots.language.model import Vectors
from bots.models import Readership
from bots.models.article import audiences_of, readable_by

NEAR = 60  # passages from each vector index
WORDY = 40  # passages from the index of words
WORDY_SEEN = 400  # of which it is looked whether they may be read
ARTICLES = 24  # articles that are measured
KEPT = 8_000  # passages whose words are kept
FEW = 1_000  # passages: so few out of many more are measured one by one, not looked up
SHARE = 0.2  # of all: a smaller part would make an index look at very many that are not meant


@dataclass(frozen=True)
class Wanted:
    """What is looked for. `english` is None where that encoder has no say; `rare` are the terms that
    are worth looking up in the index."""

    vector: Vectors
    english: Vectors | None
    rare: Sequence[Term]
    inbox_id: int | None
    reader: Readership
    by_vector: bool = True  # whether the vector of every language names candidates
    abroad: str = ""  # only articles that are not in this language


@dataclass(frozen=True)
class Row:
    """One passage. `near_at`, `english_at` and `words_at` are the article's places in the three lists of
    candidates, from 1."""

    article_id: int
    language: str
    family: UUID
    near_at: int | None
    english_at: int | None
    words_at: int | None
    passage_id: int
    kind: str
    start: int
    dot: float
    dot_middle: float
    english_dot: float | None
    english_middle: float | None


# Sequential reading is what the planner would choose for a small table; it unpacks every row.
_SETTINGS = """
    SELECT set_config('hnsw.iterative_scan', 'strict_order', true),
        set_config('hnsw.ef_search', '100', true), set_config('enable_seqscan', 'off', true);
"""
_GIVEN = """
    given AS (
        SELECT %(vector)s::vector AS vector, %(middle)s::vector AS middle,
            %(english)s::vector AS english, %(english_middle)s::vector AS english_middle
    )
"""
_OPEN = """
    EXISTS (
        SELECT 1 FROM bots_article a
        WHERE a.id = p.article_id AND a.state = 'published' AND a.revision = p.revision
        AND (
            a.visibility = ANY(%(readable)s)
            OR (a.visibility = 'audience' AND a.audience = ANY(%(audiences)s))
        )
        AND (%(abroad)s = '' OR split_part(a.language, '-', 1) <> %(abroad)s)
        AND (
            (
                NOT EXISTS (SELECT 1 FROM bots_article_inboxes i WHERE i.article_id = a.id)
                AND NOT EXISTS (
                    SELECT 1 FROM inboxes_inbox n WHERE n.id = %(inbox)s AND n.own_articles_only
                )
            )
            OR EXISTS (
                SELECT 1 FROM bots_article_inboxes i
                WHERE i.article_id = a.id AND i.inbox_id = %(inbox)s
            )
        )
    )
"""
# `+ 0` keeps the index out: few passages are all measured.
_NEAREST = """
    SELECT article_id, {part} AS part, row_number() OVER () AS place FROM (
        SELECT p.article_id FROM bots_passage p WHERE p.{column} IS NOT NULL AND {open}
        ORDER BY (p.{column} <#> (SELECT {column} FROM given)) {exact} LIMIT %(near)s
    ) near
"""
# Who may not be read is left out of the best, or, of few, before they are compared.
_WORDY = """
    SELECT article_id, 3 AS part, row_number() OVER () AS place FROM (
        SELECT p.article_id FROM (
            SELECT p.article_id, p.revision, sum(t.weight) AS weight
            FROM unnest(%(rare)s::tsquery[], %(weights)s::float8[]) AS t (term, weight)
            JOIN bots_passage p ON p.words @@ t.term
            GROUP BY p.id ORDER BY weight DESC, p.article_id LIMIT {most}
        ) p WHERE {open} ORDER BY p.weight DESC, p.article_id LIMIT %(wordy)s
    ) wordy
"""
_MEASURE = """
    SELECT p.article_id, a.language, a.family, found.near_at, found.english_at, found.words_at,
        p.id, p.kind, p.start,
        -(p.vector <#> (SELECT vector FROM given)), -(p.vector <#> (SELECT middle FROM given)),
        -(p.english <#> (SELECT english FROM given)),
        -(p.english <#> (SELECT english_middle FROM given))
    FROM (
        SELECT article_id, min(place) FILTER (WHERE part = 1) AS near_at,
            min(place) FILTER (WHERE part = 2) AS english_at,
            min(place) FILTER (WHERE part = 3) AS words_at
        FROM found GROUP BY article_id ORDER BY min(place), article_id LIMIT %(articles)s
    ) found
    JOIN bots_article a ON a.id = found.article_id
    JOIN bots_passage p ON p.article_id = a.id AND p.revision = a.revision
"""


def rows(wanted: Wanted, known: Corpus) -> list[Row]:
    """Every passage of every article that may be meant, measured."""
    readable = readable_by(wanted.reader)
    meant = known.open_to(readable, wanted.inbox_id)
    exact = "+ 0" if meant <= min(FEW, SHARE * known.passages) else ""
    parts = []
    if wanted.by_vector:
        parts.append(_NEAREST.format(part=1, column="vector", open=_OPEN, exact=exact))
    if wanted.english is not None:
        parts.append(_NEAREST.format(part=2, column="english", open=_OPEN, exact=exact))
    if wanted.rare:
        parts.append(_WORDY.format(most="ALL" if exact else WORDY_SEEN, open=_OPEN))
    if not parts:
        return []
    found = " UNION ALL ".join(f"({part})" for part in parts)
    values: dict[str, Any] = {
        "vector": literal(wanted.vector),
        "middle": literal(known.middle),
        "english": literal(wanted.english),
        "english_middle": literal(known.english_middle),
        "inbox": wanted.inbox_id,
        "readable": readable,
        "audiences": audiences_of(wanted.reader),
        "abroad": wanted.abroad.split("-")[0].lower(),
        "near": NEAR,
        "wordy": WORDY,
        "articles": ARTICLES,
        "rare": [term.query for term in wanted.rare],
        "weights": [term.weight for term in wanted.rare],
    }
    # Sent together they are one transaction, one way to the database: the settings end with it.
    with connection.cursor() as cursor:
        cursor.execute(f"{_SETTINGS} WITH {_GIVEN}, found AS ({found}) {_MEASURE}", values)
        cursor.nextset()
        return [Row(*row) for row in cursor]


class Wording:
    """The words of passages, kept: a passage is never edited, only replaced by another."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, int], frozenset[str]] = {}

    def of(self, passages: Sequence[int]) -> dict[int, frozenset[str]]:
        """Of each passage; what has been deleted meanwhile says nothing."""
        database = str(connection.settings_dict["NAME"])
        found = {one: self._held.get((database, one)) for one in passages}
        missing = [one for one, words in found.items() if words is None]
        if missing:
            if len(self._held) > KEPT:
                self._held.clear()
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT id, tsvector_to_array(words) FROM bots_passage WHERE id = ANY(%s)",
                    [missing],
                )
                for one, words in cursor:
                    found[one] = self._held[database, one] = frozenset(map(intern, words))
        return {one: words or frozenset() for one, words in found.items()}


wording = Wording()


def literal(vector: Vectors | None) -> str | None:
    if vector is None:
        return None
    return "[" + ",".join(map("{:.6g}".format, vector.tolist())) + "]"
