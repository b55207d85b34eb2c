"""The knowledge base at its HTTP doors: one good call, one bad input, one stranger."""

import uuid
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from bots.actions.editing import save_article
from bots.models import Article
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


WRITE = ("view_article", "add_article", "change_article", "delete_article")


def who_may(*names: str) -> APIClient:
    person = make.agent()
    person.user_permissions.set(
        Permission.objects.filter(content_type__app_label="bots", codename__in=names)
    )
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture
def editor() -> APIClient:
    return who_may(*WRITE, "publish_article")


def an_article(at: datetime, **fields: Any) -> Article:
    article = Article(
        **({"title": "Returns", "body": "**30** days", "state": "published"} | fields)
    )
    save_article(article, by_id=None, at=at)
    return article


def test_an_editor_writes_and_changes_an_article(editor: APIClient) -> None:
    made = editor.post(
        "/api/v1/articles/", {"title": "Returns", "questions": ["How long?"]}, format="json"
    )
    changed = editor.patch(
        f"/api/v1/articles/{made.json()['id']}/", {"state": "published"}, format="json"
    )

    assert (made.status_code, made.json()["state"]) == (201, "draft")
    assert (changed.status_code, changed.json()["state"]) == (200, "published")
    assert Article.objects.get().revision == 2


def test_who_may_not_publish_writes_drafts_and_touches_nothing_published(at: datetime) -> None:
    writer = who_may(*WRITE)
    path = "/api/v1/articles/"
    shown = an_article(at)
    made = writer.post(path, {"title": "New"}, format="json")
    draft = f"{path}{made.json()['id']}/"

    assert made.status_code == 201
    assert writer.patch(draft, {"body": "Better"}, format="json").status_code == 200
    refused = [
        writer.post(path, {"title": "x", "state": "published"}, format="json"),
        writer.patch(draft, {"state": "published"}, format="json"),
        writer.patch(f"{path}{shown.uuid}/", {"body": "99 days"}, format="json"),
        writer.patch(f"{path}{shown.uuid}/", {"state": "archived"}, format="json"),
        writer.delete(f"{path}{shown.uuid}/"),
    ]

    assert {(one.status_code, one.json()["code"]) for one in refused} == {(403, "not_allowed")}
    assert set(Article.objects.values_list("title", "body", "state")) == {
        ("New", "Better", "draft"),
        ("Returns", "**30** days", "published"),
    }
    assert writer.delete(draft).status_code == 204


def test_an_import_id_is_unique_and_an_empty_one_is_none(editor: APIClient) -> None:
    answers = [
        editor.post("/api/v1/articles/", {"title": "x", "external_id": key}, format="json")
        for key in ("", "", None, "en-1", "en-1")
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 201, 400]
    assert {answer.json()["external_id"] for answer in answers[:3]} == {None}


@pytest.mark.parametrize(
    "body",
    [
        {"title": ""},
        {"title": "x" * 301},
        {"title": "x", "questions": "How long?"},
        {"title": "x", "questions": [["a"]]},
        {"title": "x", "language": "English please"},
        {"title": "a\0b"},
        {"title": "x", "inboxes": ["nowhere"]},
        [],
    ],
)
def test_bad_input_is_400(editor: APIClient, body: Any) -> None:
    assert editor.post("/api/v1/articles/", body, format="json").status_code == 400


def test_the_list_is_paged_by_cursor(editor: APIClient, at: datetime) -> None:
    for n in range(3):
        an_article(at, title=f"Article {n}")

    first = editor.get("/api/v1/articles/?limit=2").json()
    second = editor.get(first["next"]).json()

    assert [a["title"] for a in first["results"]] == ["Article 2", "Article 1"]
    assert [a["title"] for a in second["results"]] == ["Article 0"]


def test_a_stranger_reads_only_what_is_published(client: Any, at: datetime) -> None:
    shown, hidden = an_article(at), an_article(at, state="draft")

    answer = client.get(f"/api/v1/help/articles/{shown.uuid}/")

    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(shown.uuid),
        "title": "Returns",
        "html": "<p><strong>30</strong> days</p>\n",
        "language": "en",
        "url": f"/help/{shown.uuid}/",
        "version": 1,
        "translations": {},
        "helpful": None,
        "updated_at": "2026-05-04T12:00:00Z",
    }
    assert client.get(f"/api/v1/help/articles/{hidden.uuid}/").status_code == 404
    assert client.get(f"/api/v1/help/articles/{uuid.uuid4()}/").status_code == 404
    assert client.get("/api/v1/articles/").status_code in {401, 403}


def test_an_agent_without_the_right_may_not_write() -> None:
    client = APIClient()
    client.force_authenticate(make.agent())

    assert client.post("/api/v1/articles/", {"title": "x"}, format="json").status_code == 403


def test_the_help_centre_leads_to_the_chat_where_there_is_one(client: Any, at: datetime) -> None:
    article = an_article(at, category="After sale")
    paths = ("/help/", "/help/?q=xyzzy", f"/help/{article.uuid}/")
    assert not any("widget.js" in client.get(path).content.decode() for path in paths)

    make.inbox(key="shop")
    for path in paths:
        page = client.get(path).content.decode()
        assert ('data-inbox="shop"' in page, "data-open-chat" in page) == (True, True)


def test_the_help_centre_takes_only_a_language(client: Any) -> None:
    page = client.get("/help/", {"lang": '"><script>'}).content.decode()

    assert '<html lang="en"' in page


def test_the_help_centre_shows_and_finds(client: Any, at: datetime) -> None:
    article = an_article(at, title="Returning <b>an</b> item", category="After sale")
    an_article(at, title="A secret draft", state="draft")

    home = client.get("/help/").content.decode()
    page = client.get(f"/help/{article.uuid}/").content.decode()
    found = client.get("/help/", {"q": "returning an item"})

    assert "Returning &lt;b&gt;an&lt;/b&gt; item" in home
    assert "A secret draft" not in home
    assert "<strong>30</strong> days" in page
    assert found.status_code == 200
    assert client.get(f"/help/{uuid.uuid4()}/").status_code == 404
    assert client.get("/help/", {"q": " ", "page": "x", "lang": "??"}).status_code == 200
