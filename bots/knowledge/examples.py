"""The titles and example questions that intents are learnt from, as they stand in the database."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from django.db import connection
from psycopg import Cursor

from bots.knowledge.intents import FEW, MOST, Examples, Intents
from bots.language.model import Vectors
from bots.models.passage import DIMENSIONS

# What agents or an audience alone may read is no intent of a customer's.
_EXAMPLES = """
    SELECT coalesce(nullif(a.category, ''), a.title), a.id, p.vector, p.english
    FROM bots_passage p JOIN bots_article a ON a.id = p.article_id AND a.revision = p.revision
    WHERE p.kind <> 'body' AND a.state = 'published' AND a.visibility NOT IN ('agents', 'audience')
    AND a.id IN (
        SELECT article_id FROM bots_passage WHERE kind <> 'body'
        GROUP BY article_id HAVING count(*) >= %(few)s ORDER BY article_id LIMIT %(articles)s
    )
    ORDER BY p.position, a.id LIMIT %(most)s
"""


def learnt_intents() -> Intents:
    """An intent is a category, or the title of an article without one.

    Of very many articles the first examples of each are taken; those with fewer than three teach
    nothing.
    """
    connection.ensure_connection()
    raw: Any = connection.connection
    names: list[str] = []
    every: list[Vectors] = []
    english: list[Vectors | None] = []
    # In PostgreSQL's binary form a vector is two short integers, then its numbers.
    with Cursor(raw) as cursor:
        given = {"few": FEW, "articles": MOST // FEW, "most": MOST}
        cursor.execute(_EXAMPLES, given, binary=True)
        for name, _, vector, second in cursor:
            names.append(name)
            every.append(numbers(vector))
            english.append(None if second is None else numbers(second))
    both = [place for place, vector in enumerate(english) if vector is not None]
    return Intents(
        bilingual=_chosen(names, every, english, both) if both else None,
        alone=_chosen(names, every, [None] * len(names), list(range(len(names)))),
    )


def _chosen(
    names: list[str], every: list[Vectors], english: list[Vectors | None], places: list[int]
) -> Examples:
    """Those of intents that have enough of them."""
    counts = Counter(names[place] for place in places)
    kept = [place for place in places if counts[names[place]] >= FEW]
    second = [vector for place in kept if (vector := english[place]) is not None]
    return Examples(
        [names[place] for place in kept],
        _rows([every[place] for place in kept]),
        _rows(second) if second else None,
    )


def _rows(vectors: list[Vectors]) -> Vectors:
    return np.array(vectors, dtype=np.float32).reshape(len(vectors), DIMENSIONS)


def numbers(binary: bytes) -> Vectors:
    """A vector in PostgreSQL's binary form."""
    found: Vectors = np.frombuffer(binary, dtype=">f4", offset=4).astype(np.float32)
    return found
