"""Messages for later are said once or not at all, and drafts are kept, at their doors."""

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from agents.actions import scheduled as later
from agents.actions.assign import transfer
from agents.actions.drafts import forget_sent_drafts
from agents.actions.scheduled import Later, next_due, schedule, send_due
from agents.actions.wrap_up import resolve
from agents.models import Agent, SavedDraft, ScheduledMessage
from conversations.actions.post import post
from conversations.models import Conversation, Message
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def client_of(agent: Agent) -> APIClient:
    client = APIClient()
    client.force_authenticate(agent)
    return client


@pytest.fixture
def agent() -> Agent:
    return make.present_agent()


@pytest.fixture
def talk(agent: Agent) -> Conversation:
    return make.conversation(state="assigned", assignee=agent)


def door(talk: Conversation, what: str = "scheduled") -> str:
    return f"/api/v1/conversations/{talk.uuid}/{what}/"


def keep(talk: Conversation, agent: Agent, at: datetime, **words: Any) -> ScheduledMessage:
    usual: dict[str, Any] = {
        "client_id": uuid.uuid4(),
        "text": "See you tomorrow",
        "attachments": [],
        "send_at": at + timedelta(minutes=5),
    }
    return schedule(Later(**(usual | words)), conversation_id=talk.pk, agent_id=agent.pk, at=at)


def said(talk: Conversation) -> list[str]:
    return list(
        Message.objects.filter(conversation=talk, author_kind="agent").values_list(
            "text", flat=True
        )
    )


def outcome(kept: ScheduledMessage) -> tuple[str, str]:
    kept.refresh_from_db()
    return kept.state, kept.reason


# --- for later ---


def test_it_is_said_once_when_its_time_has_come(
    agent: Agent, talk: Conversation, at: datetime
) -> None:
    kept = keep(talk, agent, at)
    due = at + timedelta(minutes=5)

    assert next_due() == due
    assert send_due(at=due - timedelta(seconds=1)) == 0
    assert send_due(at=due) == 1
    assert send_due(at=due) == 0
    assert next_due() is None
    assert said(talk) == ["See you tomorrow"]
    assert Message.objects.get(author_kind="agent").client_id == kept.client_id
    assert outcome(kept) == ("sent", "")


def test_what_was_said_before_a_crash_is_not_said_again(
    agent: Agent, talk: Conversation, at: datetime
) -> None:
    kept = keep(talk, agent, at)
    send_due(at=kept.send_at)
    ScheduledMessage.objects.update(state="waiting", ended_at=None)

    assert send_due(at=kept.send_at) == 1
    assert said(talk) == ["See you tomorrow"]


def test_one_broken_message_stops_no_other(
    agent: Agent, talk: Conversation, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(talk, agent, at, text="bad")
    keep(talk, agent, at, text="good", send_at=at + timedelta(minutes=6))
    really = later._say

    def say(one: ScheduledMessage, *, at: datetime) -> None:
        if one.text == "bad":
            raise RuntimeError
        really(one, at=at)

    monkeypatch.setattr(later, "_say", say)

    assert send_due(at=at + timedelta(minutes=7)) == 1
    assert said(talk) == ["good"]
    assert ScheduledMessage.objects.filter(state="waiting").count() == 1


def test_who_no_longer_has_it_says_nothing_and_gets_the_words_back(
    agent: Agent, talk: Conversation, at: datetime
) -> None:
    other = make.present_agent()
    kept = keep(talk, agent, at)
    transfer(
        conversation_id=talk.pk, agent_id=agent.pk, kind="agent", target=other.uuid, note="", at=at
    )

    send_due(at=kept.send_at)

    assert outcome(kept) == ("failed", "not_allowed")
    assert said(talk) == []
    assert SavedDraft.objects.get(agent=agent).text == "See you tomorrow"


def test_a_closed_conversation_hears_nothing(
    agent: Agent, talk: Conversation, at: datetime
) -> None:
    kept = keep(talk, agent, at)
    resolve(conversation_id=talk.pk, agent_id=agent.pk, disposition="", note="", at=at)

    send_due(at=kept.send_at)

    assert (outcome(kept), said(talk)) == (("failed", "closed"), [])


def test_a_switched_off_account_says_nothing(
    agent: Agent, talk: Conversation, at: datetime
) -> None:
    kept = keep(talk, agent, at)
    Agent.objects.update(is_active=False)

    send_due(at=kept.send_at)

    assert (outcome(kept), said(talk)) == (("failed", "not_allowed"), [])


def test_unless_the_customer_writes(agent: Agent, talk: Conversation, at: datetime) -> None:
    post(make.draft(talk, "before", at=at))
    careful = keep(talk, agent, at, unless_customer_writes=True)
    anyway = keep(talk, agent, at, text="Anyway")
    post(make.draft(talk, "after", at=at))

    send_due(at=careful.send_at)

    assert outcome(careful) == ("failed", "customer_wrote")
    assert outcome(anyway) == ("sent", "")
    assert said(talk) == ["Anyway"]


def test_the_door_keeps_changes_and_takes_back(agent: Agent, talk: Conversation) -> None:
    client = client_of(agent)
    words = {"id": str(uuid.uuid4()), "text": "Hello", "send_in": 30}

    kept = client.post(door(talk), words, format="json")
    again = client.post(door(talk), words, format="json")

    assert (kept.status_code, again.json()["id"]) == (201, kept.json()["id"])
    path = f"/api/v1/scheduled/{kept.json()['id']}/"
    changed = client.patch(path, {"text": "Hello!"}, format="json")
    assert (changed.json()["text"], changed.json()["send_at"]) == (
        "Hello!", kept.json()["send_at"],
    )  # fmt: skip
    for listed in (door(talk), "/api/v1/scheduled/"):
        assert [one["text"] for one in client.get(listed).json()["results"]] == ["Hello!"]
    assert client.delete(path).json()["state"] == "cancelled"
    assert client.get(door(talk, "draft")).json()["own"]["text"] == "Hello!"
    assert (client.delete(path).status_code, client.delete(path).json()["code"]) == (
        409, "already_over",
    )  # fmt: skip
    assert client.patch(path, {"text": "x"}, format="json").status_code == 409
    assert client.get("/api/v1/scheduled/?state=cancelled").json()["results"] != []


def test_it_need_not_wait(agent: Agent, talk: Conversation) -> None:
    client = client_of(agent)
    words = {"id": str(uuid.uuid4()), "text": "Now", "send_at": "2099-01-01T00:00:00Z"}
    words["send_at"] = (timezone.now() + timedelta(days=3)).isoformat()
    kept = client.post(door(talk), words, format="json").json()

    sent = client.post(f"/api/v1/scheduled/{kept['id']}/send/")

    assert (sent.json()["state"], said(talk)) == ("sent", ["Now"])
    assert client.post(f"/api/v1/scheduled/{kept['id']}/send/").status_code == 409


@pytest.mark.parametrize(
    "words",
    [
        {}, {"text": "", "send_in": 5}, {"send_in": 0}, {"send_in": 61}, {"id": "x", "send_in": 5},
        {"send_in": 5, "send_at": "2026-12-01T00:00:00Z"}, {"send_at": "2001-01-01T00:00:00Z"},
        {"send_at": "2999-01-01T00:00:00Z"}, {"send_at": "soon"}, {"text": "x" * 4001, "send_in": 5},
        {"send_in": 5, "attachments": [str(uuid.uuid4())]},
    ],
)  # fmt: skip
def test_bad_words_are_400(agent: Agent, talk: Conversation, words: dict[str, Any]) -> None:
    body = {"id": str(uuid.uuid4()), "text": "Hello"} | words

    answer = client_of(agent).post(door(talk), body, format="json")

    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "detail", "fields"}
    assert not ScheduledMessage.objects.exists()


def test_only_who_has_it_may_and_only_their_own(
    agent: Agent, talk: Conversation, at: datetime
) -> None:
    stranger, manager = make.agent(), make.agent(role="manager")
    kept = keep(talk, agent, at)
    words = {"id": str(uuid.uuid4()), "text": "Hello", "send_in": 5}

    assert client_of(stranger).post(door(talk), words, format="json").status_code == 404
    assert client_of(manager).post(door(talk), words, format="json").status_code == 403
    theirs = f"/api/v1/scheduled/{kept.uuid}/"
    assert client_of(manager).delete(theirs).status_code == 404
    assert client_of(manager).patch(theirs, {"text": "x"}, format="json").status_code == 404
    assert client_of(stranger).get(door(talk)).status_code == 404
    assert APIClient().get("/api/v1/scheduled/").status_code == 401


def test_a_hundred_may_wait(
    agent: Agent, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "MOST_WAITING", 1)
    keep(talk, agent, datetime.now(UTC))
    words = {"id": str(uuid.uuid4()), "text": "Hello", "send_in": 5}

    answer = client_of(agent).post(door(talk), words, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_frame")


# --- drafts ---


def test_another_device_goes_on_with_a_draft(agent: Agent, talk: Conversation) -> None:
    client = client_of(agent)

    first = client.put(door(talk, "draft"), {"text": "Hel"}, format="json").json()
    second = client.put(
        door(talk, "draft"), {"text": "Hello", "version": first["draft"]["version"]}, format="json"
    ).json()
    blind = client.put(door(talk, "draft"), {"text": "Hi", "version": 1}, format="json").json()

    assert (first["replaced"], second["replaced"]) == (None, None)
    assert (blind["draft"]["version"], blind["replaced"]["text"]) == (3, "Hello")
    assert client.get(door(talk, "draft")).json()["own"]["text"] == "Hi"
    client.put(door(talk, "draft"), {"text": " "}, format="json")
    assert client.get(door(talk, "draft")).json() == {"own": None, "shared": None}


def test_a_shared_draft_is_one_for_all_who_see_the_conversation(
    agent: Agent, talk: Conversation
) -> None:
    manager, stranger = make.agent(role="manager"), make.agent()
    mine = {"text": "Mine"}
    ours = {"text": "Ours", "shared": True}
    client_of(agent).put(door(talk, "draft"), mine, format="json")
    client_of(agent).put(door(talk, "draft"), ours, format="json")
    client_of(manager).put(
        door(talk, "draft"), ours | {"text": "Ours, better", "version": 1}, format="json"
    )

    seen = client_of(agent).get(door(talk, "draft")).json()

    assert (seen["own"]["text"], seen["shared"]["text"]) == ("Mine", "Ours, better")
    assert seen["shared"]["by"]["id"] == str(manager.uuid)
    assert client_of(manager).get(door(talk, "draft")).json()["own"] is None
    assert client_of(stranger).get(door(talk, "draft")).status_code == 404
    assert client_of(stranger).put(door(talk, "draft"), mine, format="json").status_code == 404


def test_a_sent_draft_is_gone_and_another_stays(
    agent: Agent, talk: Conversation, at: datetime
) -> None:
    other = make.conversation(state="assigned", assignee=agent)
    for conversation in (talk, other):
        client_of(agent).put(door(conversation, "draft"), {"text": "Hel"}, format="json")
    SavedDraft.objects.update(updated_at=at)
    for conversation, text in ((talk, "Hello"), (other, "From a macro")):
        post(
            make.draft(
                conversation, text, author_kind="agent", agent_id=agent.pk,
                at=at + timedelta(seconds=1),
            )
        )  # fmt: skip

    assert forget_sent_drafts() == 1
    assert SavedDraft.objects.get().conversation == other


def test_what_comes_back_does_not_push_away_what_was_begun(
    agent: Agent, talk: Conversation, at: datetime
) -> None:
    kept = keep(talk, agent, at, text="First")
    client_of(agent).put(door(talk, "draft"), {"text": "Second"}, format="json")

    later.cancel(kept.uuid, agent_id=agent.pk, at=at)

    assert SavedDraft.objects.get().text == "First\n\nSecond"


@pytest.mark.parametrize(
    "words",
    [{}, {"text": None}, {"text": "x" * 4001}, {"text": "x", "version": -1},
     {"text": "x", "attachments": ["x"]}, {"text": "x", "attachments": [str(uuid.uuid4())]}, []],
)  # fmt: skip
def test_bad_drafts_are_400(agent: Agent, talk: Conversation, words: Any) -> None:
    answer = client_of(agent).put(door(talk, "draft"), words, format="json")

    assert answer.status_code == 400
    assert not SavedDraft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_clocks_at_once_say_it_once(at: datetime) -> None:
    agent = make.present_agent()
    talk = make.conversation(state="assigned", assignee=agent)
    kept = [keep(talk, agent, at, text=str(n)) for n in range(5)]

    def tick() -> None:
        try:
            send_due(at=kept[0].send_at)
        finally:
            connection.close()

    clocks = [threading.Thread(target=tick) for _ in range(4)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    send_due(at=kept[0].send_at)

    assert sorted(said(talk)) == ["0", "1", "2", "3", "4"]
    assert ScheduledMessage.objects.filter(state="sent").count() == 5
