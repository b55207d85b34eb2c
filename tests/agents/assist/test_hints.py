"""Labels, priority and queue as cases like it had them; the steps of a procedure; words in files."""

import io
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from agents.actions.search_index import index_new
from agents.assist.actions.hinting import hint, settle_hints
from agents.assist.actions.reading import read_new
from agents.assist.models import Suggestion
from agents.assist.reads.past import forget_past
from bots.actions.procedures.keeping import ensure_procedure
from bots.language.model import ModelUnavailable
from bots.models import ProcedureRun, ProcedureVersion
from bots.procedures.state import State
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.models import Conversation, Upload
from conversations.uploads import as_attachment, keep
from tests import make
from tests.agents.api import Door
from tests.agents.assist.test_neighbours import FILE
from tests.bots.talks import Talk, knows, learnt

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

BROKEN = [
    "The zip of my tent is broken",
    "My tent's zip broke",
    "A zip of the tent is broken again",
]
LATE = ["Where is my parcel?", "My parcel has not arrived", "When does my parcel arrive?"]


def a_past(at: datetime, inbox: Any) -> None:
    """Thirty cases of two kinds, each with its label, and the broken ones urgent."""
    for n in range(30):
        words, name = (BROKEN, "repair") if n % 2 else (LATE, "parcel")
        talk = Talk(at, inbox=inbox).asks(words[n // 2 % 3])
        talk.hands_over("no_article")
        Conversation.objects.filter(pk=talk.pk).update(labels=[name], priority=n % 2)
        Conversation.objects.filter(pk=talk.pk).update(
            state="resolved", resolved_at=talk.at, queued_at=None, queue=None, waiting_since=None,
            entered_at=None, rank_at=None, due_at=None, place_from=None, answer_by=None,
            answer_from=None, alert_at=None,
        )  # fmt: skip
    learnt(at + timedelta(hours=1))


def test_the_past_tells_label_and_priority_and_one_click_applies_them(at: datetime) -> None:
    knows(at)
    forget_past()
    agent, inbox = make.agent(), make.inbox()
    talk = Talk(at, inbox=inbox).asks("The zip of my new tent is broken").hands_over("asked")
    talk.taken(agent)
    assert hint(talk.conversation, at=talk.at) == []  # a cold start: nothing to learn from
    forget_past()
    a_past(at, inbox)
    talk.conversation.refresh_from_db()

    assert {(one.kind, one.text) for one in hint(talk.conversation, at=talk.at)} == {
        ("label", "repair"),
        ("priority", "1"),
    }
    assert hint(talk.conversation, at=talk.at) == []  # said once
    door, path = Door(agent), f"conversations/{talk.conversation.uuid}/hints/"
    shown = {one["kind"]: one for one in door.get(path)["hints"]}
    assert (shown["label"]["says"], shown["priority"]["says"]) == ("repair", "High")
    assert shown["label"]["confidence"] >= 0.7
    door.post(f"{path}{shown['priority']['id']}/", {"did": "shown"})
    left = door.post(f"{path}{shown['label']['id']}/", {"did": "taken"})["hints"]
    assert [one["kind"] for one in left] == ["priority"]
    talk.conversation.refresh_from_db()
    assert talk.conversation.labels == ["repair"]
    assert Door(make.agent()).ask("get", path)[0] == 404
    assert door.ask("post", f"{path}{shown['label']['id']}/", {"did": "eaten"})[0] == 400

    talk.solved(agent)
    assert settle_hints(at=talk.at) == 1
    outcomes = Suggestion.objects.filter(by="cases").values_list("kind", "outcome")
    assert set(outcomes) == {("label", "sent"), ("priority", "ignored")}
    report = Door(make.agent(role="manager")).get(
        "reports/suggestions/?from=2026-01-01&to=2027-01-01"
    )
    assert {(one["key"], one["seen"], one["taken"]) for one in report["current"]["hinting"]} == {
        ("label", 1, 1),
        ("priority", 1, 0),
    }


def test_a_case_shows_what_the_bot_gathered_and_what_is_left(at: datetime) -> None:
    knows(at)
    agent = make.agent()
    ensure_procedure(FILE, "", at=at)
    talk = Talk(at).asks("Exchange it please, order FW-10234").hands_over("procedure").taken(agent)
    state = State(slots={"number": "FW-10234"}, order=["number"], called=[["look_up", "ok"]])
    ProcedureRun.objects.create(
        conversation=talk.conversation, version=ProcedureVersion.objects.get(), state="handed_over",
        reason="Too many tries", data=state.as_json(), started_at=at, updated_at=at, ended_at=at,
    )  # fmt: skip
    door, path = Door(agent), f"conversations/{talk.conversation.uuid}/guide/"

    guide = door.get(path)["guide"]
    assert (guide["name"], guide["how"], guide["reason"]) == ("Exchange", "run", "Too many tries")
    assert [one["text"] for one in guide["steps"] if one["done"]] == [
        "Order number",
        "Check: look up",
    ]
    steps = door.post(path, {"ticks": [1]})
    assert [(one["text"], bool(one["done_at"]), bool(one["done_by"])) for one in steps] == [
        ("Order number: FW-10234", True, False),
        ("Size", True, True),
        ("Check: look up", True, False),
        ("The customer agrees", False, False),
        ("Do: exchange", False, False),
    ]
    assert len(door.post(path)) == 5  # not twice
    assert Door(make.agent()).ask("get", path)[0] == 404

    other = Talk(at).asks("What is the weather like?").hands_over("asked").taken(agent)
    assert door.get(f"conversations/{other.conversation.uuid}/guide/")["guide"] is None
    assert door.ask("post", f"conversations/{other.conversation.uuid}/guide/", {})[0] == 404


def picture(*lines: str) -> bytes:
    image = Image.new("RGB", (640, 60 + 60 * len(lines)), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(30)
    for row, text in enumerate(lines):
        pen.text((30, 30 + 60 * row), text, fill="black", font=font)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class Spoken:
    name = "openai:whisper"

    def __init__(self, language: str = "") -> None:
        self.heard = 0
        self.language = language

    def hear(self, path: Path, content_type: str) -> str:
        self.heard += 1
        if b"broken" in path.read_bytes():
            raise ModelUnavailable("failed", "The server answered 500.")
        return "Where is my parcel"


def sent(talk: Talk, name: str, content: bytes) -> Upload:
    file = keep(conversation_id=talk.pk, name=name, content=content, by_customer=True, at=talk.at)
    post(Draft(talk.pk, "customer", "", talk.at, attachments=[as_attachment(file)]))
    return file


def test_words_in_pictures_and_voice_notes_are_shown_and_found(
    at: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    agent = make.agent()
    talk = Talk(at).asks("See here").hands_over("asked").taken(agent)
    image = sent(talk, "label.png", picture("Order FW-10234", "Delivered on 3 May"))
    note = sent(talk, "note.ogg", b"OggS" + b"\0" * 60)
    index_new(at=talk.at)
    spoken = Spoken()

    assert read_new(hearing=spoken, clock=lambda: talk.at) == 2
    assert read_new(hearing=spoken, clock=lambda: talk.at) == 0
    files = Door(agent).get(f"conversations/{talk.conversation.uuid}/read-files/")["files"]
    assert [(one["id"], one["text"], one["by"]) for one in files] == [
        (str(image.uuid), "Order FW-10234\nDelivered on 3 May", "PP-OCRv6 small"),
        (str(note.uuid), "Where is my parcel", "openai:whisper"),
    ]
    found = Door(make.agent(role="manager")).get("search/?q=10234")
    assert str(talk.conversation.uuid) in str(found)
    stranger = Door(make.agent())
    assert stranger.ask("get", f"conversations/{talk.conversation.uuid}/read-files/")[0] == 404


def test_who_knows_one_language_listens_to_no_other(
    at: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    talk = Talk(at)
    sent(talk, "note.ogg", b"OggS" + b"\0" * 60)
    english = Spoken("en")
    Conversation.objects.update(language="zh")

    assert read_new(hearing=english, clock=lambda: talk.at) == 0
    Conversation.objects.update(language="en-GB")
    assert read_new(hearing=english, clock=lambda: talk.at) == 1


def test_a_file_that_cannot_be_read_is_left_after_three_tries_and_hurts_nobody(
    at: datetime, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    talk = Talk(at)
    bomb = sent(talk, "bomb.png", picture("x"))
    (tmp_path / bomb.file).write_bytes(b"\x89PNG\r\n\x1a\n" + b"\xff" * 500)  # worse than it came
    note = sent(talk, "note.ogg", b"OggSbroken")
    slow = sent(talk, "slow.png", picture("y"))
    gone = sent(talk, "gone.ogg", b"OggS")
    (tmp_path / gone.file).unlink()
    run = subprocess.run

    def hangs(command: list[str], **more: Any) -> Any:
        if command[-1].endswith(slow.file):
            raise subprocess.TimeoutExpired(command, 60)
        return run(command, **more)

    monkeypatch.setattr(subprocess, "run", hangs)
    spoken = Spoken()
    for _ in range(4):
        read_new(hearing=spoken, clock=lambda: talk.at)
    states = dict(Upload.objects.values_list("pk", "read_state"))
    assert states == {one.pk: "failed" for one in (bomb, note, slow, gone)}
    assert spoken.heard == 4
