"""Synonyms, stop words and weights for programs: who may, what is refused, what holds at once."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from bots.knowledge.corpus import corpus
from bots.models import SearchWeights, StopWord, Synonyms
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def editor(client: Client) -> Client:
    user = make.agent()
    user.user_permissions.add(
        *Permission.objects.filter(
            content_type__app_label="bots",
            content_type__model__in=["synonyms", "stopword", "searchweights"],
        )
    )
    client.force_login(user)
    return client


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/{path}/", body, content_type="application/json")


def test_synonyms_are_written_changed_and_deleted(editor: Client) -> None:
    made = post(editor, "synonyms", {"words": ["Refund", " money  back "], "language": "en"})
    assert made.status_code == 201, made.content
    assert made.json()["words"] == ["Refund", "money back"]
    assert corpus().lexicon.others(["refund"], "en") == (("money", "back"),)

    path = f"/api/v1/synonyms/{made.json()['id']}/"
    changed = editor.patch(path, {"words": ["refund", "return"]}, content_type="application/json")
    assert changed.status_code == 200
    assert corpus().lexicon.others(["refund"], "en") == (("return",),)
    assert editor.delete(path).status_code == 204
    assert not Synonyms.objects.exists()


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("synonyms", {"words": ["one"]}, "words"),
        ("synonyms", {"words": ["one", "ONE"]}, "words"),
        ("synonyms", {"words": ["one", "!!"]}, "words"),
        ("synonyms", {"words": ["one", "two"], "language": "??"}, "language"),
        ("stop-words", {"word": "…"}, "word"),
    ],
)
def test_bad_words_are_refused(editor: Client, path: str, body: dict[str, Any], field: str) -> None:
    answer = post(editor, path, body)

    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_a_stop_word_is_there_once(editor: Client) -> None:
    assert post(editor, "stop-words", {"word": "shop", "language": "en"}).status_code == 201
    assert post(editor, "stop-words", {"word": "shop", "language": "en"}).status_code == 400
    assert StopWord.objects.count() == 1
    assert len(editor.get("/api/v1/stop-words/").json()["results"]) == 1


def test_weights_are_one_row(editor: Client) -> None:
    assert editor.get("/api/v1/search-weights/").json() == {
        "title": 1.0,
        "questions": 1.0,
        "body": 1.0,
    }

    body = {"title": 2, "questions": 1, "body": 0.5}
    for _ in range(2):
        answer = editor.put("/api/v1/search-weights/", body, content_type="application/json")
        assert answer.status_code == 200

    assert SearchWeights.current() == {"title": 2.0, "question": 1.0, "body": 0.5}
    body["title"] = 9
    answer = editor.put("/api/v1/search-weights/", body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["synonyms", "stop-words", "search-weights"])
def test_others_may_not(client: Client, path: str) -> None:
    assert client.get(f"/api/v1/{path}/").status_code in {401, 403}
    client.force_login(make.agent())
    assert client.get(f"/api/v1/{path}/").status_code == 403


@pytest.mark.parametrize("model", ["synonyms", "stopword", "searchweights"])
def test_the_admin_writes_them(admin_client: Client, model: str) -> None:
    given = {
        "synonyms": {"words": "refund,money back", "language": ""},
        "stopword": {"word": "shop", "language": "en"},
        "searchweights": {"title": "2", "questions": "1", "body": "1"},
    }[model]

    saved = admin_client.post(f"/admin/bots/{model}/add/", given)

    assert saved.status_code == 302
    assert admin_client.get(f"/admin/bots/{model}/").status_code == 200
