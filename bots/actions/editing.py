"""The life of an article: drafted, published, restored, archived; now or on a date."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Min

from bots.models import Article, Draft, Version, Words
from conversations.errors import NotFound, Refused

_AT_ONCE = 200


class NoSuchArticle(NotFound):
    """Absent, or not this reader's."""


class NoSuchVersion(NotFound):
    """It was never published under this number."""


class NothingToPublish(Refused):
    """It is live as it stands, and there is no draft of it."""

    code = "nothing_to_publish"


class BadDates(Refused):
    """It would end before it begins, or in the past."""

    code = "bad_dates"
    http_status = 400


class CannotLink(Refused):
    """These two articles can't be translations of one another."""

    code = "cannot_link"


def save_article(
    article: Article, *, by_id: int | None, at: datetime, may_publish: bool = True
) -> None:
    """Every way of changing an article ends here: a new revision, which search finds once indexed.

    Until then the article is not found at all: what was replaced must not be quoted. A text that is
    published becomes a version by this (`article.version`); `article.reason` is kept with it.
    Who may not publish takes the date away at which it would have been published.
    """
    known = article.created_at is not None
    if article.state == Article.State.ARCHIVED:
        article.publish_at = article.expires_at = None
    if not may_publish:
        article.publish_at = None
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
    *,
    article: UUID,
    words: Words,
    reason: str = "",
    by_id: int | None,
    at: datetime,
    may_publish: bool = True,
) -> Draft | None:
    """New words, which nobody reads until they are published.

    A live article gets a draft beside it; None when the words are the live ones: then there is none
    any more. What is not live is changed in its place. Who may not publish takes the date away at
    which it would have been published: somebody who may has to look at it again.
    """
    found = _held(article)
    if found.state != Article.State.PUBLISHED:
        words.put_into(found)
        found.reason = reason
        save_article(found, by_id=by_id, at=at, may_publish=may_publish)
        return None
    draft = Draft.objects.filter(article=found).first()
    if words == Words.of(found):
        if draft is not None:
            _discard(found)
        return None
    if not may_publish:
        _plan_nothing(found)
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
    found.publish_at = None
    save_article(found, by_id=by_id, at=at)
    return found


@transaction.atomic
def discard_draft(*, article: UUID) -> bool:
    """The live words stay the only ones; false if there was no draft."""
    return _discard(_held(article))


def _discard(article: Article) -> bool:
    _plan_nothing(article)
    return bool(Draft.objects.filter(article=article).delete()[0])


def _plan_nothing(article: Article) -> None:
    Article.objects.filter(pk=article.pk).exclude(publish_at=None).update(publish_at=None)


@transaction.atomic
def archive_article(*, article: UUID, by_id: int | None, at: datetime) -> Article:
    """The bot stops quoting it with this very commit."""
    found = _held(article)
    if found.state != Article.State.ARCHIVED:
        found.state = Article.State.ARCHIVED
        save_article(found, by_id=by_id, at=at)
    return found


@transaction.atomic
def restore_version(
    *, article: UUID, number: int, by_id: int | None, at: datetime, may_publish: bool = True
) -> Draft | None:
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
        may_publish=may_publish,
    )


# --- by the clock -------------------------------------------------------------------------


def check_dates(*, publish_at: datetime | None, expires_at: datetime | None, at: datetime) -> None:
    """Raises BadDates, with the field that is wrong."""
    if publish_at is not None and publish_at <= at:
        raise BadDates(fields={"publish_at": ["This time is over."]})
    if expires_at is not None and expires_at <= (publish_at or at):
        why = "It would be archived before it is published." if publish_at else "This time is over."
        raise BadDates(fields={"expires_at": [why]})


def next_due() -> datetime | None:
    """When an article has to be published or archived next."""
    found = Article.objects.aggregate(publish=Min("publish_at"), expire=Min("expires_at"))
    return min((moment for moment in found.values() if moment is not None), default=None)


class Publish(Protocol):
    """A way of publishing, as `publish_article` or one that looks first."""

    def __call__(self, *, article: UUID, by_id: int | None, at: datetime) -> object: ...


def run_due(*, at: datetime, publish: Publish = publish_article) -> int:
    """Publishes and archives what is due; how many."""
    due = Article.objects.filter(publish_at__lte=at).order_by("publish_at")
    keys = list(due.values_list("uuid", flat=True)[:_AT_ONCE])
    done = sum(_publish_due(key, publish, at=at) for key in keys)
    over = Article.objects.filter(expires_at__lte=at).order_by("expires_at")
    return done + sum(
        _archive_due(key, at=at) for key in over.values_list("uuid", flat=True)[:_AT_ONCE]
    )


@transaction.atomic
def _publish_due(key: UUID, publish: Publish, *, at: datetime) -> bool:
    """In the name of whoever touched it last; somebody may have changed the date meanwhile."""
    found = Article.objects.select_for_update().filter(uuid=key, publish_at__lte=at).first()
    if found is None:
        return False
    version = found.version
    _plan_nothing(found)
    publish(article=key, by_id=found.updated_by_id, at=at)
    found.refresh_from_db(fields=["version"])
    return found.version != version


@transaction.atomic
def _archive_due(key: UUID, *, at: datetime) -> bool:
    if not Article.objects.select_for_update().filter(uuid=key, expires_at__lte=at).exists():
        return False
    archive_article(article=key, by_id=None, at=at)
    return True


# --- translations -------------------------------------------------------------------------


@transaction.atomic
def link_translations(*, article: UUID, other: UUID) -> None:
    """From now on they, and whatever each was linked with, are one article in several languages.

    Raises CannotLink when two of them would be in the same language.
    """
    one, two = (_held(key) for key in sorted((article, other)))
    mine, theirs = (one, two) if one.uuid == article else (two, one)
    if mine.family == theirs.family:
        return
    both = Article.objects.filter(family__in=[mine.family, theirs.family])
    languages = list(both.values_list("language", flat=True))
    if len(languages) != len(set(languages)):
        raise CannotLink("There is an article in this language among them already.")
    Article.objects.filter(family=mine.family).update(family=theirs.family)


@transaction.atomic
def unlink_translation(*, article: UUID) -> None:
    """It stands alone again; the others stay together."""
    Article.objects.filter(pk=_held(article).pk).update(family=uuid4())


def _held(key: UUID) -> Article:
    """Locked until the transaction ends."""
    found = Article.objects.select_for_update().filter(uuid=key).first()
    if found is None:
        raise NoSuchArticle("There is no such article.")
    return found
