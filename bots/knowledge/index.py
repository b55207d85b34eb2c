"""Articles → rows that search finds: cut, encoded, and exchanged in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import numpy as np
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Func, Value

from bots.knowledge.chunk import chunks, plain
from bots.knowledge.text import normal, same_language, tokens
from bots.knowledge.vectors import Encoders
from bots.language.model import Vectors
from bots.models import Article, Passage
from bots.progress import unseen

TOGETHER = 32  # articles encoded and written at once


@dataclass(frozen=True)
class Piece:
    """One passage before it has a vector. A title or question is asked; a body says."""

    kind: Passage.Kind
    position: int
    text: str
    start: int = 0

    @property
    def is_asked(self) -> bool:
        return self.kind != Passage.Kind.BODY


def pieces(article: Article) -> list[Piece]:
    """Everything an article can be found by, the same wording only once."""
    found: list[Piece] = []
    seen: set[str] = set()
    asked = [(Passage.Kind.TITLE, article.title)]
    asked += [(Passage.Kind.QUESTION, question) for question in article.questions]
    for position, (kind, text) in enumerate(asked):
        key = " ".join(normal(text).split())
        if key and key not in seen:
            seen.add(key)
            found.append(Piece(kind, position, plain(text) or text))
    for position, chunk in enumerate(chunks(article.body)):
        found.append(Piece(Passage.Kind.BODY, position, chunk.text, chunk.start))
    return found


def index_articles(
    articles: Sequence[Article],
    *,
    encoders: Encoders,
    at: datetime,
    progress: Callable[[int], None] = unseen,
) -> None:
    """Make exactly the current text of these articles findable, and nothing older.

    Articles that are not published lose their passages. `progress` hears how many are done.
    """
    waiting = iter(articles)
    while together := list(islice(waiting, TOGETHER)):
        _index_together(together, encoders, at)
        progress(len(together))


def passages_of(article: Article, encoders: Encoders) -> list[Passage]:
    """What this article would be found by as it stands in memory, live or not; nothing is stored."""
    return list(_passages([(article, pieces(article))], encoders))


def _index_together(articles: Sequence[Article], encoders: Encoders, at: datetime) -> None:
    cut = [
        (article, pieces(article) if article.state == Article.State.PUBLISHED else [])
        for article in articles
    ]
    if not connection.in_atomic_block:
        connection.close()  # reading takes seconds, and there are more who need a connection
    rows = list(_passages(cut, encoders))
    with transaction.atomic():
        # Whoever saved meanwhile holds or has released the row: what is older than it is dropped.
        current = dict(
            Article.objects.select_for_update()
            .filter(pk__in=[article.pk for article in articles])
            .order_by("pk")
            .values_list("pk", "revision")
        )
        fresh = [a for a in articles if current.get(a.pk) == a.revision]
        Passage.objects.filter(article__in=fresh).delete()
        kept = {article.pk for article in fresh}
        Passage.objects.bulk_create([row for row in rows if row.article_id in kept], batch_size=500)
        for article in fresh:
            article.indexed_at = at
            article.indexed_revision = article.revision
            article.indexed_with = encoders.name
        Article.objects.bulk_update(fresh, ["indexed_at", "indexed_revision", "indexed_with"])


def _passages(cut: Sequence[tuple[Article, list[Piece]]], encoders: Encoders) -> Iterator[Passage]:
    """Passages with their vectors, all articles encoded together, by both encoders at once."""
    flat = [(article, piece) for article, found in cut for piece in found]
    every = np.zeros((len(flat), encoders.every.dimensions), dtype=np.float32)
    asked = [i for i, (_, piece) in enumerate(flat) if piece.is_asked]
    said = [i for i, (_, piece) in enumerate(flat) if not piece.is_asked]
    # A title or an example is compared with a question as one question with another.
    with ThreadPoolExecutor(1, thread_name_prefix="second-opinion") as beside:
        second = beside.submit(_english, flat, asked, encoders)
        every[asked] = encoders.every.queries([flat[i][1].text for i in asked])
        every[said] = encoders.every.passages([flat[i][1].text for i in said])
        english = second.result()
    for place, (article, piece) in enumerate(flat):
        yield Passage(
            article=article,
            revision=article.revision,
            kind=piece.kind,
            position=piece.position,
            text=piece.text,
            start=piece.start,
            vector=every[place],
            english=english.get(place),
            words=_words(piece.text),
        )


def _english(
    flat: Sequence[tuple[Article, Piece]], asked: Sequence[int], encoders: Encoders
) -> dict[int, Vectors]:
    """The second opinion, on the titles and questions of English articles only."""
    if encoders.english is None:
        return {}
    places = [i for i in asked if same_language(flat[i][0].language, "en")]
    vectors = encoders.english.queries([flat[i][1].text for i in places])
    return dict(zip(places, vectors, strict=True))


def _words(text: str) -> Func:
    """Our own tokens as a tsvector, in place of the database's idea of words."""
    return Func(
        Value(sorted(set(tokens(text))), output_field=ArrayField(models.TextField())),
        function="array_to_tsvector",
    )
