"""Watch, whisper, barge in, take over: who may, what is kept, and what nobody else learns."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agents.actions import supervise
from agents.actions.assign import assign
from agents.actions.attend import attend
from agents.actions.search_index import index_new
from agents.confidential import log_for, supervision_for
from agents.models import (
    Agent,
    Assignment,
    Notification,
    Policy,
    Presence,
    SupervisionSession,
)
from conversations.actions.customer import finish
from conversations.actions.log import hold
from conversations.actions.merge import merge
from conversations.errors import CannotMove, Closed, NotAllowed
from conversations.models import Conversation, Event, Mention, Message
from conversations.queries import messages_after
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def lead() -> Agent:
    return make.present_agent(role="manager", first_name="Mareike")


@pytest.fixture
def anna() -> Agent:
    return make.present_agent(first_name="Anna")


@pytest.fixture
def talk(anna: Agent, at: datetime) -> Conversation:
    """Held by Anna."""
    made = make.conversation()
    with transaction.atomic():
        assign(hold(made.pk), agent_id=anna.pk, at=at, how="claimed")
    return Conversation.objects.get(pk=made.pk)


def watch(talk: Conversation, lead: Agent, at: datetime) -> SupervisionSession:
    return supervise.watch(conversation_id=talk.pk, supervisor_id=lead.pk, at=at)


def whisper(talk: Conversation, lead: Agent, at: datetime, text: str = "Offer a refund") -> Any:
    return supervise.whisper(
        conversation_id=talk.pk, supervisor_id=lead.pk, client_id=uuid.uuid4(), text=text, at=at
    )


def barge(talk: Conversation, lead: Agent, at: datetime, text: str = "", **more: Any) -> Any:
    return supervise.barge(conversation_id=talk.pk, supervisor_id=lead.pk, text=text, at=at, **more)


def log_of(talk: Conversation, reader: Agent) -> list[dict[str, Any]]:
    return log_for(Agent.objects.get(pk=reader.pk), talk.pk, talk.uuid, after=0)


def supervision_in(talk: Conversation) -> list[tuple[str, bool]]:
    lines = Event.objects.filter(conversation=talk, kind="supervision")
    return [(line.data["step"], line.data["visible"]) for line in lines]


def shown_to_customer(talk: Conversation) -> list[str]:
    return [message.text for message in messages_after(talk.pk, after=0)]


def test_watching_is_one_session_with_its_steps_and_lines(
    talk: Conversation, lead: Agent, anna: Agent, at: datetime
) -> None:
    first = watch(talk, lead, at)
    again = watch(talk, lead, at + timedelta(seconds=5))
    ended = at + timedelta(minutes=1)
    assert supervise.stop(conversation_id=talk.pk, supervisor_id=lead.pk, at=ended)
    assert not supervise.stop(conversation_id=talk.pk, supervisor_id=lead.pk, at=ended)

    session = SupervisionSession.objects.get()
    assert first.pk == again.pk == session.pk
    assert (session.mode, session.ended, session.ended_at) == ("silent", "stopped", ended)
    assert [step["step"] for step in session.steps] == ["watch", "stop"]
    assert (session.supervisor, session.agent) == (lead, anna)
    assert supervision_in(talk) == [("watch", False), ("stop", False)]


def test_several_may_watch_but_each_once(talk: Conversation, lead: Agent, at: datetime) -> None:
    other = make.present_agent(role="manager")
    watch(talk, lead, at)
    watch(talk, other, at)

    assert SupervisionSession.objects.filter(ended_at=None).count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        SupervisionSession.objects.create(
            conversation=talk, supervisor=lead, started_at=at, seen_at=at
        )


def test_an_agent_may_none_of_it(talk: Conversation, at: datetime) -> None:
    stranger = make.present_agent()
    before = Event.objects.filter(conversation=talk).count()
    for step in (watch, whisper, barge):
        with pytest.raises(NotAllowed):
            step(talk, stranger, at)
    with pytest.raises(NotAllowed):
        supervise.take_over(conversation_id=talk.pk, supervisor_id=stranger.pk, at=at)

    assert not SupervisionSession.objects.exists()
    assert Event.objects.filter(conversation=talk).count() == before


def test_nobody_supervises_themselves_or_what_is_over(
    talk: Conversation, lead: Agent, at: datetime
) -> None:
    supervise.take_over(conversation_id=talk.pk, supervisor_id=lead.pk, at=at)
    for step in (watch, whisper, barge):
        with pytest.raises(CannotMove):
            step(talk, lead, at)
    finish(conversation_id=talk.pk, at=at)
    other = make.present_agent(role="manager")
    for step in (watch, whisper, barge):
        with pytest.raises(Closed):
            step(talk, other, at)
    with pytest.raises(Closed):
        supervise.take_over(conversation_id=talk.pk, supervisor_id=other.pk, at=at)


def test_with_the_bot_there_is_nobody_to_whisper_to(lead: Agent, at: datetime) -> None:
    talk = make.conversation()
    watch(talk, lead, at)
    for step in (whisper, barge):
        with pytest.raises(CannotMove):
            step(talk, lead, at)

    supervise.take_over(conversation_id=talk.pk, supervisor_id=lead.pk, at=at)
    talk.refresh_from_db()
    assert (talk.state, talk.assignee) == ("assigned", lead)


# --- what others learn ------------------------------------------------------------------------


def test_a_silent_watch_leaves_an_empty_place_in_the_agent_s_log(
    talk: Conversation, lead: Agent, anna: Agent, at: datetime
) -> None:
    watch(talk, lead, at)

    theirs, ours = log_of(talk, anna), log_of(talk, lead)
    assert [line["offset"] for line in theirs] == list(range(1, len(theirs) + 1))
    assert theirs[-1]["kind"] == "hidden"
    assert (theirs[-1]["data"], theirs[-1]["actor"]) == ({}, {"kind": "system", "name": ""})
    assert "Mareike" not in str(theirs)
    assert "supervis" not in str(theirs)
    assert (ours[-1]["kind"], ours[-1]["actor"]["name"]) == ("supervision", "Mareike")
    assert supervision_for(anna, talk)["sessions"] == []
    assert len(supervision_for(lead, talk)["sessions"]) == 1


@pytest.mark.parametrize("place", ["agent", "queue", "team", "inbox", "everything"])
def test_the_rule_lets_the_agent_see_it(place: str, lead: Agent, anna: Agent, at: datetime) -> None:
    queue = make.queue()
    talk = make.waiting_conversation(queue=queue)
    with transaction.atomic():
        assign(hold(talk.pk), agent_id=anna.pk, at=at, how="claimed")
    talk.refresh_from_db()
    scopes: dict[str, dict[str, Any]] = {
        "agent": {"agent": anna},
        "queue": {"queue": queue},
        "inbox": {"inbox": talk.inbox},
        "everything": {},
    }
    if place == "team":
        queue.team = make_team(anna)
        queue.save()
        scopes["team"] = {"team": queue.team}
    Policy.objects.create(rule="monitor_visible", value=True, **scopes[place])

    watch(talk, lead, at)

    assert log_of(talk, anna)[-1]["data"]["step"] == "watch"
    assert supervision_for(anna, talk)["sessions"][0]["supervisor"]["name"] == "Mareike"


def make_team(*members: Agent) -> Any:
    from agents.models import Team

    team = Team.objects.create(name=f"Team {uuid.uuid4()}")
    team.members.set(members)
    return team


def test_a_whisper_is_for_the_agent_and_for_supervisors_only(
    talk: Conversation, lead: Agent, anna: Agent, at: datetime
) -> None:
    queue = make.queue()
    Conversation.objects.filter(pk=talk.pk).update(queue=queue)
    colleague = make.present_agent(queues=[queue])

    stored = whisper(talk, lead, at, "Offer @anna a refund of 20")

    assert (stored.seq, stored.offset) == (None, Conversation.objects.get(pk=talk.pk).offset)
    read = log_of(talk, anna)[-1]
    assert (read["note"], read["whisper"], read["author"]["name"]) == (True, True, "Mareike")
    assert log_of(talk, colleague)[-1]["kind"] == "hidden"
    assert "refund" not in str(log_of(talk, colleague))
    assert log_of(talk, make.agent(role="manager"))[-1]["text"] == "Offer @anna a refund of 20"
    assert "refund" not in str(shown_to_customer(talk))
    assert supervision_in(talk) == [("watch", False), ("whisper", True)]


def test_a_whisper_is_found_by_its_readers_only(
    talk: Conversation, lead: Agent, anna: Agent, at: datetime
) -> None:
    queue = make.queue()
    Conversation.objects.filter(pk=talk.pk).update(queue=queue)
    colleague = make.present_agent(queues=[queue])
    whisper(talk, lead, at, "zanzibar")
    index_new(at=at + timedelta(minutes=5))

    found = {
        reader.pk: len(Door(reader).get("search/?q=zanzibar")["results"])
        for reader in (lead, anna, colleague)
    }
    assert found == {lead.pk: 1, anna.pk: 1, colleague.pk: 0}


def test_whom_a_whisper_is_for_hears_of_it_wherever_they_are(
    talk: Conversation, lead: Agent, anna: Agent, at: datetime
) -> None:
    stored = whisper(talk, lead, at, "Offer a refund")

    attend([{"message": stored.message_id}], at=at)

    (notice,) = Notification.objects.all()
    assert (notice.agent, notice.kind) == (anna, "mention")
    assert notice.data == {
        "by": "Mareike", "text": "Offer a refund", "offset": stored.offset, "note": True, "whisper": True
    }  # fmt: skip


def test_a_whisper_names_nobody(talk: Conversation, lead: Agent, at: datetime) -> None:
    named = make.agent()
    stored = whisper(talk, lead, at, f"Ask @{named.username}")
    attend([{"message": stored.message_id}], at=at)

    assert not Mention.objects.exists()


def test_the_same_whisper_again_is_stored_once(
    talk: Conversation, lead: Agent, at: datetime
) -> None:
    key = uuid.uuid4()
    words: dict[str, Any] = {"client_id": key, "text": "Psst", "at": at}
    first = supervise.whisper(conversation_id=talk.pk, supervisor_id=lead.pk, **words)
    lines = Event.objects.filter(conversation=talk).count()
    again = supervise.whisper(conversation_id=talk.pk, supervisor_id=lead.pk, **words)

    assert (again.offset, again.repeated) == (first.offset, True)
    assert Event.objects.filter(conversation=talk).count() == lines


def test_a_whisper_stays_one_in_what_it_is_merged_into(
    talk: Conversation, lead: Agent, anna: Agent, at: datetime
) -> None:
    whisper(talk, lead, at, "Between us")
    target = make.conversation(customer=talk.customer, inbox=talk.inbox)
    other = make.present_agent(role="manager")
    with transaction.atomic():
        assign(hold(target.pk), agent_id=other.pk, at=at, how="claimed")
    merge(source_id=talk.pk, target_id=target.pk, agent_id=other.pk, at=at)

    copy = Message.objects.get(conversation=target, text="Between us")
    assert (copy.note, copy.whispered_to) == (True, anna)
    assert "Between us" not in str(log_of(target, make.present_agent()))


def test_barging_in_speaks_to_the_customer_and_leaves_it_whose_it_is(
    talk: Conversation, lead: Agent, anna: Agent, at: datetime
) -> None:
    stored = barge(talk, lead, at, "Let me help", client_id=uuid.uuid4())
    barge(talk, lead, at, "And more", client_id=uuid.uuid4())

    talk.refresh_from_db()
    assert (talk.state, talk.assignee) == ("assigned", anna)
    assert shown_to_customer(talk)[-3:] == [
        "Mareike has joined the conversation.",
        "Let me help",
        "And more",
    ]
    assert stored.seq is not None
    assert SupervisionSession.objects.get().mode == "barge"
    assert supervision_in(talk) == [("watch", False), ("barge", True)]
    assert supervision_for(anna, talk)["sessions"][0]["mode"] == "barge"


def test_a_barge_without_words_only_joins(talk: Conversation, lead: Agent, at: datetime) -> None:
    assert barge(talk, lead, at) is None
    assert shown_to_customer(talk)[-1] == "Mareike has joined the conversation."


def test_taking_over_makes_it_theirs_and_says_how(
    talk: Conversation, lead: Agent, anna: Agent, at: datetime
) -> None:
    lead.capacity = 1
    lead.save()
    mine = make.conversation()
    with transaction.atomic():
        assign(hold(mine.pk), agent_id=lead.pk, at=at, how="claimed")

    supervise.take_over(conversation_id=talk.pk, supervisor_id=lead.pk, at=at)
    supervise.take_over(conversation_id=talk.pk, supervisor_id=lead.pk, at=at)

    talk.refresh_from_db()
    assert talk.assignee == lead
    assert Assignment.objects.get(conversation=talk, ended_at=None).how == "took_over"
    assert not Assignment.objects.filter(agent=anna, ended_at=None).exists()
    session = SupervisionSession.objects.get()
    assert (session.ended, session.steps[-1]["step"]) == ("took_over", "take_over")
    line = Event.objects.filter(conversation=talk, kind="supervision").latest("offset")
    assert (line.data["from"], line.data["visible"]) == (str(anna.uuid), True)


def test_who_barged_in_and_takes_over_joins_once(
    talk: Conversation, lead: Agent, at: datetime
) -> None:
    barge(talk, lead, at)
    supervise.take_over(conversation_id=talk.pk, supervisor_id=lead.pk, at=at)

    assert shown_to_customer(talk).count("Mareike has joined the conversation.") == 1


# --- what ends by itself ----------------------------------------------------------------------


def test_sessions_end_when_the_supervisor_is_gone(
    talk: Conversation, lead: Agent, at: datetime
) -> None:
    watch(talk, lead, at)
    assert supervise.end_forgotten(at=at + timedelta(seconds=15)) == 0
    Presence.objects.filter(agent=lead).update(seen_at=at + timedelta(seconds=30))
    assert supervise.end_forgotten(at=at + timedelta(seconds=45)) == 0
    assert supervise.end_forgotten(at=at + timedelta(seconds=55)) == 1

    assert SupervisionSession.objects.get().ended == "left"


def test_sessions_of_somebody_without_a_console_end_too(talk: Conversation, at: datetime) -> None:
    lead = make.agent(role="manager")
    watch(talk, lead, at)
    assert supervise.end_forgotten(at=at + timedelta(seconds=25)) == 1


def test_sessions_end_with_the_conversation(talk: Conversation, lead: Agent, at: datetime) -> None:
    watch(talk, lead, at)
    finish(conversation_id=talk.pk, at=at)

    assert supervise.end_forgotten(at=at) == 1
    assert SupervisionSession.objects.get().ended == "over"


# --- over HTTP --------------------------------------------------------------------------------


def test_every_step_over_http(talk: Conversation, lead: Agent) -> None:
    door, base = Door(lead), f"conversations/{talk.uuid}/supervise/"

    assert door.post(f"{base}watch/")["sessions"][0]["mode"] == "silent"
    said = door.post(f"{base}whisper/", {"id": str(uuid.uuid4()), "text": "Psst"})
    assert (said["whisper"], said["seq"]) == (True, None)
    assert door.post(f"{base}barge/")["sessions"][0]["mode"] == "barge"
    assert door.post(f"{base}barge/", {"id": str(uuid.uuid4()), "text": "Hello"})["seq"] > 1
    assert door.post(f"{base}stop/")["sessions"] == []
    assert door.post(f"{base}take-over/")["assignee"]["name"] == "Mareike"
    sessions = door.get(base)
    assert [s["ended"] for s in sessions] == ["took_over", "stopped"]
    assert [s["step"] for s in sessions[1]["steps"]] == [
        "watch", "whisper", "barge", "barge", "stop",
    ]  # fmt: skip


def test_over_http_an_agent_is_refused_and_a_foreign_one_not_found(
    talk: Conversation, anna: Agent, lead: Agent
) -> None:
    for step in ("watch", "stop", "whisper", "barge", "take-over"):
        words = {"id": str(uuid.uuid4()), "text": "x"}
        status, answer = Door(anna).ask(
            "post", f"conversations/{talk.uuid}/supervise/{step}/", words
        )
        assert (status, answer["code"]) == (403, "not_allowed")
        missing = f"conversations/{uuid.uuid4()}/supervise/{step}/"
        assert Door(lead).ask("post", missing, words)[0] == 404
    assert Door(anna).ask("get", f"conversations/{talk.uuid}/supervise/")[0] == 403


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("whisper", {}),
        ("whisper", {"id": "x", "text": "y"}),
        ("whisper", {"id": str(uuid.uuid4()), "text": "   "}),
        ("whisper", {"id": str(uuid.uuid4()), "text": "y" * 4001}),
        ("barge", {"text": "without an id"}),
    ],
)
def test_bad_words_are_400(
    talk: Conversation, lead: Agent, step: str, words: dict[str, str]
) -> None:
    status, answer = Door(lead).ask("post", f"conversations/{talk.uuid}/supervise/{step}/", words)
    assert (status, bool(answer["detail"])) == (400, True)
    assert not SupervisionSession.objects.exists()
