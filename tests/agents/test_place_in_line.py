"""The place in line and the wait are two things: who was served and waits again keeps the one only."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from agents.actions.assign import claim, transfer
from agents.actions.case import merge
from agents.actions.losing import give_back
from agents.actions.pausing import snooze
from agents.actions.sweep import run_due, sweep
from agents.models import Policy, Presence, Queue
from conversations.actions.customer import finish, wake
from conversations.actions.post import store
from conversations.models import Conversation, Event
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def after(at: datetime, seconds: float) -> datetime:
    return at + timedelta(seconds=seconds)


def fresh(talk: Conversation) -> Conversation:
    return Conversation.objects.get(pk=talk.pk)


def line(queue: Queue) -> list[int]:
    waiting = Conversation.objects.queued().filter(queue=queue).in_turn()
    return list(waiting.values_list("pk", flat=True))


def test_who_loses_their_agent_is_first_again_and_their_wait_begins_anew(at: datetime) -> None:
    queue = make.queue()
    agent = make.present_agent(queues=[queue])
    talk = make.waiting_conversation(queue=queue, at=at)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=after(at, 30))
    later = make.waiting_conversation(queue=queue, at=after(at, 600))

    give_back(conversation_id=talk.pk, agent_id=agent.pk, at=after(at, 2000))
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=after(at, 2010))

    assert [e.data["wait_seconds"] for e in Event.objects.filter(kind="assigned")] == [30, 10]
    give_back(conversation_id=talk.pk, agent_id=agent.pk, at=after(at, 2020))
    assert line(queue) == [talk.pk, later.pk]


def test_a_long_talk_is_no_long_wait(at: datetime) -> None:
    """Nobody is sent away for having waited while somebody served them."""
    queue = make.queue()
    Policy.objects.create(rule="max_wait", value={"after": 900, "do": "abandon"})
    Policy.objects.create(rule="waiting_messages", value=[{"after": 60, "text": "Soon."}])
    agent = make.present_agent(queues=[queue])
    talk = make.waiting_conversation(queue=queue, at=at)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    give_back(conversation_id=talk.pk, agent_id=agent.pk, at=after(at, 3600))

    assert fresh(talk).due_at == after(at, 3660)
    run_due(at=after(at, 3660))
    assert fresh(talk).state == "queued"
    run_due(at=after(at, 3600 + 900))

    assert fresh(talk).state == "abandoned"


def test_passing_it_on_costs_nobody_their_place(at: datetime) -> None:
    queue, other = make.queue(), make.queue()
    agent, chief = make.present_agent(queues=[queue]), make.agent(role="manager")
    there = make.waiting_conversation(queue=other, at=after(at, 100))
    served = make.waiting_conversation(queue=queue, at=at)
    waits = make.waiting_conversation(queue=queue, at=after(at, 50))
    claim(conversation_id=served.pk, agent_id=agent.pk, at=after(at, 60))
    to: dict[str, Any] = {"kind": "queue", "target": other.uuid, "note": "", "at": after(at, 300)}

    transfer(conversation_id=served.pk, agent_id=agent.pk, **to)
    transfer(conversation_id=waits.pk, agent_id=chief.pk, **to)

    assert line(other) == [served.pk, waits.pk, there.pk]
    assert (fresh(served).queued_at, fresh(waits).queued_at) == (after(at, 300), after(at, 50))


def test_long_asleep_is_no_reason_to_come_first(at: datetime) -> None:
    queue = make.queue()
    agent = make.present_agent(queues=[queue])
    talk = make.waiting_conversation(queue=queue, at=at)
    who: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": agent.pk}
    claim(**who, at=at)
    snooze(**who, until=after(at, 7200), at=after(at, 10))
    there = make.waiting_conversation(queue=queue, at=after(at, 7000))
    run_due(at=after(at, 7200))  # the agent has left long ago

    assert line(queue) == [there.pk, talk.pk]


def test_what_is_over_keeps_no_place(at: datetime) -> None:
    queue = make.queue()
    talk = make.waiting_conversation(queue=queue, at=at, place_from=at)

    finish(conversation_id=talk.pk, at=after(at, 10))

    assert fresh(talk).place_from is None


def test_who_says_that_they_are_gone_keeps_nobody_waiting(at: datetime) -> None:
    """Their console may still be open; whoever waits for their answer is somebody else's."""
    queue = make.queue()
    agent = make.present_agent(queues=[queue])
    asks, answered = (make.waiting_conversation(queue=queue, at=at) for _ in range(2))
    for talk in (asks, answered):
        claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    words: dict[str, Any] = {"author_kind": "agent", "agent_id": agent.pk, "at": at}
    store([make.draft(answered, "Here you are.", **words)])
    Presence.objects.update(status="offline", since=at)

    for seconds in (10, 20, 21):
        Presence.objects.update(seen_at=after(at, seconds))
        sweep(at=after(at, seconds))
        expected = "queued" if seconds == 21 else "assigned"
        assert fresh(asks).state == expected, seconds
    assert fresh(answered).state == "assigned"
    store([make.draft(answered, "One more thing", at=after(at, 30))])
    Presence.objects.update(seen_at=after(at, 51))
    sweep(at=after(at, 51))

    assert fresh(answered).state == "queued"


def test_it_sleeps_until_the_customer_writes_if_no_time_is_named(at: datetime) -> None:
    agent = make.present_agent(queues=[queue := make.queue()])
    talk = make.waiting_conversation(queue=queue, at=at)
    who: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": agent.pk}
    claim(**who, at=at)
    snooze(**who, until=None, at=after(at, 5))

    assert (fresh(talk).state, fresh(talk).snoozed_until, fresh(talk).due_at) == (
        "snoozed", None, None,
    )  # fmt: skip
    sweep(at=after(at, 15))
    assert fresh(talk).state == "snoozed"
    wake(conversation_id=talk.pk, at=after(at, 16))

    assert fresh(talk).state == "assigned"
    assert Event.objects.get(conversation=talk, kind="woken").actor_kind == "customer"


def test_the_log_says_who_woke_it(at: datetime) -> None:
    agent = make.present_agent(queues=[queue := make.queue()])
    talk = make.waiting_conversation(queue=queue, at=at)
    who: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": agent.pk}
    claim(**who, at=at)
    snooze(**who, until=after(at, 10), at=at)
    run_due(at=after(at, 10))

    assert fresh(talk).state == "assigned"
    assert Event.objects.get(conversation=talk, kind="woken").actor_kind == "system"


def test_who_waited_in_what_was_merged_keeps_the_better_place(at: datetime) -> None:
    queue, known, chief = make.queue(), make.customer(), make.agent(role="manager")
    early = make.waiting_conversation(queue=queue, customer=known, at=at)
    other = make.waiting_conversation(queue=queue, at=after(at, 60))
    late = make.waiting_conversation(queue=queue, customer=known, at=after(at, 120))

    merge(source_id=early.pk, target_id=late.pk, agent_id=chief.pk, at=after(at, 130))

    assert line(queue) == [late.pk, other.pk]
