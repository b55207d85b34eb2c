"""`import_articles` and `ask`: JSON Lines in and out, and an exit status that tells."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from bots.knowledge import vectors
from bots.models import Article
from bots.tasks import model_at_hand
from tests import make
from tests.bots.language.test_openai_compatible import ModelServer, piece

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

ARTICLE = {
    "id": "returns",
    "title": "Returning an item",
    "body": "You may return anything within **30 days**.",
    "questions": ["How long can I return a jacket?", "Can I send a tent back?", "Return policy?"],
    "language": "en",
    "category": "Returns",
}


@pytest.fixture(autouse=True)
def _without_torch(settings: Settings) -> Iterator[None]:
    settings.ENGLISH_EMBEDDING_MODEL = "none"
    vectors.encoders.cache_clear()
    yield
    vectors.encoders.cache_clear()


def imported(folder: Path, *lines: Any) -> tuple[list[dict[str, Any]], int]:
    path = folder / "articles.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    out, status = io.StringIO(), 0
    try:
        call_command("import_articles", str(path), stdout=out)
    except SystemExit as end:
        status = int(str(end.code))
    return [json.loads(line) for line in out.getvalue().splitlines()], status


def asked(
    monkeypatch: pytest.MonkeyPatch, *lines: bytes, **options: Any
) -> tuple[list[dict[str, Any]], int]:
    given = io.TextIOWrapper(io.BytesIO(b"\n".join(lines)))
    monkeypatch.setattr(sys, "stdin", given)
    out, status = io.StringIO(), 0
    try:
        call_command("ask", stdout=out, **options)
    except SystemExit as end:
        status = int(str(end.code))
    return [json.loads(line) for line in out.getvalue().splitlines()], status


def test_import_counts_and_is_idempotent(tmp_path: Path) -> None:
    first = imported(tmp_path, ARTICLE)
    again = imported(tmp_path, ARTICLE)
    changed = imported(tmp_path, ARTICLE | {"body": "60 days."})

    assert first == ([{"created": 1, "updated": 0, "unchanged": 0, "errors": 0}], 0)
    assert again == ([{"created": 0, "updated": 0, "unchanged": 1, "errors": 0}], 0)
    assert changed == ([{"created": 0, "updated": 1, "unchanged": 0, "errors": 0}], 0)
    assert Article.objects.get().is_findable


def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines, status = imported(tmp_path, {"id": "x", "title": 7}, ARTICLE)

    assert status == 1
    assert lines == [
        {"id": "x", "error": "line 1: title: must be a text"},
        {"created": 1, "updated": 0, "unchanged": 0, "errors": 1},
    ]


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_articles", str(tmp_path / "none.jsonl"))


def test_ask_answers_in_order_and_names_bad_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(tmp_path, ARTICLE)

    lines, status = asked(
        monkeypatch,
        b'{"id": 1, "question": "How long can I return a jacket?"}',
        b"{broken",
        b'{"id": 3, "question": 3}',
        b'{"id": "\xff", "question": "x"}',
        b'{"id": 5, "question": "I want to talk to a human", "history": ["hi", {"role": "bot", "text": "Hello"}]}',
        b'{"id": 6, "question": "x", "history": [3]}',
    )

    assert status == 1
    first = lines[0]
    assert first.pop("latency_ms") > 0
    assert 0 <= first.pop("confidence") <= 1
    assert 0 <= first.pop("chance") <= 1
    assert first == {
        "id": 1,
        "decision": "answer",
        "answer": "You may return anything within 30 days. [1]",
        "citations": [
            {
                "article": "returns",
                "title": "Returning an item",
                "quote": "You may return anything within **30 days**.",
            }
        ],
        "suggestions": [],
        "language": "en",
        "intent": "Returns",
        "reason": "found",
        "by": "article",
    }
    assert [line.get("error") for line in lines[1:]] == [
        "not valid JSON",
        "question: must be a text",
        "not valid UTF-8",
        None,
        'history: each turn is a text or {"role", "text"}',
    ]
    assert lines[4]["decision"] == "handoff"


def test_ask_without_a_bad_line_ends_well(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(monkeypatch) == ([], 0)


def test_ask_for_an_inbox_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="no inbox"):
        asked(monkeypatch, inbox="nowhere")


def test_ask_as_an_inbox_sees_its_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(tmp_path, ARTICLE)
    inbox = make.inbox(key="shop")
    Article.objects.get().inboxes.add(inbox)
    question = b'{"id": 1, "question": "How long can I return a jacket?"}'

    ours, _ = asked(monkeypatch, question, inbox="shop")
    others, _ = asked(monkeypatch, question)

    assert [cited["article"] for cited in ours[0]["citations"]] == ["returns"]
    assert others[0]["citations"] == []


def test_a_model_writes_without_knowing_who_asks_and_is_closed_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    server = ModelServer(
        [[piece("You may return anything within 30 days.", "stop"), "data: [DONE]"]]
    )
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.BOT_MODEL = f"openai:tiny@http://127.0.0.1:{server.server_port}/v1"
    imported(tmp_path, ARTICLE)
    question = "How long can I return a jacket? I am jane@mail.example"
    line = json.dumps({"id": 1, "question": question}).encode()

    (answer,), status = asked(monkeypatch, line, generate=True)

    model = model_at_hand()
    server.shutdown()
    server.server_close()
    assert (status, answer["answer"]) == (0, "You may return anything within 30 days. [1]")
    assert server.asked[0]["messages"][-1]["content"].endswith("I am [EMAIL 1]")
    assert model is not None
    assert not model.ready()
