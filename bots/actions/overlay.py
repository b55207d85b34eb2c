"""Knowledge as it would be: in a transaction that is always rolled back, so nobody else ever sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from bots.knowledge.corpus import Corpus, assuming, corpus, count
from bots.knowledge.index import passages_of
from bots.knowledge.vectors import Encoders
from bots.models import Article, Passage, Words

COUNTED = 20_000  # passages up to which the whole knowledge base is counted again for the overlay


@dataclass
class Overlay:
    """One article with other words, or without any (then it is not there). Made once, used often."""

    article: Article
    words: Words | None
    passages: Sequence[Passage] = ()
    _counts: Corpus | None = field(default=None, init=False)

    @classmethod
    def of(cls, article: Article, words: Words | None, encoders: Encoders) -> Overlay:
        """Encodes the words; asks no database."""
        if words is None:
            return cls(article, None)
        as_if = Article(pk=article.pk, language=article.language, state=Article.State.PUBLISHED)
        as_if.title, as_if.body, as_if.questions = words.title, words.body, list(words.questions)
        return cls(article, words, passages_of(as_if, encoders))

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Meanwhile, on this thread and connection, the knowledge base is so. Holds the article's row:
        use it for a second, not for a minute."""
        known = corpus()  # before anything is written: this one is kept for everybody
        with ExitStack() as stack:
            stack.enter_context(transaction.atomic())
            stack.callback(transaction.set_rollback, rollback=True)
            self._write()
            if self._counts is None:
                self._counts = count() if known.passages <= COUNTED else known
            stack.enter_context(assuming(self._counts))
            yield

    def _write(self) -> None:
        mine = Article.objects.filter(pk=self.article.pk)
        Passage.objects.filter(article=self.article).delete()
        if self.words is None:
            mine.update(state=Article.State.ARCHIVED, publish_at=None, expires_at=None)
            return
        mine.update(
            state=Article.State.PUBLISHED,
            title=self.words.title,
            body=self.words.body,
            questions=list(self.words.questions),
            revision=F("revision") + 1,
            indexed_revision=F("revision") + 1,
        )
        revision = mine.values_list("revision", flat=True).get()
        for passage in self.passages:
            passage.pk = None
            passage._state.adding = True  # noqa: SLF001 -- stored anew in each transaction
            passage.revision = revision
        Passage.objects.bulk_create(self.passages, batch_size=500)
