"""An article's draft, versions and readers at the HTTP doors."""

from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from bots.actions.articles import import_articles
from bots.actions.editing import save_article, write_draft
from bots.knowledge.vectors import light_encoders
from bots.models import Article, Draft, Words
from bots.sources.rows import Row
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

PATH = "/api/v1/articles/"


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
    return who_may("view_article", "add_article", "change_article", "publish_article")


@pytest.fixture
def writer() -> APIClient:
    return who_may("view_article", "change_article")


@pytest.fixture
def live(at: datetime) -> Article:
    article = Article(title="Returns", body="30 days", state="published")
    save_article(article, by_id=None, at=at)
    return article


def test_a_draft_is_written_published_and_its_version_restored(
    editor: APIClient, writer: APIClient, live: Article
) -> None:
    own = f"{PATH}{live.uuid}/"
    drafted = writer.patch(f"{own}draft/", {"body": "45 days"}, format="json").json()
    assert (drafted["body"], drafted["draft"]["body"]) == ("30 days", "45 days")
    more = writer.patch(f"{own}draft/", {"reason": "Longer"}, format="json").json()
    assert (more["draft"]["body"], more["draft"]["reason"]) == ("45 days", "Longer")
    assert writer.get(f"{own}draft/").json()["base"] == 1

    for refused in (writer.post(f"{own}publish/"), writer.delete(f"{own}draft/")):
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    shown = editor.post(f"{own}publish/").json()
    assert (shown["body"], shown["version"], shown["draft"]) == ("45 days", 2, None)
    again = editor.post(f"{own}publish/")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_publish")

    versions = editor.get(f"{own}versions/").json()
    assert [(one["number"], one["body"], one["reason"]) for one in versions] == [
        (2, "45 days", "Longer"),
        (1, "30 days", ""),
    ]
    assert editor.get(f"{own}versions/1/").json()["body"] == "30 days"
    assert editor.get(f"{own}versions/9/").status_code == 404
    restored = writer.post(f"{own}versions/1/restore/").json()
    assert (restored["body"], restored["draft"]["body"]) == ("45 days", "30 days")
    assert writer.post(f"{own}versions/{10**12}/restore/").status_code == 404
    assert editor.delete(f"{own}draft/").status_code == 204
    assert not Draft.objects.exists()


def test_saying_new_words_of_what_is_live_publishes_them(editor: APIClient, live: Article) -> None:
    """As programs have always done; who wants a draft writes to it."""
    changed = editor.patch(f"{PATH}{live.uuid}/", {"body": "45 days"}, format="json").json()
    assert (changed["body"], changed["version"]) == ("45 days", 2)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"publish_at": "2020-01-01T00:00:00Z"}, "publish_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        (
            {"publish_at": "2999-01-02T00:00:00Z", "expires_at": "2999-01-01T00:00:00Z"},
            "expires_at",
        ),
        ({"visibility": "friends"}, "visibility"),
        ({"translation_of": "nowhere"}, "translation_of"),
    ],
)
def test_bad_dates_readers_and_families_are_400(
    editor: APIClient, live: Article, given: dict[str, Any], field: str
) -> None:
    answer = editor.patch(f"{PATH}{live.uuid}/", given, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_only_who_may_publish_sets_the_date(writer: APIClient, editor: APIClient) -> None:
    made = editor.post(PATH, {"title": "New"}, format="json").json()
    own, soon = f"{PATH}{made['id']}/", {"publish_at": "2999-01-01T00:00:00Z"}
    assert writer.patch(own, soon, format="json").status_code == 403
    assert editor.patch(own, soon, format="json").status_code == 200
    # Whoever may not publish takes the date back with a change.
    assert writer.patch(own, {"body": "x"}, format="json").json()["publish_at"] is None


def test_translations_are_linked_and_taken_apart(editor: APIClient, live: Article) -> None:
    given = {"title": "退货", "language": "zh", "translation_of": str(live.uuid)}
    made = editor.post(PATH, given, format="json").json()
    assert made["translations"] == {"en": str(live.uuid)}
    listed = editor.get(PATH).json()["results"]
    assert [one["translations"] for one in listed] == [
        {"en": str(live.uuid)},
        {"zh": made["id"]},
    ]
    twice = editor.post(PATH, given, format="json")
    assert (twice.status_code, twice.json()["code"]) == (409, "cannot_link")
    clash = editor.patch(f"{PATH}{made['id']}/", {"language": "en"}, format="json")
    assert clash.status_code == 409
    alone = editor.patch(f"{PATH}{made['id']}/", {"translation_of": None}, format="json").json()
    assert alone["translations"] == {}


def test_agents_search_what_only_they_may_read(client: Any, at: datetime) -> None:
    agent = APIClient()
    agent.force_authenticate(make.agent())
    row = Row("goodwill", "Goodwill refunds", "Refund up to 20 € without asking.", [], "en")
    import_articles([row], encoders=light_encoders(), at=at, bad=lambda _line: None)
    Article.objects.update(visibility="agents")

    found = agent.get(PATH, {"search": "goodwill refunds", "state": "published"}).json()
    assert [(one["title"], one["quote"]) for one in found["results"]] == [
        ("Goodwill refunds", "Refund up to 20 € without asking.")
    ]
    key = found["results"][0]["id"]
    assert client.get(f"/api/v1/help/articles/{key}/").status_code == 404
    assert client.get(f"/help/{key}/").status_code == 404
    assert "Goodwill" not in client.get("/help/").content.decode()
    assert "20 €" not in client.get("/help/", {"q": "goodwill refunds"}).content.decode()


def test_the_list_costs_the_same_for_one_and_for_three(
    editor: APIClient, live: Article, at: datetime
) -> None:
    counts = []
    editor.get(PATH)  # who may what is remembered
    for n in range(2):
        with CaptureQueriesContext(connection) as seen:
            editor.get(PATH)
        counts.append(len(seen))
        for more in range(2):
            other = Article(title=f"{n}-{more}", state="published")
            save_article(other, by_id=None, at=at)
            write_draft(article=other.uuid, words=Words("x", "y", ()), by_id=None, at=at)
    assert counts[0] == counts[1]
