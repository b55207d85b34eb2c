"""The editor's door: the knowledge base in the admin."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client

from bots.models import Article
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

LIST = "/admin/bots/article/"
HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def editor() -> Client:
    client = Client()
    client.force_login(make.agent(role="manager", is_staff=True, first_name="Edith"))
    return client


@pytest.fixture
def article() -> Article:
    return Article.objects.create(
        title="Returning an item",
        body="You can return anything within **30 days** of delivery.",
        questions=["How long can I return something?"],
        state=Article.State.PUBLISHED,
        created_at=NOON,
        updated_at=NOON,
        indexed_revision=1,
    )


def form(**fields: str) -> dict[str, str]:
    written = {
        "title": "Returning an item",
        "body": "You can return anything within **45 days** of delivery.",
        "questions": "How long can I return something?\n\n  send   it back  \n",
        "state": "published",
        "category": "Returns",
        "language": "en",
    }
    return written | fields


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_a_changed_article_is_not_found_until_it_is_indexed_anew(
    editor: Client, article: Article
) -> None:
    assert article.is_findable

    answer = editor.post(f"{LIST}{article.pk}/change/", form())

    assert answer.status_code == 302
    article.refresh_from_db()
    assert "45 days" in article.body
    assert article.questions == ["How long can I return something?", "send it back"]
    assert (article.revision, article.is_findable) == (2, False)
    assert article.updated_at == NOON + timedelta(hours=1)
    assert article.updated_by is not None
    assert article.updated_by.first_name == "Edith"


def test_the_form_shows_questions_as_lines_and_how_the_bot_would_quote(
    editor: Client, article: Article
) -> None:
    article.questions.append("And boots?")
    article.body += f"\n\n{HOSTILE}"
    article.save()

    page = editor.get(f"{LIST}{article.pk}/change/").content.decode()

    assert "How long can I return something?\nAnd boots?</textarea>" in page
    assert "<strong>30 days</strong>" in page
    assert "within 30 days of delivery" in page.split("What the bot would quote")[1]
    assert HOSTILE not in page


@pytest.mark.parametrize(
    ("field", "words", "complaint"),
    [
        ("language", "english please", "Write a language such as en, zh or pt-BR."),
        ("questions", "x" * 1_001, "An example question has at most 1000 characters."),
        ("questions", "a\n" * 201, "At most 200 example questions."),
        ("title", "", "This field is required."),
        ("title", "x" * 301, "at most 300 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    editor: Client, article: Article, field: str, words: str, complaint: str
) -> None:
    answer = editor.post(f"{LIST}{article.pk}/change/", form(**{field: words}))

    assert answer.status_code == 200
    assert complaint in answer.content.decode()
    article.refresh_from_db()
    assert "30 days" in article.body


def test_the_list_finds_by_title_text_and_question(editor: Client, article: Article) -> None:
    Article.objects.create(title="Tents", body="Two doors.", created_at=NOON, updated_at=NOON)
    for words in ("returning", "DELIVERY", "how long can"):
        page = editor.get(f"{LIST}?q={words}").content.decode()
        assert ("Returning an item" in page, "Tents" in page) == (True, False)


def test_many_are_archived_and_published_at_once(editor: Client, article: Article) -> None:
    chosen = {"_selected_action": [str(article.pk)], "index": "0"}
    for action, state in (("archive", "archived"), ("publish", "published")):
        assert editor.post(LIST, chosen | {"action": action}).status_code == 302
        article.refresh_from_db()
        assert article.state == state


def test_whoever_may_only_read_changes_nothing(article: Article) -> None:
    reader = Client()
    reader.force_login(make.agent(is_staff=True))

    assert reader.get(f"{LIST}{article.pk}/change/").status_code == 200
    assert reader.post(f"{LIST}{article.pk}/change/", form()).status_code == 403
    chosen = {"_selected_action": [str(article.pk)], "action": "archive", "index": "0"}
    reader.post(LIST, chosen)
    article.refresh_from_db()
    assert (article.state, "30 days" in article.body) == ("published", True)


def test_who_may_not_publish_writes_drafts_only(article: Article) -> None:
    person = make.agent(is_staff=True)
    names = ("add_article", "change_article", "delete_article")
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    writer = Client()
    writer.force_login(person)
    words = form(title="New")

    refused = writer.post(f"{LIST}add/", words)
    assert "Select a valid choice" in refused.content.decode()
    assert writer.post(f"{LIST}add/", words | {"state": "draft"}).status_code == 302
    draft = Article.objects.get(title="New")

    page = writer.get(f"{LIST}{article.pk}/change/").content.decode()
    assert "takes the right to publish" in page
    assert writer.post(f"{LIST}{article.pk}/change/", form()).status_code == 403
    chosen = {"_selected_action": [str(article.pk), str(draft.pk)], "index": "0"}
    for action in ("publish", "archive", "delete_selected"):
        writer.post(LIST, chosen | {"action": action, "post": "yes"})
    states = dict(Article.objects.values_list("title", "state"))
    assert states == {"Returning an item": "published", "New": "archived"}
    article.refresh_from_db()
    assert "30 days" in article.body
