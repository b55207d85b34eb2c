"""Canned replies, macros and bulk actions at their doors."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from agents.models import Agent, CannedReply, Macro, Team
from conversations.models import Conversation, Event, Message
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

REPLIES, MACROS, BULK = "/api/v1/replies/", "/api/v1/macros/", "/api/v1/conversations/bulk/"
HELLO = {"shortcut": "hello", "title": "Hello", "texts": {"en": "Hi {{customer.name|there}}"}}


def client_of(agent: Agent) -> APIClient:
    client = APIClient()
    client.force_authenticate(agent)
    return client


@pytest.fixture
def manager() -> Agent:
    return make.agent(role="manager")


@pytest.fixture
def agent() -> Agent:
    return make.agent(first_name="Bea")


@pytest.fixture
def talk(agent: Agent) -> Conversation:
    customer = make.customer(name="Ann Lee", attributes={"tier": "Gold"})
    return make.conversation(state="assigned", assignee=agent, customer=customer)


def reply_of(who: Agent, **words: Any) -> dict[str, Any]:
    answer = client_of(who).post(REPLIES, HELLO | words, format="json")
    assert answer.status_code == 201, answer.json()
    made: dict[str, Any] = answer.json()
    return made


# --- canned replies ---


def test_a_reply_is_filled_in_and_counted(agent: Agent, talk: Conversation) -> None:
    texts = {
        "en": "{{customer.first_name}}, {{customer.attributes.tier}}, {{agent.name}}: {{queue.name}}",
        "zh": "{{customer.name}}你好",
    }
    reply = reply_of(agent, texts=texts)
    path = f"{REPLIES}{reply['id']}/render/"

    english = client_of(agent).post(path, {"conversation": str(talk.uuid)}, format="json")
    chinese = client_of(agent).post(
        path, {"conversation": str(talk.uuid), "language": "zh-Hans"}, format="json"
    )

    assert english.json() == {
        "language": "en", "text": "Ann, Gold, Bea: ", "unknown": [], "missing": ["queue.name"],
        "too_long": False,
    }  # fmt: skip
    assert (chinese.json()["language"], chinese.json()["text"]) == ("zh", "Ann Lee你好")
    assert CannedReply.objects.get().uses == 2


def test_a_text_is_tried_before_it_is_saved(agent: Agent, talk: Conversation) -> None:
    words = {"conversation": str(talk.uuid), "text": "{{nobody}} {{customer.phone}}"}

    answer = client_of(agent).post(f"{REPLIES}preview/", words, format="json").json()

    assert (answer["unknown"], answer["missing"]) == (["nobody"], ["customer.phone"])


def test_the_best_reply_comes_first(agent: Agent) -> None:
    reply_of(agent, shortcut="re", title="Short", texts={"en": "x"})
    reply_of(agent, shortcut="refund", title="Money back", texts={"zh": "退款"})
    reply_of(agent, shortcut="a", title="Return a parcel", tags=["post"])
    reply_of(agent, shortcut="b", title="Other", texts={"en": "about a return"})
    reply_of(agent, shortcut="off", title="re", active_until="2020-01-01T00:00:00Z")

    def found(query: str) -> list[str]:
        results = client_of(agent).get(REPLIES, {"q": query}).json()["results"]
        return [reply["shortcut"] for reply in results]

    assert found("/re") == ["re", "refund", "a", "b"]
    assert found("退款") == ["refund"]
    assert found("post parcel") == ["a"]
    assert len(client_of(agent).get(REPLIES).json()["results"]) == 5


def test_who_sees_and_writes_which_reply(manager: Agent, agent: Agent, talk: Conversation) -> None:
    other = make.agent()
    team = Team.objects.create(name="Night")
    team.members.add(other)
    mine = reply_of(agent)
    teams = reply_of(other, shortcut="team", scope="team", team=str(team.uuid))
    here = reply_of(manager, shortcut="here", scope="inbox", inbox=talk.inbox.key)
    there = reply_of(manager, shortcut="there", scope="inbox", inbox=make.inbox().key)
    everybodys = reply_of(manager, scope="everybody")

    def seen(who: Agent, **words: Any) -> set[str]:
        return {r["id"] for r in client_of(who).get(REPLIES, words).json()["results"]}

    def change(who: Agent, reply: dict[str, Any]) -> int:
        path = f"{REPLIES}{reply['id']}/"
        return client_of(who).patch(path, {"title": "x"}, format="json").status_code

    assert seen(agent, conversation=str(talk.uuid)) == {mine["id"], here["id"], everybodys["id"]}
    assert seen(other) == {teams["id"], here["id"], there["id"], everybodys["id"]}
    assert [change(agent, r) for r in (mine, teams, here, everybodys)] == [200, 404, 403, 403]
    assert [change(other, r) for r in (mine, teams)] == [404, 200]
    assert [change(manager, r) for r in (mine, here, everybodys)] == [404, 200, 200]
    assert client_of(agent).delete(f"{REPLIES}{everybodys['id']}/").status_code == 403
    assert client_of(agent).delete(f"{REPLIES}{mine['id']}/").status_code == 204
    shared = client_of(agent).post(REPLIES, HELLO | {"scope": "everybody"}, format="json")
    assert shared.status_code == 403


@pytest.mark.parametrize(
    "words",
    [
        {"shortcut": ""}, {"shortcut": "a b"}, {"shortcut": "x" * 41}, {"title": ""},
        {"texts": {}}, {"texts": "Hi"}, {"texts": {"English!": "Hi"}}, {"texts": {"en": ""}},
        {"texts": {"en": "x" * 4001}}, {"texts": {"en": "{{customer.nam}}"}}, {"tags": "a"},
        {"scope": "team"}, {"scope": "inbox"}, {"scope": "galaxy"}, {"inbox": "nowhere"},
        {"active_from": "2026-05-04T12:00:00Z", "active_until": "2026-05-04T11:00:00Z"},
    ],
)  # fmt: skip
def test_bad_replies_are_400(manager: Agent, words: dict[str, Any]) -> None:
    answer = client_of(manager).post(REPLIES, HELLO | words, format="json")

    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "detail", "fields"}


def test_a_shortcut_is_there_once_in_its_scope(manager: Agent, agent: Agent) -> None:
    reply_of(agent)
    reply_of(manager)

    twice = client_of(agent).post(REPLIES, HELLO | {"shortcut": "HELLO"}, format="json")

    assert twice.status_code == 400


# --- macros ---

STEPS: list[dict[str, Any]] = [
    {"do": "add_labels", "labels": ["vip"]},
    {"do": "set_priority", "priority": 2},
    {"do": "reply", "text": "Hi {{customer.name}}"},
    {"do": "note", "text": "done by macro"},
    {"do": "resolve", "disposition": "solved"},
]


def macro_of(who: Agent, steps: list[dict[str, Any]] = STEPS, **words: Any) -> str:
    answer = client_of(who).post(MACROS, {"name": "All", "actions": steps} | words, format="json")
    assert answer.status_code == 201, answer.json()
    return f"{MACROS}{answer.json()['id']}/run/"


def test_a_macro_does_everything_once_and_says_so(agent: Agent, talk: Conversation) -> None:
    run = macro_of(agent)
    words = {"conversation": str(talk.uuid), "id": str(uuid.uuid4())}

    first = client_of(agent).post(run, words, format="json")
    again = client_of(agent).post(run, words, format="json")

    assert first.status_code == again.status_code == 200, first.json()
    assert [step["do"] for step in first.json()["steps"]] == [step["do"] for step in STEPS]
    assert first.json()["steps"][2]["text"] == "Hi Ann Lee"
    talk.refresh_from_db()
    assert (talk.labels, talk.priority, talk.state) == (["vip"], 2, "resolved")
    kinds = [e.kind for e in Event.objects.filter(conversation=talk)]
    assert kinds.count("macro") == kinds.count("resolved") == 1
    said = Message.objects.filter(conversation=talk, author_kind="agent")
    assert [(m.text, m.note) for m in said] == [("Hi Ann Lee", False), ("done by macro", True)]
    assert Macro.objects.get().uses == 1


def test_all_or_nothing(agent: Agent, talk: Conversation) -> None:
    run = macro_of(agent, [STEPS[0], STEPS[3], {"do": "assign", "to": {"agent": str(agent.uuid)}},
                           {"do": "reply", "text": "{{customer.phone}}"}])  # fmt: skip

    answer = client_of(agent).post(run, {"conversation": str(talk.uuid)}, format="json")

    assert answer.status_code == 400
    assert answer.json()["detail"] == (
        "Step 4, reply to the customer: There is no value for customer.phone."
    )
    talk.refresh_from_db()
    assert (talk.labels, talk.offset) == ([], 1)
    assert not Message.objects.filter(conversation=talk).exists()


def test_a_rehearsal_changes_nothing(
    agent: Agent, talk: Conversation, django_capture_on_commit_callbacks: Any
) -> None:
    run = macro_of(agent)
    words = {"conversation": str(talk.uuid), "dry_run": True}

    with django_capture_on_commit_callbacks() as told:
        answer = client_of(agent).post(run, words, format="json").json()

    assert (answer["conversation"]["state"], answer["refused"]) == ("resolved", None)
    assert [step["says"] for step in answer["steps"]][:2] == [
        "add the labels vip", "set the priority to 2",
    ]  # fmt: skip
    talk.refresh_from_db()
    assert (talk.state, talk.offset, told) == ("assigned", 1, [])


def test_a_rehearsal_says_what_would_be_refused(agent: Agent) -> None:
    queue = make.queue()
    queue.members.add(agent)
    talk = make.waiting_conversation(queue=queue)
    run = macro_of(agent)

    answer = client_of(agent).post(
        run, {"conversation": str(talk.uuid), "dry_run": True}, format="json"
    )

    assert answer.json()["refused"] == {
        "step": 2, "says": "reply to the customer", "code": "not_allowed",
        "detail": "Nobody has this conversation: take it first.",
    }  # fmt: skip


def test_a_macro_may_no_more_than_its_agent(agent: Agent, talk: Conversation) -> None:
    stranger = make.agent()
    run = macro_of(stranger)

    assert (
        client_of(stranger).post(run, {"conversation": str(talk.uuid)}, format="json").status_code
        == 404
    )


def test_who_sees_and_writes_which_macro(manager: Agent, agent: Agent) -> None:
    other = make.agent()
    mine = macro_of(agent).removesuffix("run/")
    everybodys = macro_of(manager, personal=False).removesuffix("run/")

    assert client_of(other).get(mine).status_code == 404
    assert client_of(other).get(everybodys).status_code == 200
    assert client_of(other).patch(everybodys, {"name": "x"}, format="json").status_code == 403
    assert client_of(other).delete(everybodys).status_code == 403
    words = {"name": "x", "actions": STEPS, "personal": False}
    assert client_of(agent).post(MACROS, words, format="json").status_code == 403
    assert client_of(agent).delete(mine).status_code == 204


@pytest.mark.parametrize(
    "actions",
    [
        [], {}, "x", [[]], [{"do": "sing"}], [{"do": ["x"]}], [{"do": "read"}],
        [{"do": "add_labels", "labels": []}], [{"do": "set_priority", "priority": 9}],
        [{"do": "assign", "to": {}}], [{"do": "assign", "to": {"me": True, "bot": True}}],
        [{"do": "assign", "to": "me"}], [{"do": "reply"}], [{"do": "reply", "text": "{{x}}"}],
        [{"do": "reply", "reply": "x"}], [{"do": "snooze", "minutes": 0}],
        [{"do": "note", "text": ""}], [{"do": "note", "text": "x"}] * 21,
        [{"do": "set_attribute", "key": ""}],
    ],
)  # fmt: skip
def test_bad_macros_are_400(agent: Agent, actions: Any) -> None:
    answer = client_of(agent).post(MACROS, {"name": "x", "actions": actions}, format="json")

    assert answer.status_code == 400
    assert "actions" in answer.json()["fields"]


# --- bulk ---


def test_each_row_stands_alone(agent: Agent, talk: Conversation) -> None:
    queue = make.queue()
    queue.members.add(agent)
    waiting = make.waiting_conversation(queue=queue)
    foreign = make.conversation()
    rows = [str(c.uuid) for c in (talk, waiting, foreign)]
    words = {"conversations": rows, "action": {"do": "snooze", "minutes": 30}}

    answer = client_of(agent).post(BULK, words, format="json").json()

    assert answer["done"] == 1
    assert [(row["conversation"], row["code"]) for row in answer["results"]] == [
        (rows[0], ""), (rows[1], "not_allowed"), (rows[2], "not_found"),
    ]  # fmt: skip
    talk.refresh_from_db()
    assert talk.state == "snoozed"
    assert talk.snoozed_until is not None
    assert talk.snoozed_until > timezone.now() + timedelta(minutes=29)


@pytest.mark.parametrize(
    ("action", "changed"),
    [
        ({"do": "add_labels", "labels": ["a", "b"]}, {"labels": ["old", "a", "b"]}),
        ({"do": "remove_labels", "labels": ["old"]}, {"labels": []}),
        ({"do": "set_priority", "priority": -1}, {"priority": -1}),
        ({"do": "assign", "to": {"bot": True}}, {"state": "bot", "assignee": None}),
        ({"do": "resolve"}, {"state": "resolved"}),
        ({"do": "read"}, {"agent_read_seq": 1}),
        ({"do": "reply", "text": "Bye"}, {"preview": "Bye"}),
    ],
)
def test_every_verb(agent: Agent, action: dict[str, Any], changed: dict[str, Any]) -> None:
    talk = make.conversation(state="assigned", assignee=agent, labels=["old"])
    Message.objects.create(
        conversation=talk, seq=1, offset=2, author_kind="customer", text="x", created_at=make.NOON
    )
    Conversation.objects.filter(pk=talk.pk).update(seq=1, offset=2)
    words = {"conversations": [str(talk.uuid)], "action": action}

    answer = client_of(agent).post(BULK, words, format="json").json()

    assert answer["results"][0]["detail"] == ""
    talk.refresh_from_db()
    assert {name: getattr(talk, name) for name in changed} == changed


def test_mute_and_transfer(agent: Agent, talk: Conversation) -> None:
    queue = make.queue()
    for action in ({"do": "mute"}, {"do": "assign", "to": {"queue": str(queue.uuid)}}):
        words = {"conversations": [str(talk.uuid)], "action": action}
        assert client_of(agent).post(BULK, words, format="json").json()["done"] == 1
    talk.refresh_from_db()
    assert (talk.muted_at is None, talk.state, talk.queue) == (False, "queued", queue)


@pytest.mark.parametrize(
    "words",
    [
        {}, {"conversations": [], "action": {"do": "mute"}},
        {"conversations": ["x"], "action": {"do": "mute"}},
        {"conversations": [str(uuid.uuid4())] * 101, "action": {"do": "mute"}},
        {"conversations": [str(uuid.uuid4())], "action": {"do": "sing"}},
        {"conversations": [str(uuid.uuid4())], "action": []},
    ],
)  # fmt: skip
def test_bad_bulk_words_are_400(agent: Agent, words: dict[str, Any]) -> None:
    assert client_of(agent).post(BULK, words, format="json").status_code == 400


def test_a_hundred_at_once(agent: Agent, at: datetime) -> None:
    queue = make.queue()
    queue.members.add(agent)
    rows = [str(make.waiting_conversation(queue=queue).uuid) for _ in range(100)]
    words = {"conversations": rows, "action": {"do": "set_priority", "priority": 1}}

    answer = client_of(agent).post(BULK, words, format="json").json()

    assert answer["done"] == 100


def test_strangers_are_not_let_in() -> None:
    for path in (REPLIES, MACROS):
        assert APIClient().get(path).status_code == 401
    assert APIClient().post(BULK, {}, format="json").status_code == 401
