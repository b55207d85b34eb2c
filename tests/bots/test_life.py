"""An article's dates, its readers, and its translations."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from agents.actions.sweep import next_due as next_of_all
from agents.actions.sweep import run_due as run_all
from bots.actions.articles import import_articles
from bots.actions.editing import (
    BadDates,
    CannotLink,
    archive_article,
    check_dates,
    discard_draft,
    link_translations,
    next_due,
    run_due,
    save_article,
    unlink_translation,
    write_draft,
)
from bots.actions.turn import begin_turn
from bots.knowledge.vectors import light_encoders
from bots.models import Article, Draft, Reader, Visibility, Words
from bots.queries import consult
from bots.reads.found import found_articles
from bots.sources.rows import Row
from bots.standing import standing
from conversations.actions.post import post
from conversations.models import Conversation, Identity
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOUR = timedelta(hours=1)
NEW = Words("Returns", "45 days", ())


def an_article(at: datetime, **fields: Any) -> Article:
    article = Article(**({"title": "Returns", "body": "30 days", "state": "published"} | fields))
    save_article(article, by_id=None, at=at)
    return article


def states() -> list[tuple[str, str, int]]:
    return list(Article.objects.order_by("pk").values_list("state", "body", "version"))


# --- dates --------------------------------------------------------------------------------


def test_a_draft_goes_live_on_its_date_and_ends_on_another(at: datetime) -> None:
    an_article(at, state="draft", publish_at=at + HOUR, expires_at=at + 2 * HOUR)

    assert (next_due(), run_due(at=at)) == (at + HOUR, 0)
    assert (run_due(at=at + HOUR), states()) == (1, [("published", "30 days", 1)])
    assert (next_due(), run_due(at=at + 2 * HOUR)) == (at + 2 * HOUR, 1)
    assert (states(), next_due()) == ([("archived", "30 days", 1)], None)


def test_changes_of_a_live_article_go_live_on_their_date(at: datetime) -> None:
    editor = make.agent()
    article = an_article(at, publish_at=at + HOUR)
    Article.objects.update(updated_by=editor)
    write_draft(article=article.uuid, words=NEW, by_id=editor.pk, at=at)

    assert (run_due(at=at + HOUR), states()) == (1, [("published", "45 days", 2)])
    assert article.versions.get(number=2).published_by == editor
    assert not Draft.objects.exists()


def test_a_date_without_anything_to_publish_passes(at: datetime) -> None:
    an_article(at, publish_at=at + HOUR)
    assert (run_due(at=at + HOUR), next_due()) == (0, None)
    assert states() == [("published", "30 days", 1)]


def test_nobody_slips_words_under_the_date_of_somebody_who_may_publish(at: datetime) -> None:
    live = an_article(at, publish_at=at + HOUR)
    fresh = an_article(at, title="New", state="draft", publish_at=at + HOUR)
    for article in (live, fresh):
        write_draft(article=article.uuid, words=NEW, by_id=None, at=at, may_publish=False)

    assert (next_due(), run_due(at=at + 2 * HOUR)) == (None, 0)
    assert [state for state, _, _ in states()] == ["published", "draft"]
    assert states()[0][1] == "30 days"


def test_a_discarded_draft_takes_its_date_along(at: datetime) -> None:
    article = an_article(at, publish_at=at + HOUR)
    write_draft(article=article.uuid, words=NEW, by_id=None, at=at)
    discard_draft(article=article.uuid)
    assert next_due() is None


def test_the_clock_of_the_house_knows_the_dates_of_articles(at: datetime) -> None:
    an_article(at, state="draft", publish_at=at + HOUR)
    assert next_of_all() == at + HOUR
    assert run_all(at=at + HOUR)["articles"] == 1


def test_an_archived_article_plans_nothing(at: datetime) -> None:
    article = an_article(at, expires_at=at + HOUR)
    archive_article(article=article.uuid, by_id=None, at=at)
    assert next_due() is None
    with pytest.raises(IntegrityError, match="plans_nothing"), transaction.atomic():
        Article.objects.update(publish_at=at)


@pytest.mark.parametrize(
    ("publish", "expire", "field"),
    [
        (-1, None, "publish_at"),
        (0, None, "publish_at"),
        (None, -1, "expires_at"),
        (2, 1, "expires_at"),
    ],
)
def test_dates_are_ahead_and_in_order(
    at: datetime, publish: int | None, expire: int | None, field: str
) -> None:
    def moment(hours: int | None) -> datetime | None:
        return None if hours is None else at + hours * HOUR

    with pytest.raises(BadDates) as refusal:
        check_dates(publish_at=moment(publish), expires_at=moment(expire), at=at)
    assert list(refusal.value.fields) == [field]


def test_the_database_keeps_the_order_of_dates(at: datetime) -> None:
    article = an_article(at)
    with pytest.raises(IntegrityError, match="before_it_expires"), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(publish_at=at + HOUR, expires_at=at)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"state": "draft"}, "Draft"),
        ({"state": "draft", "publish_at": 1}, "Draft, live on 2026-05-04 13:00"),
        ({"state": "published"}, "Live"),
        ({"state": "published", "expires_at": 2}, "Live until 2026-05-04 14:00"),
        ({"state": "published", "has_draft": True}, "Live, with changes"),
        (
            {"state": "published", "has_draft": True, "publish_at": 1},
            "Live, changes on 2026-05-04 13:00",
        ),
        ({"state": "archived"}, "Archived"),
    ],
)
def test_every_state_has_a_word(at: datetime, given: dict[str, Any], word: str) -> None:
    dated = {
        name: at + value * HOUR if name.endswith("_at") else value for name, value in given.items()
    }
    assert standing(version=1, **dated).word == word


# --- readers ------------------------------------------------------------------------------


def imported(at: datetime, *rows: Row) -> None:
    import_articles(rows, encoders=light_encoders(), at=at, bad=lambda _line: None)


RETURNS = Row(
    "returns", "Returning an item", "You may return anything within 30 days.",
    ["How long can I return a jacket?", "Can I send it back?"], "en",
)  # fmt: skip


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        ("public", ["anybody", "customer", "agent"]),
        ("customers", ["customer", "agent"]),
        ("agents", ["agent"]),
    ],
)
def test_the_bot_and_the_search_know_who_may_read(
    at: datetime, visibility: str, readers: list[str]
) -> None:
    imported(at, RETURNS)
    Article.objects.update(visibility=visibility)
    question = "How long can I return a jacket?"

    cited = [
        str(reader)
        for reader in Reader
        if consult(question=question, reader=reader, known=light_encoders()).citations
    ]
    found = [
        str(reader)
        for reader in Reader
        if found_articles(question, language="en", reader=reader, known=light_encoders())
    ]

    assert (cited, found) == (readers, readers)


def test_a_visibility_that_nobody_knows_is_refused(at: datetime) -> None:
    article = an_article(at)
    with pytest.raises(IntegrityError, match="visibility"), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(visibility="friends")
    assert Visibility.values == ["public", "customers", "agents", "audience"]


@pytest.mark.parametrize("is_known", [True, False])
def test_only_whom_the_site_vouches_for_is_a_customer_to_the_bot(
    at: datetime, *, is_known: bool
) -> None:
    conversation = make.conversation()
    if is_known:
        Identity.objects.create(
            customer=conversation.customer,
            inbox=conversation.inbox,
            external_id="c-1",
            verified_at=at,
        )
    post(make.draft(conversation, "How long?"))
    turn = begin_turn(conversation_id=conversation.pk, at=at)

    assert turn is not None
    assert turn.reader == (Reader.CUSTOMER if is_known else Reader.ANYBODY)
    assert Conversation.objects.get().state == "bot"


# --- translations -------------------------------------------------------------------------


def test_translations_are_linked_once_per_language(at: datetime) -> None:
    english, german = an_article(at), an_article(at, language="de")
    chinese, other = an_article(at, language="zh"), an_article(at, title="Other")
    link_translations(article=german.uuid, other=english.uuid)
    link_translations(article=chinese.uuid, other=german.uuid)
    with pytest.raises(CannotLink):
        link_translations(article=other.uuid, other=chinese.uuid)
    with pytest.raises(IntegrityError, match="one_translation"), transaction.atomic():
        Article.objects.update(family=uuid4())

    families = dict(Article.objects.values_list("pk", "family"))
    assert families[english.pk] == families[german.pk] == families[chinese.pk]
    assert families[other.pk] != families[english.pk]

    unlink_translation(article=german.uuid)
    families = dict(Article.objects.values_list("pk", "family"))
    assert families[english.pk] == families[chinese.pk] != families[german.pk]


def test_the_bot_takes_the_translation_of_the_customers_language(at: datetime) -> None:
    imported(
        at,
        RETURNS,
        Row("zh-returns", "怎么退货", "您可以在30天内退货。", ["夹克多久可以退货？"], "zh"),
    )
    two = found_articles("夹克多久可以退货？", language="zh", known=light_encoders())
    chinese, english = (Article.objects.get(language=code) for code in ("zh", "en"))
    link_translations(article=chinese.uuid, other=english.uuid)

    found = {
        code: [
            one.article.language
            for one in found_articles(words, language=code, known=light_encoders())
        ]
        for code, words in (("zh", "夹克多久可以退货？"), ("en", "How long can I return it?"))
    }

    assert len(two) == 2
    assert found == {"zh": ["zh"], "en": ["en"]}


def test_an_import_links_translations_and_keeps_what_is_linked(at: datetime) -> None:
    def chinese(key: str, other: str) -> Row:
        return Row(key, "怎么退货", f"30天 {key}", [], "zh", "", other)

    rows = [RETURNS, chinese("zh-1", "returns"), chinese("zh-2", "returns"), chinese("zh-3", "no")]
    for _ in range(2):
        imported(at, *rows)
        families = dict(Article.objects.values_list("external_id", "family"))
        assert families["zh-1"] == families["returns"]
        assert len(set(families.values())) == 3
