"""The editor's door: the knowledge base in the admin."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client

from bots.models import Article, Draft, Vote
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
        category="Returns",
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
        "category": "Returns",
        "language": "en",
        "visibility": "public",
        "publish_at_0": "",
        "publish_at_1": "",
        "expires_at_0": "",
        "expires_at_1": "",
    }
    return written | fields


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_a_draft_changes_nothing_until_it_is_published(editor: Client, article: Article) -> None:
    assert article.is_findable
    path = f"{LIST}{article.pk}/change/"

    assert editor.post(path, form(_draft="1", reason="Longer")).status_code == 302

    article.refresh_from_db()
    assert ("30 days" in article.body, article.is_findable, article.version) == (True, True, 1)
    page = editor.get(path).content.decode()
    assert "45 days" in page.split("<textarea")[1] + page.split("<textarea")[2]
    assert "Live, with changes." in page
    assert "<del>" in page.split("What the draft changes")[1]

    assert editor.post(path, form(_publish="1", reason="Longer")).status_code == 302

    article.refresh_from_db()
    assert "45 days" in article.body
    assert article.questions == ["How long can I return something?", "send it back"]
    assert (article.revision, article.is_findable) == (2, False)
    assert article.updated_at == NOON + timedelta(hours=1)
    assert article.updated_by is not None
    assert article.updated_by.first_name == "Edith"
    version = article.versions.get(number=2)
    assert (version.reason, version.published_by) == ("Longer", article.updated_by)
    assert not Draft.objects.exists()


def test_saving_corrects_what_is_live_but_goes_on_with_a_draft(
    editor: Client, article: Article
) -> None:
    path = f"{LIST}{article.pk}/change/"
    assert 'name="_draft"' in editor.get(path).content.decode()
    assert editor.post(path, form(_save="Save")).status_code == 302
    article.refresh_from_db()
    assert ("45 days" in article.body, article.version) == (True, 2)

    editor.post(path, form(body="60 days.", _draft="1"))
    page = editor.get(path).content.decode()
    assert ('name="_publish"' in page, 'name="_draft"' in page) == (True, False)
    editor.post(path, form(body="61 days.", _save="Save"))
    article.refresh_from_db()
    assert ("45 days" in article.body, article.draft.body) == (True, "61 days.")


def test_a_draft_is_published_or_discarded_from_its_changes(
    editor: Client, article: Article
) -> None:
    path = f"{LIST}{article.pk}/"
    editor.post(f"{path}change/", form(_draft="1"))
    assert editor.get(f"{path}discard/").status_code == 405
    assert editor.post(f"{path}discard/").status_code == 302
    article.refresh_from_db()
    assert (Draft.objects.exists(), article.version) == (False, 1)

    editor.post(f"{path}change/", form(_draft="1"))
    assert editor.post(f"{path}publish/").status_code == 302
    article.refresh_from_db()
    assert ("45 days" in article.body, article.version) == (True, 2)


def test_where_it_belongs_holds_at_once_and_is_no_version(editor: Client, article: Article) -> None:
    words = {"body": article.body, "questions": article.questions[0]}
    editor.post(f"{LIST}{article.pk}/change/", form(**words, category="Sale", visibility="agents"))
    article.refresh_from_db()
    assert (article.category, article.visibility, article.version) == ("Sale", "agents", 1)
    assert not Draft.objects.exists()


def test_what_a_browser_does_to_line_ends_is_no_change(editor: Client, article: Article) -> None:
    Article.objects.update(body="One.\n\nTwo.\n", questions=["a  b"])
    same = {"body": "One.\r\n\r\nTwo.", "questions": "a b\r\n"}
    editor.post(f"{LIST}{article.pk}/change/", form(**same))
    assert not Draft.objects.exists()

    editor.post(
        f"{LIST}{article.pk}/change/", form(**same | {"body": "One.\r\n\r\n2.", "_draft": "1"})
    )
    assert Draft.objects.get().body == "One.\n\n2."


def test_versions_are_listed_compared_and_restored(editor: Client, article: Article) -> None:
    path = f"{LIST}{article.pk}/"
    editor.post(f"{path}change/", form(_publish="1", reason=f"Longer {HOSTILE}"))

    page = editor.get(f"/admin/bots/article/{article.pk}/versions/").content.decode()
    assert page.index("Compare to version 2") < page.index("Compare to version 1")
    changed = page.split("From version 1 to version 2")[1]
    assert changed.index("30") < changed.index("45")
    assert "<ins>" in changed
    assert HOSTILE not in page
    same = editor.get(f"/admin/bots/article/{article.pk}/versions/?from=2&to=2").content.decode()
    assert "Their words are the same." in same
    odd = editor.get(f"/admin/bots/article/{article.pk}/versions/?from=x&to=99")
    assert odd.status_code == 200

    assert editor.post(f"{path}restore/", {"number": "1"}).status_code == 302
    article.refresh_from_db()
    assert ("45 days" in article.body, "30 days" in article.draft.body) == (True, True)
    for number in ("9", "x", "-1", ""):
        assert editor.post(f"{path}restore/", {"number": number}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"publish_at_0": "2020-01-01", "publish_at_1": "10:00"}, "This time is over."),
        (
            {
                "publish_at_0": "2999-01-02", "publish_at_1": "10:00",
                "expires_at_0": "2999-01-01", "expires_at_1": "10:00",
            },
            "before it is published",
        ),
        ({"translation_of": "nowhere"}, "There is no other article"),
        ({"translation_of": "en-other"}, "It has a translation into en already."),
    ],
)  # fmt: skip
def test_dates_and_translations_are_checked(
    editor: Client, article: Article, fields: dict[str, str], complaint: str
) -> None:
    Article.objects.create(
        title="Other", external_id="en-other", language="en", created_at=NOON, updated_at=NOON
    )
    answer = editor.post(f"{LIST}{article.pk}/change/", form(**fields))

    assert answer.status_code == 200
    assert complaint.replace("'", "&#x27;") in answer.content.decode()


def test_an_article_joins_and_leaves_a_family(editor: Client, article: Article) -> None:
    other = Article.objects.create(
        title="退货", external_id="zh-1", language="zh", created_at=NOON, updated_at=NOON
    )
    path = f"{LIST}{article.pk}/change/"
    for name in ("zh-1", str(other.uuid), f"http://x/admin/bots/article/{other.pk}/change/"):
        assert editor.post(path, form(translation_of=name)).status_code == 302
        assert len(set(Article.objects.values_list("family", flat=True))) == 1
        assert 'value="zh-1"' in editor.get(path).content.decode()
        editor.post(path, form(translation_of=""))
        assert len(set(Article.objects.values_list("family", flat=True))) == 2


def test_the_list_filters_by_state_and_by_votes(editor: Client, article: Article, at: Any) -> None:
    version = article.versions.get()
    for n in range(4):
        Vote.objects.create(version=version, voter=str(n), helpful=n == 0, at=at)
    Article.objects.create(title="Tents", created_at=NOON, updated_at=NOON)
    page = editor.get(LIST).content.decode()
    assert "1 of 4 (25%)" in page
    for query, shown in {
        "standing=live": (True, False),
        "standing=draft": (False, True),
        "standing=changed": (False, False),
        "standing=planned": (False, False),
        "standing=archived": (False, False),
        "helped=seldom": (True, False),
        "helped=mostly": (False, False),
        "helped=few": (False, True),
    }.items():
        page = editor.get(f"{LIST}?{query}").content.decode()
        assert ("Returning an item" in page, "Tents" in page) == shown, query


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

    assert writer.post(f"{LIST}add/", words | {"_publish": "1"}).status_code == 302
    draft = Article.objects.get(title="New")
    assert draft.state == "draft"

    page = writer.get(f"{LIST}{article.pk}/change/").content.decode()
    assert "Save and publish" not in page
    answer = writer.post(f"{LIST}{article.pk}/change/", form(_publish="1", category="x"))
    assert answer.status_code == 302
    page = writer.get(f"{LIST}{article.pk}/change/").content.decode()
    assert "takes the right to publish" in page
    for verb in ("publish", "discard"):
        assert writer.post(f"{LIST}{article.pk}/{verb}/").status_code == 403
    chosen = {"_selected_action": [str(article.pk), str(draft.pk)], "index": "0"}
    for action in ("publish", "archive", "delete_selected"):
        writer.post(LIST, chosen | {"action": action, "post": "yes"})
    states = dict(Article.objects.values_list("title", "state"))
    assert states == {"Returning an item": "published", "New": "archived"}
    article.refresh_from_db()
    assert ("30 days" in article.body, article.category) == (True, "Returns")
    assert "45 days" in article.draft.body
