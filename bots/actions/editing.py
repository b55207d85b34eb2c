"""The life of an article: written, published, changed in a draft, restored, archived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self
from uuid import UUID

from django.db import transaction
from django.db.models import F

from bots.models import Article, Draft, Version
from conversations.errors import Refused


class NoSuchArticle(Refused):
    code = "not_found"
    http_status = 404


class NoSuchVersion(Refused):
    code = "not_found"
    http_status = 404


class NothingToPublish(Refused):
    """It is live as it stands, and there is no draft of it."""

    code = "nothing_to_publish"


class _Written(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def questions(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Words:
    """What a draft may say differently; everything else about an article holds at once."""

    title: str
    body: str
    questions: tuple[str, ...]

    @classmethod
    def of(cls, written: _Written) -> Self:
        return cls(written.title, written.body, tuple(written.questions))

    def put_into(self, target: Article | Draft) -> None:
        target.title, target.body, target.questions = self.title, self.body, list(self.questions)


def save_article(article: Article, *, by_id: int | None, at: datetime) -> None:
    """Every way of changing an article ends here: a new revision, which search finds once indexed.

    Until then the article is not found at all: what was replaced must not be quoted. A text that is
    published becomes a version by this (`article.version`); `article.reason` is kept with it.
    """
    known = article.created_at is not None
    if not known:
        article.created_at = at
    article.updated_at = at
    article.updated_by_id = by_id
    with transaction.atomic():
        if known:
            _keep_what_was_begun(article)
        article.save()
        if known:
            Article.objects.filter(pk=article.pk).update(revision=F("revision") + 1)
        article.refresh_from_db(fields=["revision", "version"])


def _keep_what_was_begun(article: Article) -> None:
    """An article that is no longer live has no draft beside it: its words move in."""
    if article.state == Article.State.PUBLISHED:
        return
    if draft := Draft.objects.select_for_update().filter(article=article).first():
        Words.of(draft).put_into(article)
        article.reason = draft.reason
        draft.delete()


@transaction.atomic
def write_draft(
    *, article: UUID, words: Words, reason: str = "", by_id: int | None, at: datetime
) -> Draft | None:
    """New words, which nobody reads until they are published.

    A live article gets a draft beside it; None when the words are the live ones: then there is none
    any more. What is not live is changed in its place.
    """
    found = _held(article)
    if found.state != Article.State.PUBLISHED:
        words.put_into(found)
        found.reason = reason
        save_article(found, by_id=by_id, at=at)
        return None
    draft = Draft.objects.filter(article=found).first()
    if words == Words.of(found):
        if draft is not None:
            draft.delete()
        return None
    if draft is None:
        draft = Draft(article=found, base=found.version, created_at=at)
    words.put_into(draft)
    draft.reason = reason
    draft.updated_at = at
    draft.updated_by_id = by_id
    draft.save()
    return draft


@transaction.atomic
def publish_article(
    *, article: UUID, reason: str | None = None, by_id: int | None, at: datetime
) -> Article:
    """From now on readers and the bot have its newest words, those of its draft if there is one.

    `reason` replaces what the draft gave. Nothing happens to what is live as it stands.
    """
    found = _held(article)
    draft = Draft.objects.filter(article=found).first()
    if found.state == Article.State.PUBLISHED and draft is None:
        return found
    if draft is not None:
        Words.of(draft).put_into(found)
        found.reason = draft.reason
        draft.delete()
    if reason is not None:
        found.reason = reason
    found.state = Article.State.PUBLISHED
    save_article(found, by_id=by_id, at=at)
    return found


@transaction.atomic
def discard_draft(*, article: UUID) -> bool:
    """The live words stay the only ones; false if there was no draft."""
    found = _held(article)
    return bool(Draft.objects.filter(article=found).delete()[0])


@transaction.atomic
def archive_article(*, article: UUID, by_id: int | None, at: datetime) -> Article:
    """The bot stops quoting it with this very commit."""
    found = _held(article)
    if found.state != Article.State.ARCHIVED:
        found.state = Article.State.ARCHIVED
        save_article(found, by_id=by_id, at=at)
    return found


@transaction.atomic
def restore_version(*, article: UUID, number: int, by_id: int | None, at: datetime) -> Draft | None:
    """The words of an old version as new ones to publish; as `write_draft`."""
    version = Version.objects.filter(article__uuid=article, number=number).first()
    if version is None:
        raise NoSuchVersion("There is no such version.")
    return write_draft(
        article=article,
        words=Words.of(version),
        reason=f"Version {number} again",
        by_id=by_id,
        at=at,
    )


def _held(key: UUID) -> Article:
    """Locked until the transaction ends."""
    found = Article.objects.select_for_update().filter(uuid=key).first()
    if found is None:
        raise NoSuchArticle("There is no such article.")
    return found
