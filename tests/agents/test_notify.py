"""Who is told of what, how often, and for how long it is kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.actions.assign import claim, transfer
from agents.actions.attend import attend
from agents.actions.notify import forget_old, notify
from agents.actions.pausing import snooze
from agents.actions.sweep import run_due
from agents.models import Agent, Notification
from agents.socket.gathering import Gatherer, Newest
from conversations import live
from conversations.actions.customer import finish, wake
from conversations.actions.post import post
from conversations.models import Conversation
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def talk(at: datetime) -> Conversation:
    queue = make.queue(is_default=True)
    agent = make.present_agent(queues=[queue])
    found = make.conversation(queue=queue)
    claim(conversation_id=found.pk, agent_id=agent.pk, at=at)
    return Conversation.objects.select_related("customer", "assignee").get(pk=found.pk)


def holder(talk: Conversation) -> Agent:
    assert talk.assignee
    return talk.assignee


def moved(talk: Conversation, was: str, state: str, *, at: datetime) -> None:
    attend([{"conversation": talk.pk, "was": was, "state": state}], at=at)


def kinds() -> list[tuple[str, str]]:
    return list(Notification.objects.order_by("pk").values_list("agent__username", "kind"))


def test_what_repeats_itself_grows_until_it_was_read(talk: Conversation, at: datetime) -> None:
    for n in range(3):
        stored = post(make.draft(talk, f"Words {n}"))
        attend([{"message": stored.message_id}], at=at + timedelta(seconds=n))

    one = Notification.objects.get()
    assert (one.kind, one.data["count"], one.data["text"]) == ("new_message", 3, "Words 2")
    answer = Door(holder(talk)).post("me/notifications/read/", {"ids": [str(one.uuid)]})
    assert answer == {"unread": 0}
    stored = post(make.draft(talk, "Again"))
    attend([{"message": stored.message_id}], at=at)
    assert Notification.objects.count() == 2


def test_of_several_messages_at_once_the_newest_is_told(talk: Conversation, at: datetime) -> None:
    stored = [post(make.draft(talk, f"Words {n}")) for n in range(3)]

    attend([{"message": one.message_id} for one in stored], at=at)

    assert [n.data["text"] for n in Notification.objects.all()] == ["Words 2"]


def test_many_conversations_cost_no_more_statements_than_one(
    at: datetime,
) -> None:
    queue = make.queue(is_default=True)
    facts = []
    for _ in range(8):
        agent = make.present_agent(queues=[queue])
        talk = make.conversation(queue=queue)
        claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
        facts.append({"message": post(make.draft(talk)).message_id})
    attend(facts[:4], at=at)  # four of them are unread already
    with CaptureQueriesContext(connection) as one:
        attend([facts[0]], at=at)

    with CaptureQueriesContext(connection) as eight:
        attend(facts, at=at)

    assert len(eight) <= len(one) + 3  # the four that are new are stored
    counts = Notification.objects.order_by("pk").values_list("kind", "data__count")
    assert list(counts) == [
        ("new_message", 3),
        *[("new_message", 2)] * 3,
        *[("new_message", None)] * 4,
    ]


def test_whoever_is_looking_is_not_told(talk: Conversation, at: datetime) -> None:
    stored = post(make.draft(talk))
    Conversation.objects.filter(pk=talk.pk).update(agent_read_seq=stored.seq)

    attend([{"message": stored.message_id}], at=at)

    assert kinds() == []


def test_taking_it_oneself_is_no_news_and_being_given_it_is(
    talk: Conversation, at: datetime
) -> None:
    other = make.present_agent(username="other")
    moved(talk, "queued", "assigned", at=at)
    assert kinds() == []

    transfer(
        conversation_id=talk.pk,
        agent_id=holder(talk).pk,
        kind="agent",
        target=other.uuid,
        note="",
        at=at,
    )
    moved(talk, "assigned", "assigned", at=at)
    moved(talk, "on_hold", "assigned", at=at)  # back from hold is no news

    assert kinds() == [("other", "transferred")]
    assert Notification.objects.get().data["by"] == holder(talk).shown_name


def test_a_reopened_conversation_is_told_to_who_had_it(talk: Conversation, at: datetime) -> None:
    transferred = make.present_agent(username="last")
    transfer(
        conversation_id=talk.pk,
        agent_id=holder(talk).pk,
        kind="agent",
        target=transferred.uuid,
        note="",
        at=at,
    )
    finish(conversation_id=talk.pk, at=at)
    transferred.assignments.update(ended_at=at)
    wake(conversation_id=talk.pk, at=at)

    moved(talk, "resolved", "bot", at=at)

    assert kinds() == [("last", "reopened")]


def test_a_nap_that_ends_by_the_clock_is_told(at: datetime) -> None:
    agent = make.present_agent(queues=[queue := make.queue()], at=at)
    talk = make.waiting_conversation(queue=queue)
    of: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": agent.pk, "at": at}
    claim(**of)
    news = {"conversation": talk.pk, "state": "assigned", "was": "snoozed"}
    snooze(**of, until=at + timedelta(seconds=5))
    wake(conversation_id=talk.pk, at=at)  # the customer: they hear of what was written
    attend([news], at=at)
    assert not Notification.objects.exists()
    snooze(**of, until=at + timedelta(seconds=5))
    run_due(at=at + timedelta(seconds=5))
    attend([news], at=at + timedelta(seconds=6))

    told = Notification.objects.get()
    assert (told.agent, told.kind, told.data["by"]) == (agent, "reopened", "clock")


def test_only_the_newest_are_kept_and_not_for_ever(talk: Conversation, at: datetime) -> None:
    agent = holder(talk)
    Notification.objects.bulk_create(
        Notification(
            agent=agent, kind="sla", conversation=talk, created_at=at - timedelta(days=1, seconds=n)
        )
        for n in range(320)
    )

    notify(agent_ids=[agent.pk], kind="sla", conversation=talk, data={}, at=at)

    assert Notification.objects.count() == 300
    assert forget_old(at=at + timedelta(days=29, hours=1)) == 299
    assert Notification.objects.get().created_at == at


def test_it_is_pushed_as_the_agent_wants_to_be_told(
    talk: Conversation,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    agent = holder(talk)
    said: list[Any] = []
    monkeypatch.setattr(live, "announce", said.extend)
    door = Door(agent)
    rule = {"kind": "sla", "desktop": True, "sound": False, "email": True}
    status, answer = door.ask("put", "me/notification-rules/", {"rules": [rule]})
    assert (status, len(answer["rules"])) == (200, 9)
    assert rule in answer["rules"]

    with django_capture_on_commit_callbacks(execute=True):
        notify(agent_ids=[agent.pk], kind="sla", conversation=talk, data={"in": 60}, at=at)

    (push,) = said
    frame = push.frame
    assert push.rooms == (live.agent_room(agent.pk),)
    assert (frame["type"], frame["kind"], frame["desktop"], frame["sound"], frame["unread"]) == (
        "notification",
        "sla",
        True,
        False,
        1,
    )
    assert door.get("me/notifications/?unread=true")["unread"] == 1
    assert door.post("me/notifications/read-all/") == {"unread": 0}
    assert door.get("me/notifications/?unread=true")["results"] == []
    assert door.ask("put", "me/notification-rules/", {"rules": [{"kind": "moon"}]})[0] == 400
    assert door.ask("post", "me/notifications/read/", {"ids": ["x"]})[0] == 400


def test_notifications_are_their_agent_s_alone(talk: Conversation, at: datetime) -> None:
    agent, other = holder(talk), make.agent()
    notify(agent_ids=[agent.pk], kind="sla", conversation=talk, data={}, at=at)
    key = str(Notification.objects.get().uuid)

    assert Door(other).get("me/notifications/")["results"] == []
    Door(other).post("me/notifications/read/", {"ids": [key]})
    assert Door(agent).get("me/notifications/")["unread"] == 1


def test_news_are_gathered_into_one_task() -> None:
    handed: list[Any] = []
    gatherer = Gatherer(handed.append, seconds=60, most=3)

    gatherer.add([{"a": 1}])
    gatherer.add([{"b": 2}, {"c": 3}, {"d": 4}])
    gatherer.add([{"e": 5}])
    gatherer.flush()
    gatherer.flush()

    assert handed == [[{"a": 1}, {"b": 2}, {"c": 3}]]


def test_of_a_subject_only_the_newest_is_told_and_then_not_again_for_a_while() -> None:
    handed: list[Any] = []
    now = [100.0]
    newest = Newest(handed.append, seconds=60, rest=5, most=2, clock=lambda: now[0])

    newest.add({7: {"line": 1}, 8: {"line": 1}})
    newest.add({7: {"line": 2}, 9: {"dropped": True}})
    newest.flush()
    newest.add({7: {"line": 3}})
    newest.add({7: {"line": 4}, 9: {"line": 1}})
    newest.flush()
    now[0] += 5
    newest.flush()
    newest.flush()

    assert handed == [[{"line": 2}, {"line": 1}], [{"line": 1}], [{"line": 4}]]
