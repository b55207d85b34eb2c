"""A customer's data is given out whole, and erased from every table and from the disk."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.test import Client

from agents.actions.drafts import save_draft
from agents.actions.erasing import erase, take_left_files_away
from agents.actions.search_index import index_customers, index_new
from agents.assist.actions.remembering import read_new
from agents.assist.models import HelpTurn, Suggestion
from agents.models import Agent, DataRequest, ScheduledMessage
from agents.reads.customer_data import found_of
from bots.actions.gaps import sort_new
from bots.models import Article, Asked, BotTrace, Gap, LearnedPair, TrainingExample
from contactcenter.demo.packs.pack import write_books
from contactcenter.demo.packs.travel.models import Booking
from conversations.actions.calling import ask_for_a_call
from conversations.actions.customer_notes import write_note
from conversations.actions.log import append, hold
from conversations.actions.session import Claims, open_session
from conversations.models import (
    ChecklistItem,
    Conversation,
    Customer,
    Identity,
    Message,
    RecordChange,
    Request,
)
from conversations.uploads import as_attachment, keep
from tests import make
from tests.agents.api import Door
from tests.bots.talks import RETURNS, Talk, knows, learnt

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

MARK = "quizzical"  # stands in everything that this customer said, and nowhere else
QUESTION = f"Do you repair the {MARK} zeppelin of my aunt?"
# References that only empty themselves when a customer goes: each was looked at, and holds no words.
LOOKED_AT: set[str] = set()


def tables_with(word: str) -> set[str]:
    """Every table of the database in which a word stands, in whatever column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        found = set()
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text ILIKE %s)', [f"%{word}%"]
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def everything(at: datetime, media: Path) -> tuple[Talk, Agent]:
    """A customer of whom something is kept wherever words are kept."""
    knows(at, RETURNS)
    agent = make.agent()
    customer = make.customer(name=f"{MARK} Lindt", email=f"{MARK}@mail.example", phone="1")
    talk = Talk(at, customer=customer).asks(QUESTION).asks(f"Call me Bo. I live in {MARK.title()}.")
    note_words = f"{MARK} zeppelins are cared for in our hangar, which takes ten days."
    talk.hands_over("no_article").taken(agent).replies(agent, note_words)
    held = talk.conversation
    upload = keep(
        conversation_id=held.pk, name=f"{MARK}.txt", content=b"my letter", by_customer=True, at=at
    )
    Message.objects.filter(conversation=held, author_kind="customer").update(
        attachments=[as_attachment(upload)]
    )
    write_note(
        customer_id=customer.pk, text=f"{MARK} again", pinned=False, agent_id=agent.pk, at=at
    )
    ask_for_a_call(conversation_id=held.pk, phone="+49 30 1234567", call_at=None, at=talk.at)
    save_draft(
        conversation_id=held.pk, key=held.uuid, agent=agent, shared=False, text=MARK, attachments=[],
        version=None, at=at,
    )  # fmt: skip
    Identity.objects.create(
        customer=customer, inbox=held.inbox, external_id=f"{MARK}-7", verified_at=at
    )
    Request.objects.create(conversation=held, title=MARK, opened_offset=1, opened_at=at)
    ChecklistItem.objects.create(conversation=held, text=MARK, created_at=at)
    RecordChange.objects.create(
        customer=customer, changes={"name": {"old": MARK, "new": "x"}}, created_at=at
    )
    ScheduledMessage.objects.create(
        conversation=held, agent=agent, client_id=upload.uuid, text=MARK, send_at=at, seen_seq=1,
        created_at=at,
    )  # fmt: skip
    turn = HelpTurn.objects.create(
        conversation=held, inbox=held.inbox, agent=agent, seq=1, at=at, proposed=1
    )
    Suggestion.objects.create(
        turn=turn, conversation=held, agent=agent, text=MARK, by="quote", confidence=0.5, at=at
    )
    BotTrace.objects.create(
        conversation=held, inbox=held.inbox, run=9, asked_seq=1, at=at, outcome="answer",
        data={"question": MARK},
    )  # fmt: skip
    LogEntry.objects.create(
        user=agent, content_type=ContentType.objects.get_for_model(Customer), object_id=str(customer.pk),
        object_repr=str(customer), action_flag=CHANGE, change_message=f"now {MARK}",
    )  # fmt: skip
    # In the books of a business that the house keeps, under the address that the site vouches for.
    write_books("travel", at=at)
    Booking.objects.filter(number="AT-40112").update(name=MARK, email=customer.email)
    talk.solved(agent).rated(5)
    Conversation.objects.filter(pk=held.pk).update(state="resolved")
    learnt(talk.at)
    sort_new()
    read_new(at=talk.at)
    index_new(at=talk.at)
    index_customers()
    asked = Asked.objects.filter(conversation=held).earliest("pk")
    pair = LearnedPair.objects.create(
        question=asked.text, answer=MARK, language="en", vector=asked.vector, asked=asked,
        becomes="article", found_at=at,
    )  # fmt: skip
    TrainingExample.objects.create(
        source="learned", origin=f"pair:{pair.uuid}", conversation=held, question=MARK,
        context=MARK, answer=MARK, language="en", found_at=at,
    )  # fmt: skip
    LearnedPair.objects.create(
        question="Do you repair balloons?", others=[asked.text, "And kites?"], answer="Yes, we do.",
        language="en", vector=asked.vector, becomes="article", found_at=at,
    )  # fmt: skip
    assert (media / upload.file).is_file()
    return talk, agent


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"


def test_nothing_of_an_erased_customer_stays_in_any_table_or_on_the_disk(
    at: datetime, media: Path
) -> None:
    talk, agent = everything(at, media)
    other = Talk(at).asks("Do you sell kayaks?").hands_over("no_article")
    customer = talk.conversation.customer
    before = tables_with(MARK)
    assert {
        "agents_indexedcustomer", "agents_saveddraft", "agents_scheduledmessage", "assist_suggestion",
        "bots_asked", "bots_bottrace", "bots_gap", "bots_learnedpair", "bots_trainingexample",
        "conversations_checklistitem", "conversations_conversation", "conversations_customer",
        "conversations_customerfact", "conversations_customernote", "conversations_identity",
        "conversations_message", "conversations_recordchange", "conversations_request",
        "conversations_upload", "demo_travel_booking", "django_admin_log",
    } <= before  # fmt: skip

    manager = make.agent(role="manager")
    path = f"customers/{customer.uuid}/erase/"
    assert Door(agent).ask("post", path, {"reason": "They asked for it"})[0] == 403
    assert Door(manager).ask("post", path, {})[0] == 400
    done = Door(manager).post(path, {"reason": "They asked for it"})

    assert tables_with(MARK) == set()
    assert [one for one in media.rglob("*") if one.is_file()] == []
    assert (done["files"], done["files_left"], done["asked_by"]) == (1, 0, manager.shown_name)
    assert done["rows"]["conversations.Message"] >= 3
    assert not Customer.objects.filter(pk=customer.pk).exists()
    assert Conversation.objects.filter(pk=other.pk).exists()
    assert LearnedPair.objects.get().others == ["And kites?"]
    # Said again it is the same certificate; of nobody there is none.
    again = erase(customer=customer.uuid, agent_id=None, reason="", at=at)
    assert str(again.uuid) == done["id"]
    assert Door(manager).ask("post", path, {"reason": "again"})[0] == 404
    assert [one["kind"] for one in Door(manager).get("data-requests/")["results"]] == ["erase"]
    assert Door(agent).ask("get", "data-requests/")[0] == 403


def test_no_reference_to_a_customer_only_empties_itself_unseen() -> None:
    """A new table whose rows would outlive the customer that they tell of must be looked at."""
    owned = {Customer, *_owned(Customer)}
    left = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model not in owned
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model in owned
        and field.remote_field.on_delete is not models.CASCADE
    }
    assert left == LOOKED_AT


def _owned(model: type[models.Model]) -> set[type[models.Model]]:
    found: set[type[models.Model]] = set()
    waiting = [model]
    while waiting:
        for relation in waiting.pop()._meta.get_fields(include_hidden=True):
            if not isinstance(relation, models.ManyToOneRel):
                continue
            other = relation.related_model
            if relation.on_delete is models.CASCADE and other not in found:
                found.add(other)
                waiting.append(other)
    return found


def test_a_group_of_questions_that_others_asked_too_is_named_by_theirs(at: datetime) -> None:
    knows(at, RETURNS)
    mine = Talk(at).asks("Do you repair zeppelins of aunts?").hands_over("no_article")
    Talk(at).asks("Do you repair zeppelins?").hands_over("no_article")
    learnt(at + timedelta(hours=1))
    sort_new()
    gap = Gap.objects.get()
    assert gap.title == "Do you repair zeppelins of aunts?"
    Article.objects.filter(external_id="returns").update(questions=[gap.title])

    done = erase(customer=mine.conversation.customer.uuid, agent_id=None, reason="", at=at)

    gap.refresh_from_db()
    assert (gap.title, gap.size) == ("Do you repair zeppelins?", 1)
    assert done.wording == [str(Article.objects.get(external_id="returns").uuid)]


def test_who_had_an_open_conversation_with_them_is_free_and_their_key_is_no_good(
    at: datetime,
) -> None:
    agent = make.present_agent()
    talk = Talk(at).asks("Hello?").hands_over("asked").taken(agent)
    opened = open_session(
        inbox=talk.conversation.inbox, language="en", claims=Claims(), origin="", at=at
    )

    erase(customer=talk.conversation.customer.uuid, agent_id=None, reason="", at=talk.at)
    erase(customer=opened.customer.uuid, agent_id=None, reason="", at=talk.at)

    assert agent.conversations.count() == agent.assignments.count() == 0
    answer = Client().post(
        "/api/v1/sessions", {"token": opened.token}, content_type="application/json"
    )
    assert answer.status_code == 401


def test_files_that_could_not_be_deleted_are_looked_for_until_they_are_gone(
    at: datetime, media: Path
) -> None:
    talk = Talk(at).asks("See this")
    upload = keep(
        conversation_id=talk.pk, name="a.txt", content=b"my letter", by_customer=True, at=at
    )
    full = media / upload.file
    full.unlink()
    full.mkdir()  # nobody can delete that as a file

    done = erase(customer=talk.conversation.customer.uuid, agent_id=None, reason="", at=at)
    assert done.files == [upload.file]
    full.rmdir()
    full.write_bytes(b"my letter")
    assert take_left_files_away() == 1
    assert not full.exists()
    assert take_left_files_away() == 0


def test_everything_is_given_out_but_what_supervisors_said_behind_somebody_s_back(
    at: datetime, media: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    talk, agent = everything(at, media)
    customer = talk.conversation.customer
    with transaction.atomic():
        held = hold(talk.pk)
        line = append(held, "message", at=talk.at, actor="agent")
        Message.objects.create(
            conversation=held, offset=line.offset, author_kind="agent", note=True, agent=agent,
            whispered_to=agent, text="a whisper", created_at=talk.at,
        )  # fmt: skip

    call_command("export_customer", f"{MARK}-7", reason="They asked")
    data = json.loads(capsys.readouterr().out)
    tables = data["tables"]
    said = [one["text"] for one in tables["conversations.Message"]]
    assert QUESTION in said
    assert "a whisper" not in said
    assert tables["conversations.Customer"][0]["email"] == f"{MARK}@mail.example"
    assert tables["conversations.CustomerFact"][0]["value"] == "Bo"
    words = {label for label in tables if MARK in json.dumps(tables[label]).lower()}
    found = {model._meta.label for model in found_of(customer.pk)}
    assert words >= {
        "assist.Suggestion", "bots.Asked", "bots.BotTrace", "bots.LearnedPair",
        "bots.TrainingExample", "conversations.CustomerNote", "conversations.Upload",
    }  # fmt: skip
    assert words - {"demo_travel.Booking"} < found
    assert tables["demo_travel.Booking"][0]["number"] == "AT-40112"
    assert "vector" not in tables["bots.Asked"][0]
    assert "token_hash" not in json.dumps(tables)

    manager = make.agent(role="manager")
    client = Door(manager).client
    path = f"/api/v1/customers/{customer.uuid}/export/"
    answer = client.post(path, {"reason": "They asked"}, format="json")
    whole: Any = answer
    packed = zipfile.ZipFile(io.BytesIO(b"".join(whole.streaming_content)))
    whole.close()
    assert packed.read(data["files"][0]["path"]) == b"my letter"
    assert json.loads(packed.read("data.json"))["customer"] == str(customer.uuid)
    assert Door(agent).ask("post", path.removeprefix("/api/v1/"), {"reason": "x"})[0] == 403
    assert [(one.kind, one.asked_by) for one in DataRequest.objects.order_by("pk")] == [
        ("export", None),
        ("export", manager),
    ]
    call_command("export_customer", str(customer.uuid), out=tmp_path / "all.zip")
    assert zipfile.is_zipfile(tmp_path / "all.zip")


def test_the_commands_say_who_is_not_there(
    at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = Talk(at).asks("Hello")
    key = str(talk.conversation.customer.uuid)
    for command in ("erase_customer", "export_customer"):
        for name in ("nobody", "0" * 8 + "-0000-0000-0000-" + "0" * 12):
            with pytest.raises(CommandError, match="There is no customer"):
                call_command(command, name)
    for _ in range(2):
        call_command("erase_customer", key)
        assert json.loads(capsys.readouterr().out)["customer"] == key
    assert not Customer.objects.exists()


def test_the_admin_erases_and_gives_out_by_right(at: datetime) -> None:
    talk = Talk(at).asks("Hello")
    key = str(talk.conversation.customer.uuid)
    client = Client()
    page = "/admin/agents/datarequest/add/"
    client.force_login(make.agent(is_staff=True))
    assert client.get(page).status_code == 403
    client.force_login(make.agent(role="manager", is_staff=True))
    words = {"who": key, "kind": "export", "reason": "They asked"}
    assert client.post(page, words | {"who": "nobody"}).status_code == 200
    given = client.post(page, words)
    assert given["Content-Type"] == "application/zip"
    given.close()
    done = client.post(page, words | {"kind": "erase"}, follow=True)
    assert b"Everything of this customer is erased" in done.content
    assert not Customer.objects.exists()
    assert DataRequest.objects.count() == 2
    assert client.get("/admin/agents/datarequest/").status_code == 200
