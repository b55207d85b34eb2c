"""Articles that say the same, or that contradict each other: found by their vectors, shown to people.

Each text of an article is compared once with its nearest neighbours; running it again costs one
question to the database. What people decided stays, unless other sentences do not agree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.db.models import F

from bots.actions.editing import archive_article, write_draft
from bots.knowledge.corpus import corpus
from bots.knowledge.statement import literal
from bots.knowledge.text import same_language
from bots.language.model import Vectors
from bots.learning.contradictions import contradictions
from bots.learning.duplicates import likeness, says_the_same
from bots.models import Article, ArticleCheck, ArticlePair, Passage, Words
from conversations.errors import NotFound, Refused

TOGETHER = 100  # articles compared in one go
NEIGHBOURS = 8  # of each
KEPT = 6  # sentences of one pair

_NEAREST = """
SELECT near.article_id, max(near.dot) FROM bots_passage mine CROSS JOIN LATERAL (
    SELECT p.article_id, -(p.vector <#> mine.vector) AS dot FROM bots_passage p
    JOIN bots_article a ON a.id = p.article_id AND a.state = 'published' AND a.revision = p.revision
    WHERE p.article_id <> %(article)s
    ORDER BY p.vector <#> mine.vector LIMIT 6
) near WHERE mine.article_id = %(article)s
GROUP BY near.article_id ORDER BY 2 DESC LIMIT %(most)s
"""
_NEAREST_TO = """
SELECT p.article_id, -(p.vector <#> %(vector)s::vector) FROM bots_passage p
JOIN bots_article a ON a.id = p.article_id AND a.state = 'published' AND a.revision = p.revision
WHERE p.article_id <> %(article)s ORDER BY p.vector <#> %(vector)s::vector LIMIT 6
"""


class CannotMerge(Refused):
    """Only an open pair of live articles is merged."""

    code = "cannot_merge"


def compare_new(*, at: datetime, most: int = TOGETHER) -> int:
    """Compares what was published since; answers how many articles."""
    todo = list(
        Article.objects.published()
        .filter(indexed_revision=F("revision"))
        .exclude(pk__in=ArticleCheck.objects.filter(revision=F("article__revision")).values("pk"))
        .prefetch_related("inboxes")
        .order_by("pk")[:most]
    )
    for article in todo:
        compare(article, at=at)
    return len(todo)


@transaction.atomic
def compare(article: Article, *, at: datetime) -> None:
    """With its neighbours; pairs that no longer hold are closed by taking them away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hnsw.iterative_scan', 'strict_order', true)")
        cursor.execute(_NEAREST, {"article": article.pk, "most": NEIGHBOURS})
        near = [row[0] for row in cursor.fetchall()]
    known = ArticlePair.objects.filter(first=article) | ArticlePair.objects.filter(second=article)
    others = {pk for pair in known.values_list("first", "second") for pk in pair} - {article.pk}
    wanted = Article.objects.published().filter(pk__in={*near, *others})
    vectors = _vectors([article.pk, *near, *others])
    found: set[tuple[int, int, str]] = set()
    for other in wanted.prefetch_related("inboxes"):
        if comparable(article, other):
            for pair in _pairs(article, other, vectors):
                found.add((pair.first_id, pair.second_id, pair.kind))
                _keep(pair, at=at)
    for pair in known.filter(state="open"):
        if (pair.first_id, pair.second_id, pair.kind) not in found:
            pair.delete()
    ArticleCheck.objects.update_or_create(article=article, defaults={"revision": article.revision})


def comparable(one: Article, other: Article) -> bool:
    """For the same readers in one language; translations are meant to say the same."""
    if one.family == other.family or not same_language(one.language, other.language):
        return False
    mine, theirs = ({inbox.pk for inbox in article.inboxes.all()} for article in (one, other))
    return not mine or not theirs or bool(mine & theirs)


def _pairs(one: Article, other: Article, vectors: dict[int, _Vectors]) -> Iterable[ArticlePair]:
    first, second = sorted((one, other), key=lambda article: article.pk)
    alike = likeness(vectors.get(first.pk, _NOTHING), vectors.get(second.pk, _NOTHING))
    said = [
        {
            "first": found.first.text,
            "second": found.second.text,
            "why": found.why,
            "first_at": [found.first.start, found.first.end],
            "second_at": [found.second.start, found.second.end],
        }
        for found in contradictions((first.title, first.body), (second.title, second.body))[:KEPT]
    ]
    if said:
        yield _pair(first, second, "contradiction", alike, said)
    elif says_the_same(alike, first.body, second.body):
        both = [first.title, first.body, second.title, second.body]
        yield _pair(first, second, "duplicate", alike, [], text="\n".join(both))


def _pair(
    first: Article, second: Article, kind: str, score: float, said: list[Any], *, text: str = ""
) -> ArticlePair:
    sentences = [[one["first"], one["second"]] for one in said]
    marks = hashlib.sha256((json.dumps(sentences) + text).encode()).hexdigest()
    return ArticlePair(
        first=first,
        second=second,
        kind=kind,
        score=round(score, 3),
        sentences=said,
        fingerprint=marks,
    )


def _keep(pair: ArticlePair, *, at: datetime) -> None:
    known = ArticlePair.objects.filter(first=pair.first, second=pair.second, kind=pair.kind).first()
    if known is None:
        pair.found_at = at
        pair.save()
        return
    if known.fingerprint == pair.fingerprint and known.score == pair.score:
        return
    if known.fingerprint != pair.fingerprint and known.state == ArticlePair.State.DISMISSED:
        known.state, known.found_at = ArticlePair.State.OPEN, at
    known.score, known.sentences = pair.score, pair.sentences
    known.fingerprint = pair.fingerprint
    known.save()


_Vectors = tuple[Vectors, Vectors]
_NOTHING: _Vectors = (np.zeros((0, 1), dtype=np.float32), np.zeros((0, 1), dtype=np.float32))


def _vectors(articles: Sequence[int]) -> dict[int, _Vectors]:
    """Of each article the vectors of what it is asked by, and of what it says, around the middle."""
    middle = corpus().middle
    rows: dict[int, tuple[list[Any], list[Any]]] = {}
    known = Passage.objects.filter(article__in=articles).order_by("article", "kind", "position")
    for article, kind, vector in known.values_list("article", "kind", "vector"):
        rows.setdefault(article, ([], []))[kind == Passage.Kind.BODY].append(vector)
    return {key: (_around(a, middle), _around(b, middle)) for key, (a, b) in rows.items()}


def _around(vectors: Sequence[Any], middle: Vectors) -> Vectors:
    if not vectors:
        return np.zeros((0, len(middle)), dtype=np.float32)
    moved = np.array([np.asarray(one) for one in vectors], dtype=np.float32) - middle
    unit: Vectors = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return unit


def contradicted_by(
    article: Article, words: Words, passages: Sequence[Passage]
) -> list[dict[str, Any]]:
    """Live articles that would contradict these words and do not contradict the ones that are live now."""
    near: dict[int, float] = {}
    with connection.cursor() as cursor:
        for passage in passages[:40]:
            vector = literal(np.asarray(passage.vector))
            cursor.execute(_NEAREST_TO, {"vector": vector, "article": article.pk})
            for key, dot in cursor.fetchall():
                near[key] = max(near.get(key, -1.0), dot)
    keys = sorted(near, key=lambda key: -near[key])[:NEIGHBOURS]
    found: list[dict[str, Any]] = []
    for other in Article.objects.published().filter(pk__in=keys).prefetch_related("inboxes"):
        if not comparable(article, other):
            continue
        theirs = (other.title, other.body)
        before = {
            (one.first.text, one.second.text)
            for one in contradictions((article.title, article.body), theirs)
            if article.state == Article.State.PUBLISHED
        }
        found += [
            {
                "article": str(other.uuid),
                "title": other.title,
                "mine": one.first.text,
                "theirs": one.second.text,
                "why": one.why,
            }
            for one in contradictions((words.title, words.body), theirs)
            if (one.first.text, one.second.text) not in before
        ]
    return found[:KEPT]


# --- decided by people --------------------------------------------------------------------


@transaction.atomic
def decide(*, pair: UUID, state: str, by_id: int | None, at: datetime) -> ArticlePair:
    """Open, dismissed (they are meant to), or linked (both stay, and are known to belong together)."""
    held = _held(pair)
    if held.state != state:
        held.state, held.decided_by_id, held.decided_at = state, by_id, at
        held.save()
    return held


@transaction.atomic
def merge(*, pair: UUID, keep: UUID, by_id: int | None, at: datetime) -> Article:
    """One article stays: its draft gets what only the other says and the other's ways to ask; the other
    is archived. Nobody reads the new words before they are published. Raises CannotMerge."""
    held = _held(pair)
    both = {held.first.uuid: held.first, held.second.uuid: held.second}
    if keep not in both or any(a.state != Article.State.PUBLISHED for a in both.values()):
        raise CannotMerge("Both have to be live, and one of them stays.")
    kept = both.pop(keep)
    (other,) = both.values()
    questions = dict.fromkeys([*kept.questions, other.title, *other.questions])
    body = kept.body if other.body in kept.body else f"{kept.body}\n\n{other.body}".strip()
    words = Words(kept.title, body, tuple(list(questions)[:50]))
    reason = f"Merged with “{other.title}”"[:300]
    write_draft(article=kept.uuid, words=words, reason=reason, by_id=by_id, at=at)
    archive_article(article=other.uuid, by_id=by_id, at=at)
    held.state, held.decided_by_id, held.decided_at = ArticlePair.State.MERGED, by_id, at
    held.save()
    return kept


def _held(key: UUID) -> ArticlePair:
    found = (
        ArticlePair.objects.select_for_update(of=("self",))
        .select_related("first", "second")
        .filter(uuid=key)
        .first()
    )
    if found is None:
        raise NotFound("There is no such pair.")
    return found
