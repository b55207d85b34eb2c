"""What customers live through while they wait: words, other queues, limits, hours, an end."""

import threading
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection

from agents.actions import desk
from agents.actions.assign import claim, transfer
from agents.actions.labelling import label
from agents.actions.route import route_waiting
from agents.actions.sweep import next_due, run_due
from agents.models import Offer, OpeningHours, Policy, Queue, Schedule
from conversations.actions.customer import ask_for_a_person, finish
from conversations.actions.log import append
from conversations.actions.post import store
from conversations.models import Conversation, Event, Handoff, Message
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def rule(name: str, value: Any, **place: Any) -> Policy:
    policy = Policy(rule=name, value=value, **place)
    policy.full_clean()
    policy.save()
    return policy


def waiting(at: datetime, *, language: str = "en", queue: Queue | None = None) -> Conversation:
    """Somebody who asked for a person just now."""
    talk = make.conversation(at=at, language=language)
    if queue is not None:
        queue.inboxes.add(talk.inbox)
    ask_for_a_person(conversation_id=talk.pk, at=at)
    return fresh(talk)


def fresh(talk: Conversation) -> Conversation:
    return Conversation.objects.select_related("queue").get(pk=talk.pk)


def words(talk: Conversation) -> list[str]:
    return list(Message.objects.filter(conversation=talk).values_list("text", flat=True))


def lines(talk: Conversation) -> list[str]:
    events = Event.objects.filter(conversation=talk).exclude(kind="message")
    return list(events.values_list("kind", flat=True))


def after(at: datetime, seconds: float) -> datetime:
    return at + timedelta(seconds=seconds)


def test_waiting_messages_are_said_once_each_at_their_moment(at: datetime) -> None:
    rule(
        "waiting_messages",
        [
            {"after": 60, "text": {"en": "Still here.", "zh": "请稍等。"}},
            {"after": 120, "text": "Soon."},
        ],
    )
    talk = waiting(at, language="zh")

    assert talk.due_at == after(at, 60)
    assert next_due() == after(at, 60)
    assert run_due(at=after(at, 59))["stepped"] == 0
    assert run_due(at=after(at, 60))["stepped"] == 1
    assert run_due(at=after(at, 61))["stepped"] == 0
    assert words(talk)[-1] == "请稍等。"
    run_due(at=after(at, 120))
    assert words(talk)[-1] == "Soon."
    assert fresh(talk).due_at is None


def test_after_an_outage_only_the_last_word_that_is_due_is_said(at: datetime) -> None:
    rule("waiting_messages", [{"after": 60, "text": "One."}, {"after": 120, "text": "Two."}])
    talk = waiting(at)

    run_due(at=after(at, 600))

    assert words(talk)[1:] == ["Two."]


def test_overflow_keeps_the_place_and_never_runs_in_a_circle(at: datetime) -> None:
    first, second = make.queue(), make.queue()
    rule("overflow", {"after": 60, "queue": str(second.uuid)}, queue=first)
    rule("overflow", {"after": 30, "queue": str(first.uuid)}, queue=second)
    talk = waiting(at, queue=first)

    run_due(at=after(at, 60))
    moved = fresh(talk)
    run_due(at=after(at, 90))
    run_due(at=after(at, 900))
    stayed = fresh(talk)

    assert (moved.queue, moved.queued_at, moved.entered_at) == (second, at, after(at, 60))
    assert moved.hops == 1
    assert (stayed.queue, stayed.hops) == (second, 1)
    line = Event.objects.get(conversation=talk, kind="overflowed")
    path = {"from": str(first.uuid), "to": str(second.uuid)}
    assert line.data == {**path, "hops": 1, "why": "waited"}


def test_somebody_who_is_being_asked_about_does_not_overflow(at: datetime) -> None:
    first, second = make.queue(offer_seconds=300), make.queue()
    rule("overflow", {"after": 60, "queue": str(second.uuid)}, queue=first)
    talk = waiting(at, queue=first)
    make.present_agent(queues=[first], at=after(at, 59))
    route_waiting(at=after(at, 59))

    run_due(at=after(at, 60))

    assert (fresh(talk).state, fresh(talk).queue) == ("offered", first)


@pytest.mark.parametrize(("do", "state"), [("callback", "queued"), ("bot", "bot"), ("abandon", "abandoned")])  # fmt: skip
def test_a_wait_has_a_longest_length(do: str, state: str, at: datetime) -> None:
    rule("max_wait", {"after": 600, "do": do})
    talk = waiting(at)

    run_due(at=after(at, 600))
    run_due(at=after(at, 601))

    ended = fresh(talk)
    assert ended.state == state
    assert len(words(talk)) == 2  # the handover, and once what happens now
    assert not Offer.objects.filter(ended_at=None).exists()


def test_a_full_queue_says_so_and_the_bot_stays(at: datetime) -> None:
    queue = make.queue()
    rule("limit", {"waiting": 1, "text": {"en": "So many people!"}}, queue=queue)
    waiting(at, queue=queue)
    late = make.conversation(at=at, inbox=queue.inboxes.get())
    store([make.draft(late, "Help!", at=at)])

    ask_for_a_person(conversation_id=late.pk, at=at)

    told = fresh(late)
    assert (told.state, told.waiting_since, told.due_at) == ("bot", None, None)
    assert words(late)[-1] == "So many people!"
    assert lines(late)[-1] == "queue_full"
    assert not Handoff.objects.filter(conversation=late).exists()


def test_a_full_queue_may_lead_to_another(at: datetime) -> None:
    queue, other = make.queue(), make.queue()
    rule("limit", {"waiting": 1, "queue": str(other.uuid)}, queue=queue)
    waiting(at, queue=queue)
    late = make.conversation(at=at, inbox=queue.inboxes.get())

    ask_for_a_person(conversation_id=late.pk, at=at)

    assert (fresh(late).state, fresh(late).queue) == ("queued", other)


@pytest.mark.django_db(transaction=True)
def test_two_full_queues_that_lead_to_each_other_hold_up_nobody(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would wait for the other's count to be over."""
    queues = make.queue(), make.queue()
    late = []
    for queue, other in (queues, queues[::-1]):
        rule("limit", {"waiting": 1, "queue": str(other.uuid)}, queue=queue)
        waiting(at, queue=queue)
        late.append(make.conversation(at=at, inbox=queue.inboxes.get()))
    both = threading.Barrier(2)
    failures: list[BaseException] = []

    def append_together(*given: Any, **more: Any) -> Any:
        with suppress(threading.BrokenBarrierError):
            both.wait(0.5)  # both have counted their own queue, if that can be
        return append(*given, **more)

    def work(talk: Conversation) -> None:
        try:
            ask_for_a_person(conversation_id=talk.pk, at=at)
        except BaseException as error:  # noqa: BLE001 -- told to the test below
            failures.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(desk, "append", append_together)
    threads = [threading.Thread(target=work, args=[talk]) for talk in late]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert [lines(talk)[-1] for talk in late] == ["queue_full", "queue_full"]


def test_outside_hours_nobody_is_asked_and_the_customer_knows(at: datetime) -> None:
    schedule = Schedule.objects.create(name="Office", time_zone="Europe/Berlin")
    for weekday in range(5):
        OpeningHours.objects.create(
            schedule=schedule, weekday=weekday, opens=time(9), closes=time(12)
        )
    queue = make.queue()
    rule("hours", str(schedule.uuid), queue=queue)
    rule("closed_text", {"en": "Back at nine."}, queue=queue)
    talk = waiting(at, queue=queue)  # fourteen o'clock in Berlin, on a Monday
    morning = at + timedelta(hours=19)
    make.present_agent(queues=[queue], at=at)

    assert route_waiting(at=at) == 0
    assert words(talk)[-1] == "Back at nine."
    make.present_agent(queues=[queue], at=morning)
    assert route_waiting(at=morning) == 1


def test_who_leaves_while_waiting_has_abandoned(at: datetime) -> None:
    queue = make.queue()
    talk = waiting(at, queue=queue)
    agent = make.present_agent(queues=[queue])
    route_waiting(at=at)

    finish(conversation_id=talk.pk, at=after(at, 9))
    finish(conversation_id=talk.pk, at=after(at, 10))

    ended = fresh(talk)
    assert (ended.state, ended.resolved_at, ended.queued_at) == ("abandoned", after(at, 9), None)
    assert Offer.objects.get(agent=agent).outcome == "withdrawn"
    assert lines(talk)[-1] == "abandoned"


def test_urgency_moves_somebody_forward_and_back(at: datetime) -> None:
    queue, boss = make.queue(), make.agent(role="manager")
    early = waiting(at, queue=queue)
    late = make.conversation(at=after(at, 60), inbox=early.inbox)
    ask_for_a_person(conversation_id=late.pk, at=after(at, 60))
    turns = Conversation.objects.queued().filter(queue__isnull=False).in_turn()

    assert list(turns.all()) == [early, late]
    label(conversation_id=late.pk, agent_id=boss.pk, labels=None, priority=2, at=at)

    assert list(turns.all()) == [late, early]
    assert fresh(late).rank_at == after(at, 60) - timedelta(minutes=30)


def test_who_is_passed_on_is_counted_and_a_requeue_keeps_its_time(at: datetime) -> None:
    queue, other = make.queue(), make.queue()
    agent = make.present_agent(queues=[queue])
    talk = waiting(at, queue=queue)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)

    transfer(conversation_id=talk.pk, agent_id=agent.pk, kind="queue", target=other.uuid, note="", at=after(at, 60))  # fmt: skip

    passed = fresh(talk)
    assert (passed.hops, passed.queue, passed.queued_at) == (1, other, after(at, 60))
    assert passed.rank_at == at
    line = Event.objects.get(conversation=talk, kind="transferred")
    assert (line.data["hops"], line.data["from"]) == (1, str(queue.uuid))


def test_silence_ends_a_conversation_when_the_rule_says_so(at: datetime) -> None:
    rule("auto_resolve", {"after": 600, "text": {"en": "Closing."}, "label": "silent"})
    queue = make.queue()
    agent = make.present_agent(queues=[queue])
    talk = waiting(at, queue=queue)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    reply = make.draft(
        talk, "Which colour?", author_kind="agent", agent_id=agent.pk, at=after(at, 5)
    )
    store([reply])

    assert fresh(talk).due_at == after(at, 605)
    store([make.draft(talk, "Blue", at=after(at, 300))])
    assert fresh(talk).due_at is None  # now we owe an answer
    store([make.draft(talk, "Thanks!", author_kind="agent", agent_id=agent.pk, at=after(at, 400))])
    run_due(at=after(at, 999))
    assert fresh(talk).state == "assigned"
    run_due(at=after(at, 1000))

    ended = fresh(talk)
    assert (ended.state, ended.labels) == ("resolved", ["silent"])
    assert words(talk)[-1] == "Closing."
    assert Event.objects.get(conversation=talk, kind="resolved").data["by"] == "inactivity"


@pytest.mark.parametrize("bot_too", [True, False])
def test_silence_with_the_bot_ends_too_unless_the_rule_says_otherwise(
    at: datetime, bot_too: bool
) -> None:
    rule("auto_resolve", {"after": 600, "bot_too": bot_too})
    talk = make.conversation(at=at)
    store([make.draft(talk, "Which tent for two?", at=at)])
    store([make.draft(talk, "The Skarv 2.", author_kind="bot", run=0, at=after(at, 2))])

    assert fresh(talk).due_at == (after(at, 602) if bot_too else None)
    run_due(at=after(at, 700))

    assert fresh(talk).state == ("resolved" if bot_too else "bot")


def test_a_rule_that_was_taken_back_ends_nothing(at: datetime) -> None:
    policy = rule("auto_resolve", {"after": 600})
    agent = make.present_agent(queues=[queue := make.queue()])
    talk = waiting(at, queue=queue)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    store([make.draft(talk, "Hi", author_kind="agent", agent_id=agent.pk, at=at)])
    policy.delete()

    run_due(at=after(at, 700))

    assert (fresh(talk).state, fresh(talk).due_at) == ("assigned", None)
