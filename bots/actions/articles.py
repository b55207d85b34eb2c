"""Articles come in, many together, and become findable."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid4

from django.db import models, transaction

from bots.actions.editing import CannotLink, link_translations, write_draft
from bots.knowledge.index import TOGETHER, index_articles
from bots.knowledge.text import language_of
from bots.knowledge.vectors import Encoders, encoders, encoders_for
from bots.language.heap import give_back
from bots.models import Article, Passage, Words
from bots.progress import unseen
from bots.sources.rows import BadLine, Row

CONTENT = ("title", "body", "questions", "language", "category")
REASON = "Imported"
LITTLE = 4  # articles that a customer's question may wait for
LONG = 20_000  # characters


@dataclass
class Counts:
    """How many articles of a file were what."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: int = 0


def import_articles(
    lines: Iterable[Row | BadLine],
    *,
    encoders: Encoders,
    at: datetime,
    bad: Callable[[BadLine], None],
    progress: Callable[[int], None] = unseen,
    drafted: list[UUID] | None = None,
) -> Counts:
    """Store and index the articles of a file; idempotent by the id of each.

    New ones are published. Those that are known keep their state and inboxes; an article that did
    not change is left alone. Given a list, new words of live ones become drafts instead, and their
    ids are added to it. `bad` hears of every line that is no article, and of every translation
    whose original is neither in the file, wherever, nor in the knowledge base.
    """
    counts = Counts()
    waiting = iter(lines)
    linking: list[Row] = []
    while together := list(islice(waiting, TOGETHER)):
        rows = [line for line in together if isinstance(line, Row)]
        for line in together:
            if isinstance(line, BadLine):
                counts.errors += 1
                bad(line)
        changed = _store(rows, counts, at=at, drafted=drafted)
        linking += [row for row in rows if row.translation_of]
        index_articles(changed, encoders=encoders, at=at)
        progress(len(together))
    for problem in link_rows(linking):
        counts.errors += 1
        bad(problem)
    return counts


@transaction.atomic
def _store(
    rows: Sequence[Row], counts: Counts, *, at: datetime, drafted: list[UUID] | None
) -> list[Article]:
    """The articles that are to be indexed: new, changed, or not indexed as they stand."""
    known = {
        article.external_id: article
        for article in Article.objects.select_for_update()
        .filter(external_id__in=[row.id for row in rows])
        .order_by("pk")
    }
    fresh: list[Article] = []
    changed: list[Article] = []
    unindexed: list[Article] = []
    begun: list[Article] = []
    for given in rows:
        article, row = known.get(given.id), given
        if article is not None and drafted is not None and _is_drafted(article, given, at=at):
            drafted.append(article.uuid)
            begun.append(article)
            row = replace(
                given, title=article.title, body=article.body, questions=list(article.questions)
            )
        if article is None:
            fresh.append(
                Article(
                    external_id=row.id,
                    state=Article.State.PUBLISHED,
                    reason=REASON,
                    created_at=at,
                    updated_at=at,
                )
            )
            _fill(fresh[-1], row)
        elif _fill(article, row):
            _stand_apart(article)
            article.revision += 1
            article.updated_at = at
            article.updated_by = None
            article.reason = REASON
            changed.append(article)
        elif article.indexed_revision != article.revision:
            unindexed.append(article)
    Article.objects.bulk_create(fresh)
    Article.objects.bulk_update(
        changed, [*CONTENT, "family", "reason", "revision", "updated_at", "updated_by"]
    )
    counts.created += len(fresh)
    updated = len(changed) + sum(one not in changed for one in begun)
    counts.updated += updated
    counts.unchanged += len(rows) - len(fresh) - updated
    return [*fresh, *changed, *unindexed]


def _is_drafted(article: Article, row: Row, *, at: datetime) -> bool:
    """Puts new words beside a live article; false when it says so already, or is not live."""
    words = Words(row.title, row.body, tuple(row.questions))
    if article.state != Article.State.PUBLISHED or words == Words.of(article):
        return False
    write_draft(article=article.uuid, words=words, reason=REASON, by_id=None, at=at)
    return True


def link_rows(rows: Sequence[Row]) -> list[BadLine]:
    """Translations join the article that they name; which of them can't, and why."""
    problems: list[BadLine] = []
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        names = {name for row in some for name in (row.id, row.translation_of)}
        known = dict(
            Article.objects.filter(external_id__in=names).values_list("external_id", "uuid")
        )
        problems += [
            BadLine(row.id, row.line, f"translation_of: {why}")
            for row in some
            if (why := _linked(known.get(row.id), known.get(row.translation_of)))
        ]
    return problems


def _linked(mine: UUID | None, other: UUID | None) -> str:
    """What is in the way; nothing if there is "" to say."""
    if mine is None or other is None:
        return "no article has this id"
    try:
        link_translations(article=mine, other=other)
    except CannotLink:
        return "that article has a translation into this language already"
    return ""


def _fill(article: Article, row: Row) -> bool:
    """Take over what the row says; true if that was news."""
    said = f"{row.title} {' '.join(row.questions)} {row.body[:400]}"
    language = row.language or language_of(said)
    values = (row.title, row.body, row.questions, language, row.category)
    news = False
    for name, value in zip(CONTENT, values, strict=True):
        if getattr(article, name) != value:
            setattr(article, name, value)
            news = True
    return news


def _stand_apart(article: Article) -> None:
    """A language that one of its translations has already makes it an article of its own."""
    family = Article.objects.filter(family=article.family, language=article.language)
    if family.exclude(pk=article.pk).exists():
        article.family = uuid4()


def index_article(*, article_id: int, encoders: Encoders, at: datetime) -> bool:
    """Make one article findable as it stands; false if it is gone."""
    article = Article.objects.filter(pk=article_id).first()
    if article is None:
        return False
    index_articles([article], encoders=encoders, at=at)
    return True


def _stale(name: str) -> "models.QuerySet[Article]":
    """What was saved but never indexed, or indexed by other encoders than those of this name."""
    return Article.objects.unindexed() | Article.objects.exclude(indexed_with=name)


def count_stale(name: str) -> int:
    return _stale(name).count()


def index_everything(*, clock: Callable[[], datetime]) -> None:
    """Until nothing is stale; the newest first, even those saved while it runs."""
    if found := count_stale(encoders().name):
        forget_other_encoders(encoders().name)
        known = encoders_for(found)
        while index_next(encoders=known, at=clock()):
            pass
        del known
        give_back()


def catch_up(*, encoders: Encoders, at: datetime) -> int:
    """Index here and now the little that an editor has just published; how many articles it was.

    For whoever is about to search: between the publishing of a correction and its task the old words
    are gone already and the new ones unknown. What would take long is left to the task.
    """
    late = Article.objects.published().unindexed()
    if late.values("pk")[: LITTLE + 1].count() > LITTLE:
        return 0
    some = [article for article in late if len(article.body) <= LONG]
    index_articles(some, encoders=encoders, at=at)
    return len(some)


def forget_other_encoders(name: str) -> int:
    """After a new English encoder its cosines with the old one's vectors would be noise: until an
    article is read again it is found by its words and the encoder of every language."""
    old = Passage.objects.exclude(english=None).exclude(article__indexed_with=name)
    return old.update(english=None)


def index_next(*, encoders: Encoders, at: datetime) -> int:
    """Index the newest of what is stale, a few together; 0 when nothing is."""
    some = list(_stale(encoders.name).order_by("-updated_at", "-pk")[:TOGETHER])
    index_articles(some, encoders=encoders, at=at)
    return len(some)
