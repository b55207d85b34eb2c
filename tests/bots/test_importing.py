"""From files to articles: read by a task, looked at, confirmed; through the page and the API."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from bots.actions import gate
from bots.actions.importing import (
    Options,
    begin_import,
    change_articles,
    folder_of,
    read_import,
    tidy_imports,
)
from bots.actions.storing import confirm_import
from bots.models import Article, Draft, Import
from conversations.errors import Refused
from tests import make
from tests.bots.sources import a_docx, a_zip

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

GUIDE = "# Guide\n\n## Returns\n\nThirty days.\n\n## Refunds\n\nFive days.\n\n## Empty\n"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def an_import(at: datetime, *files: tuple[str, bytes | str], **options: Any) -> Import:
    given = [(name, said.encode() if isinstance(said, str) else said) for name, said in files]
    batch = begin_import(given, options=Options(**options), by_id=None, at=at)
    read_import(import_id=batch.pk, clock=lambda: at)
    batch.refresh_from_db()
    return batch


def found(batch: Import) -> list[tuple[str, str, bool]]:
    return list(batch.articles.values_list("key", "category", "is_chosen"))


def problems(batch: Import) -> dict[str, str]:
    return dict(batch.files.exclude(problem="").values_list("name", "problem"))


def stored() -> list[tuple[str | None, str, str, int]]:
    rows = Article.objects.order_by("pk")
    return list(rows.values_list("external_id", "body", "state", "version"))


def test_files_become_a_preview_and_nothing_else(at: datetime) -> None:
    packed = a_zip({"in/notes.docx": a_docx(("Visits", "Come by.")), "x.png": "\x89"})
    batch = an_import(at, ("guide.md", GUIDE), ("all.zip", packed), category="Shop", language="en")

    assert batch.state == "ready"
    assert found(batch) == [
        ("guide.md#returns", "Shop", True),
        ("guide.md#refunds", "Shop", True),
        ("guide.md#empty", "Shop", False),
        ("all.zip/in/notes.docx", "Shop", True),
    ]
    assert list(problems(batch)) == ["all.zip/x.png"]
    assert Article.objects.count() == 0
    assert not folder_of(batch).exists()


def test_confirmed_they_are_drafts_or_live_and_found_again(at: datetime) -> None:
    first = an_import(at, ("guide.md", GUIDE))
    counts = confirm_import(first.uuid, publish=True, by_id=None, at=at)
    assert (counts.created, counts.changed) == (2, 0)
    assert stored() == [
        ("guide.md#returns", "Thirty days.", "published", 1),
        ("guide.md#refunds", "Five days.", "published", 1),
    ]
    with pytest.raises(Refused, match="not ready"):
        confirm_import(first.uuid, publish=True, by_id=None, at=at)

    again = an_import(at, ("guide.md", GUIDE.replace("Thirty", "Sixty")))
    counts = confirm_import(again.uuid, publish=False, by_id=None, at=at)
    assert (counts.created, counts.drafted, counts.unchanged) == (0, 1, 1)
    assert stored()[0] == ("guide.md#returns", "Thirty days.", "published", 1)
    assert Draft.objects.get().body == "Sixty days."

    live = an_import(at, ("guide.md", GUIDE.replace("Thirty", "Sixty")))
    assert confirm_import(live.uuid, publish=True, by_id=None, at=at).changed == 1
    assert stored()[0] == ("guide.md#returns", "Sixty days.", "published", 2)
    assert Draft.objects.count() == 0


def test_tables_link_translations_in_any_order_or_are_refused_whole(at: datetime) -> None:
    table = "id,title,body,language,translation_of\n2,退货,三十天,zh,1\n1,Returns,Thirty,en,\n"
    batch = an_import(at, ("faq.csv", table))
    assert confirm_import(batch.uuid, publish=False, by_id=None, at=at).problems == 0
    assert Article.objects.values("family").distinct().count() == 1

    broken = an_import(at, ("faq.csv", table + "3,\n4,=1+1,,,\n"))
    assert (broken.state, found(broken)) == ("failed", [])
    assert problems(broken)[
        "faq.csv"
    ] == "Line 4: more cells than the header has names and 1 more." or (
        problems(broken)["faq.csv"].startswith("Line 4: title: is missing")
    )


def test_killed_in_between_the_next_attempt_goes_on(at: datetime) -> None:
    batch = begin_import(
        [("a.md", b"A text."), ("b.md", b"Another.")], options=Options(), by_id=None, at=at
    )
    Import.objects.update(attempts=1)
    batch.files.filter(name="a.md").update(is_read=True)

    later = at + timedelta(minutes=1)
    read_import(import_id=batch.pk, clock=lambda: later)  # somebody still reads it
    assert Import.objects.get().state == "reading"
    later = at + timedelta(minutes=5)
    assert list(tidy_imports(at=later)) == [batch.pk]
    read_import(import_id=batch.pk, clock=lambda: later)
    assert found(Import.objects.get()) == [("b.md", "", True)]

    assert list(tidy_imports(at=at + timedelta(days=15))) == []
    assert Import.objects.count() == 0


def test_a_file_that_ends_the_worker_again_and_again_is_left_out(at: datetime) -> None:
    batch = begin_import([("a.md", b"A."), ("b.md", b"B.")], options=Options(), by_id=None, at=at)
    Import.objects.update(attempts=3)
    later = at + timedelta(minutes=5)
    read_import(import_id=batch.pk, clock=lambda: later)
    assert problems(batch) == {"a.md": "It can't be read."}
    assert found(batch) == [("b.md", "", True)]


def test_what_is_changed_in_the_preview_is_stored(at: datetime) -> None:
    batch = an_import(at, ("guide.md", GUIDE))
    change_articles(batch.uuid, {1: {"title": "Sending back"}, 2: {"is_chosen": False}})
    confirm_import(batch.uuid, publish=False, by_id=None, at=at)
    assert [(one.title, one.state) for one in Article.objects.all()] == [("Sending back", "draft")]


# --- the doors ----------------------------------------------------------------------------


def an_editor(*permissions: str) -> Any:
    editor = make.agent(is_staff=True)
    for name in permissions:
        editor.user_permissions.add(Permission.objects.get(codename=name))
    return editor


def upload(name: str = "guide.md", text: str = GUIDE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def test_the_api_takes_files_shows_what_they_give_and_stores_it(at: datetime) -> None:
    client: Any = Client()
    client.force_login(an_editor("add_article", "change_article", "view_article"))
    answer = client.post("/api/v1/imports/", {"file": [upload(), upload("b.md", "B.")]})
    assert answer.status_code == 202, answer.content
    address = f"/api/v1/imports/{answer.json()['id']}/"
    read_import(import_id=Import.objects.get().pk, clock=lambda: at)
    assert client.get(address).json()["articles"] == {
        "found": 4, "chosen": 3, "new": 3, "known": 0,
    }  # fmt: skip

    found = client.get(f"{address}articles/?limit=2").json()
    assert [one["title"] for one in found["results"]] == ["Returns", "Refunds"]
    assert found["next"]
    patch: dict[str, Any] = {"path": f"{address}articles/1/", "content_type": "application/json"}
    assert client.patch(data={"title": "Back"}, **patch).json()["title"] == "Back"
    assert client.patch(data={"title": ""}, **patch).status_code == 400

    confirm: dict[str, Any] = {"path": f"{address}confirm/", "content_type": "application/json"}
    refused = client.post(data={"publish": True}, **confirm)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert client.post(data={}, **confirm).json()["counts"]["created"] == 3
    assert client.post(data={}, **confirm).status_code == 409
    assert client.delete(address).status_code == 204
    assert Article.objects.count() == 3


def test_who_may_not_write_articles_does_not_import_them() -> None:
    client: Any = Client()
    client.force_login(make.agent())
    assert client.post("/api/v1/imports/", {"file": upload()}).status_code == 403
    client.force_login(an_editor("add_article"))
    assert client.post("/api/v1/imports/", {}).status_code == 400


def test_the_page_takes_files_and_shows_what_they_give(at: datetime) -> None:
    client: Any = Client()
    client.force_login(make.agent(role="admin", is_staff=True, is_superuser=True))
    form = {"split": "headings", "visibility": "public"}
    assert b"Choose at least one file" in client.post("/admin/bots/import/add/", form).content
    answer = client.post("/admin/bots/import/add/", {**form, "file": [upload()]})
    assert answer.status_code == 302
    page = answer["Location"]
    assert b"Reading the files" in client.get(page).content
    read_import(import_id=Import.objects.get().pk, clock=lambda: at)
    assert b"2 of 3 articles are chosen" in client.get(page).content

    said: dict[str, Any] = {"shown": ["1"], "1-title": "", "1-language": "en"}
    save = page.replace("change/", "save/")
    assert b"title: This field is required" in client.post(save, said, follow=True).content
    said |= {"1-title": "Back", "1-is_chosen": "on", "do": "publish"}
    assert b"Stored, live" in client.post(save, said, follow=True).content
    assert [one.title for one in Article.objects.order_by("pk")] == ["Back", "Refunds"]
    assert client.get("/admin/bots/import/").status_code == 200


def test_what_would_change_answers_waits_for_the_replay(
    monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    first = an_import(at, ("guide.md", GUIDE))
    assert confirm_import(first.uuid, publish=True, by_id=None, at=at).waiting == 0
    monkeypatch.setattr(gate, "_asked", lambda *_, **__: True)
    again = an_import(at, ("guide.md", GUIDE.replace("Thirty", "Sixty") + "\nNow with words.\n"))
    counts = confirm_import(again.uuid, publish=True, by_id=None, at=at)
    assert (counts.waiting, counts.changed, counts.unchanged) == (2, 0, 1)
    assert stored()[0] == ("guide.md#returns", "Thirty days.", "published", 1)
    assert stored()[2][2] == "draft"
