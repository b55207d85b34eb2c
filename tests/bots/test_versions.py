"""Drafts of live articles, and every text that was ever published."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from bots.actions.editing import (
    NoSuchVersion,
    archive_article,
    discard_draft,
    publish_article,
    restore_version,
    save_article,
    write_draft,
)
from bots.models import Article, Draft, Version, Words
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

NEW = Words("Returns", "You have **45** days.", ("How long?",))


@pytest.fixture
def live(at: datetime) -> Article:
    article = Article(
        title="Returns",
        body="You have **30** days.",
        questions=["How long?"],
        state="published",
        reason="Begun",
    )
    save_article(article, by_id=make.agent().pk, at=at)
    return article


def numbered(article: Article) -> list[tuple[int, str]]:
    return list(article.versions.order_by("number").values_list("number", "body"))


def test_a_draft_changes_nothing_that_is_read_until_it_is_published(
    live: Article, at: datetime
) -> None:
    editor, later = make.agent(), at + timedelta(hours=1)
    write_draft(article=live.uuid, words=NEW, reason="45 days now", by_id=None, at=at)

    untouched = Article.objects.get()
    assert (untouched.body, untouched.revision, untouched.version) == (live.body, 1, 1)

    publish_article(article=live.uuid, by_id=editor.pk, at=later)

    changed = Article.objects.get()
    assert (changed.body, changed.revision, changed.version) == (NEW.body, 2, 2)
    assert not Draft.objects.exists()
    newest = Version.objects.get(number=2)
    assert (newest.body, newest.reason, newest.published_at, newest.published_by) == (
        NEW.body,
        "45 days now",
        later,
        editor,
    )


def test_a_draft_may_be_rewritten_and_discarded(live: Article, at: datetime) -> None:
    write_draft(article=live.uuid, words=NEW, by_id=None, at=at)
    write_draft(article=live.uuid, words=Words("Returns", "60 days", ()), by_id=None, at=at)
    assert Draft.objects.get().body == "60 days"

    assert (discard_draft(article=live.uuid), discard_draft(article=live.uuid)) == (True, False)
    assert numbered(live) == [(1, live.body)]


def test_a_draft_that_says_what_is_live_is_none(live: Article, at: datetime) -> None:
    write_draft(article=live.uuid, words=NEW, by_id=None, at=at)
    assert write_draft(article=live.uuid, words=Words.of(live), by_id=None, at=at) is None
    assert not Draft.objects.exists()


def test_publishing_what_is_live_as_it_stands_is_no_version(live: Article, at: datetime) -> None:
    publish_article(article=live.uuid, by_id=None, at=at)
    assert (numbered(live), Article.objects.get().revision) == ([(1, live.body)], 1)


def test_what_was_never_published_has_no_version(at: datetime) -> None:
    article = Article(title="Tents", body="Two doors.")
    save_article(article, by_id=None, at=at)
    write_draft(article=article.uuid, words=Words("Tents", "Three doors.", ()), by_id=None, at=at)

    article.refresh_from_db()
    assert (article.body, article.version, article.versions.count()) == ("Three doors.", 0, 0)
    assert not Draft.objects.exists()


def test_an_archived_article_keeps_what_was_begun_and_its_versions(
    live: Article, at: datetime
) -> None:
    write_draft(article=live.uuid, words=NEW, reason="Longer", by_id=None, at=at)
    archive_article(article=live.uuid, by_id=None, at=at)

    gone = Article.objects.get()
    assert (gone.state, gone.body, gone.reason) == ("archived", NEW.body, "Longer")
    assert not Draft.objects.exists()
    assert numbered(live) == [(1, live.body)]

    publish_article(article=live.uuid, by_id=None, at=at)
    assert numbered(live) == [(1, live.body), (2, NEW.body)]


def test_an_old_version_comes_back_as_a_draft(live: Article, at: datetime) -> None:
    write_draft(article=live.uuid, words=NEW, by_id=None, at=at)
    publish_article(article=live.uuid, by_id=None, at=at)
    restore_version(article=live.uuid, number=1, by_id=None, at=at)

    assert Article.objects.get().body == NEW.body
    draft = Draft.objects.get()
    assert (draft.body, draft.base, draft.reason) == (live.body, 2, "Version 1 again")
    with pytest.raises(NoSuchVersion):
        restore_version(article=live.uuid, number=9, by_id=None, at=at)


@pytest.mark.parametrize(
    "by_hand",
    [
        lambda a: Article.objects.filter(pk=a.pk).update(body="By hand"),
        lambda a: Article.objects.filter(pk=a.pk).update(body="By hand", version=7),
    ],
)
def test_a_text_is_kept_however_it_was_published(live: Article, by_hand: Any) -> None:
    by_hand(live)
    assert numbered(live) == [(1, live.body), (2, "By hand")]
    assert Article.objects.get().version == 2


@pytest.mark.parametrize(
    "change",
    [
        {"body": "forged"},
        {"number": 2},
        {"reason": "forged"},
        {"published_at": datetime.fromisoformat("2020-01-01T00:00:00Z")},
    ],
)
def test_a_version_never_changes(live: Article, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Version.objects.filter(article=live).update(**change)


def test_a_version_stays_when_its_editor_leaves_and_goes_with_its_article(live: Article) -> None:
    version = live.versions.get()
    assert version.published_by is not None
    version.published_by.delete()
    assert live.versions.filter(published_by=None, body=live.body).exists()

    with transaction.atomic():
        Version.objects.all().delete()
        with pytest.raises(IntegrityError, match="goes only with its article"):
            connection.check_constraints()
        transaction.set_rollback(True)
    live.delete()
    connection.check_constraints()
    assert not Version.objects.exists()


def test_versions_are_counted_without_a_gap(live: Article, at: datetime) -> None:
    with pytest.raises(IntegrityError, match="without a gap"), transaction.atomic():
        Version.objects.create(article=live, number=3, title="x", language="en", published_at=at)
