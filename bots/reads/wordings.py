"""How customers ask for an article, in words that it does not have among its example questions yet."""

from __future__ import annotations

import re

import numpy as np

from bots.knowledge.corpus import corpus
from bots.knowledge.text import same_language
from bots.learning.clusters import around, spread
from bots.models import Article, Asked, Passage

LOOKED_AT = 300  # of the newest questions that it answered
LONGEST = 160  # characters of an example
ALIKE = 0.85  # cosine around the middle: it says what an example says already
_HELD = re.compile(r"\[[A-Z]+(?: \d{1,6})?\]")


def proposed_questions(article: Article, *, most: int = 5) -> list[str]:
    """What it answered and nothing spoke against, most typical first, no two alike. Without what
    would be new to search there are none."""
    asked = Asked.objects.filter(
        decision="answer",
        outcome__in=["confirmed", ""],
        articles__contains=[str(article.uuid)],
        vector__isnull=False,
    )
    rows = [
        row
        for row in asked.order_by("-pk")[:LOOKED_AT]
        if _serves(row.text)
        and same_language(row.language, article.language)
        and row.articles[0] == str(article.uuid)
    ]
    if not rows:
        return []
    middle = corpus().middle
    vectors = around(np.array([row.vector for row in rows], dtype=np.float32), middle)
    known = Passage.objects.filter(article=article, kind__in=["title", "question"])
    held = np.array(list(known.values_list("vector", flat=True)), dtype=np.float32)
    if len(held):
        news = (vectors @ around(held, middle).T).max(axis=1) < ALIKE
        rows = [row for row, is_new in zip(rows, news, strict=True) if is_new]
        vectors = vectors[news]
    return [rows[place].text for place in spread(vectors, most=most, alike=ALIKE)]


def _serves(text: str) -> bool:
    """One line, short, and nobody's own case."""
    return len(text) <= LONGEST and "\n" not in text and not _HELD.search(text)
