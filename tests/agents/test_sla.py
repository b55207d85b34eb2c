"""A promised answer: who hears before it is late, who when it is, and what ends the promise."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from agents.actions.assign import assign, claim, transfer
from agents.actions.desk import PeoplesDesk
from agents.actions.labelling import label
from agents.actions.pausing import put_on_hold, take_off_hold
from agents.actions.replan import replan
from agents.actions.sla import AT_ONCE, alert_due
from agents.actions.sweep import next_due, run_due
from agents.actions.wrap_up import resolve
from agents.models import Agent, Notification, OpeningHours, Policy, Queue, Schedule
from agents.rules.queue_plan import promised
from agents.rules.registry import Rules
from conversations.actions.customer import ask_for_a_person, finish
from conversations.actions.log import hold
from conversations.actions.post import store
from conversations.hours import Hours, Stretch
from conversations.models import Conversation, Event
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NINE_TO_FIVE = Hours(
    ZoneInfo("Europe/Berlin"), {day: [Stretch(time(9), time(17))] for day in range(5)}
)


def after(at: datetime, seconds: float) -> datetime:
    return at + timedelta(seconds=seconds)


@pytest.fixture
def queue() -> Queue:
    return make.queue(is_default=True)


def asking(at: datetime, **fields: Any) -> Conversation:
    """Somebody who has just asked for a person."""
    talk = make.conversation(at=at, **fields)
    store([make.draft(talk, "Is anybody there?", at=at)])
    ask_for_a_person(conversation_id=talk.pk, at=at)
    return fresh(talk)


def fresh(talk: Conversation) -> Conversation:
    return Conversation.objects.get(pk=talk.pk)


def told(agent: Agent) -> list[str]:
    rows = Notification.objects.filter(agent=agent, kind="sla").order_by("pk")
    return [row.data["stage"] for row in rows]


@pytest.mark.parametrize(
    ("since", "seconds", "moment"),
    [
        ((4, 12, 0), 60, (4, 12, 1)),
        ((4, 14, 59), 120, (5, 7, 1)),  # 17:00 in Berlin is 15:00 here
        ((1, 14, 59), 120, (4, 7, 1)),  # a Friday: the weekend does not count
        ((3, 12, 0), 60, (4, 7, 1)),
        ((4, 5, 0), 8 * 3600, (4, 15, 0)),
        ((4, 5, 0), 9 * 3600, (5, 8, 0)),
    ],
)
def test_only_open_time_counts(
    since: tuple[int, int, int], seconds: int, moment: tuple[int, int, int]
) -> None:
    """Days of May 2026, hours in UTC."""
    begin, end = (datetime(2026, 5, *one, tzinfo=UTC) for one in (since, moment))

    assert NINE_TO_FIVE.later(begin, seconds) == end


def test_who_never_opens_promises_nothing(at: datetime) -> None:
    never = Hours(ZoneInfo("UTC"), {})

    assert never.later(at, 1) is None
    assert promised(Rules(), since=at, priority=0, hours=never, at=at) is None


@pytest.mark.parametrize(
    ("alerts", "passed", "next_word"),
    [("both", 0, 75), ("both", 75, 100), ("both", 100, 100), ("both", 300, 300), ("late", 0, 100),
     ("late", 101, 101), ("never", 0, None)],
)  # fmt: skip
def test_the_next_word_is_said_at_its_moment(
    at: datetime, alerts: str, passed: int, next_word: int | None
) -> None:
    rules = Rules(sla_seconds={"normal": 100}, sla_alerts=alerts)

    found = promised(rules, since=at, priority=0, hours=None, at=after(at, passed))

    assert found is not None
    assert found.by == after(at, 100)
    assert found.alert == (None if next_word is None else after(at, next_word))


def test_supervisors_hear_before_it_is_late_and_when_it_is(queue: Queue, at: datetime) -> None:
    Policy.objects.create(rule="sla_seconds", value={"normal": 100})
    chief, agent = make.agent(role="manager"), make.present_agent(queues=[queue])
    talk = asking(at)

    assert (talk.answer_from, talk.answer_by, talk.alert_at) == (at, after(at, 100), after(at, 75))
    assert next_due() == after(at, 75)
    assert alert_due(at=after(at, 74)) == 0
    assert run_due(at=after(at, 75))["alerted"] == 1
    assert run_due(at=after(at, 76))["alerted"] == 0
    assert told(chief) == ["soon"]
    assert next_due() == after(at, 100)
    run_due(at=after(at, 100))

    assert told(chief) == ["soon", "late"]
    assert told(agent) == []  # they are asked, not told
    line = Event.objects.get(conversation=talk, kind="late")
    assert line.created_at == after(at, 100)
    assert fresh(talk).alert_at is None
    assert run_due(at=after(at, 1000))["alerted"] == 0


def test_whoever_has_it_is_told_too(queue: Queue, at: datetime) -> None:
    agent, chief = make.present_agent(queues=[queue]), make.agent(role="manager")
    talk = asking(at)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=after(at, 5))

    assert fresh(talk).answer_by == after(at, 180)
    alert_due(at=after(at, 181))

    assert told(agent) == told(chief) == ["late"]
    assert Notification.objects.filter(agent=agent, kind="sla").get().data["queue"] == queue.name


def test_who_serves_the_queue_supervises_it_before_all_others(queue: Queue, at: datetime) -> None:
    chief, lead = make.agent(role="manager"), make.agent(role="manager")
    queue.members.add(lead)
    gone = make.agent(role="manager", is_active=False)
    queue.members.add(gone)
    asking(at)

    alert_due(at=after(at, 180))

    assert told(lead) == ["late"]
    assert told(chief) == told(gone) == []


def test_a_person_s_answer_ends_the_promise_and_nobody_hears_of_it(
    queue: Queue, at: datetime
) -> None:
    agent, chief = make.present_agent(queues=[queue]), make.agent(role="manager")
    talk = asking(at)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    note = make.draft(talk, "VIP", author_kind="agent", agent_id=agent.pk, note=True, at=at)
    store([note])
    assert fresh(talk).first_reply_at is None

    store([make.draft(talk, "Hi", author_kind="agent", agent_id=agent.pk, at=after(at, 9))])
    store([make.draft(talk, "So", author_kind="agent", agent_id=agent.pk, at=after(at, 19))])

    answered = fresh(talk)
    assert answered.first_reply_at == after(at, 9)
    assert (answered.answer_from, answered.answer_by, answered.alert_at) == (None, None, None)
    assert alert_due(at=after(at, 500)) == 0
    assert told(chief) == []


@pytest.mark.parametrize("end", ["leaves", "bot", "resolve"])
def test_what_is_over_is_promised_no_more(queue: Queue, at: datetime, end: str) -> None:
    agent = make.present_agent(queues=[queue])
    talk = asking(at)
    who: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": agent.pk, "at": at}
    if end == "leaves":
        finish(conversation_id=talk.pk, at=at)
    else:
        claim(**who)
        if end == "bot":
            transfer(**who, kind="bot", target=None, note="")
        else:
            resolve(**who, disposition="", note="")

    ended = fresh(talk)
    assert (ended.answer_from, ended.answer_by, ended.alert_at) == (None, None, None)


def test_a_promise_goes_along_to_the_next_agent_and_the_next_queue(
    queue: Queue, at: datetime
) -> None:
    first, other = make.present_agent(queues=[queue]), make.queue()
    talk = asking(at)
    who: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": first.pk}
    claim(**who, at=after(at, 10))
    transfer(**who, kind="queue", target=other.uuid, note="", at=after(at, 20))

    assert fresh(talk).answer_by == after(at, 180)


def test_who_was_answered_and_waits_again_is_promised_anew(queue: Queue, at: datetime) -> None:
    agent, other = make.present_agent(queues=[queue]), make.queue()
    talk = asking(at)
    who: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": agent.pk}
    claim(**who, at=at)
    store([make.draft(talk, "Hi", author_kind="agent", agent_id=agent.pk, at=after(at, 9))])
    transfer(**who, kind="queue", target=other.uuid, note="", at=after(at, 400))

    assert fresh(talk).answer_by == after(at, 580)


def test_a_pause_is_given_back(queue: Queue, at: datetime) -> None:
    agent = make.present_agent(queues=[queue])
    talk = asking(at)
    who: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": agent.pk}
    claim(**who, at=at)
    put_on_hold(**who, at=after(at, 100))

    assert alert_due(at=after(at, 900)) == 0
    take_off_hold(**who, at=after(at, 1000))

    assert (fresh(talk).answer_by, fresh(talk).alert_at) == (after(at, 1080), after(at, 1080))


def test_passing_it_on_from_hold_gives_the_pause_back_too(queue: Queue, at: datetime) -> None:
    agent, colleague = make.present_agent(queues=[queue]), make.present_agent(queues=[queue])
    talk = asking(at)
    who: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": agent.pk}
    claim(**who, at=at)
    put_on_hold(**who, at=after(at, 10))
    held = hold(talk.pk)
    assign(held, agent_id=colleague.pk, at=after(at, 20), how="transferred")

    assert fresh(talk).answer_by == after(at, 190)


def test_urgency_promises_sooner_from_the_same_beginning(queue: Queue, at: datetime) -> None:
    chief = make.agent(role="manager")
    talk = asking(at)
    of: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": chief.pk, "labels": None}
    label(**of, priority=2, at=after(at, 10))
    assert fresh(talk).answer_by == after(at, 30)
    label(**of, priority=0, at=after(at, 20))
    assert (fresh(talk).answer_by, fresh(talk).alert_at) == (after(at, 180), after(at, 135))

    label(**of, priority=2, at=after(at, 60))
    alert_due(at=after(at, 60))
    label(**of, priority=2, at=after(at, 61))

    assert told(chief) == ["late"]
    assert alert_due(at=after(at, 61)) == 0


def test_a_new_rule_holds_for_who_waits_and_nobody_hears_twice(queue: Queue, at: datetime) -> None:
    chief = make.agent(role="manager")
    talk = asking(at)
    rule = Policy.objects.create(rule="sla_seconds", value={"normal": 60})
    assert replan(at=after(at, 10)) == 1
    assert (fresh(talk).answer_by, fresh(talk).alert_at) == (after(at, 60), after(at, 45))
    alert_due(at=after(at, 60))
    rule.value = {"normal": 70}
    rule.save()
    replan(at=after(at, 80))

    assert alert_due(at=after(at, 90)) == 0
    assert told(chief) == ["late"]
    Policy.objects.create(rule="sla_alerts", value="never")
    rule.value = {"normal": 600}
    rule.save()
    replan(at=after(at, 90))
    assert (fresh(talk).answer_by, fresh(talk).alert_at) == (after(at, 600), None)


def test_the_night_does_not_count(queue: Queue, at: datetime) -> None:
    schedule = Schedule.objects.create(name="Office", time_zone="UTC")
    for day in range(5):
        OpeningHours.objects.create(schedule=schedule, weekday=day, opens=time(13), closes=time(17))
    Policy.objects.create(rule="hours", value=str(schedule.uuid))
    talk = asking(at)

    assert fresh(talk).answer_by == at + timedelta(hours=1, seconds=180)


def test_of_many_at_once_supervisors_hear_once_for_each_queue(queue: Queue, at: datetime) -> None:
    chief = make.agent(role="manager")
    first = asking(at)
    for n in range(4):
        asking(after(at, n + 1))
    elsewhere = make.waiting_conversation(
        queue=make.queue(), answer_from=at, answer_by=at, alert_at=at
    )

    assert alert_due(at=after(at, 200)) == 6
    rows = list(Notification.objects.filter(agent=chief, kind="sla"))
    assert {(row.conversation, row.data.get("count")) for row in rows} == {
        (first, 5),
        (elsewhere, None),
    }


def test_a_muted_one_is_told_to_nobody(queue: Queue, at: datetime) -> None:
    chief = make.agent(role="manager")
    talk = asking(at)
    Conversation.objects.filter(pk=talk.pk).update(muted_at=at)

    assert alert_due(at=after(at, 180)) == 1
    assert told(chief) == []


def test_a_bounded_number_is_told_in_one_round(queue: Queue, at: datetime) -> None:
    inbox, customer = make.inbox(), make.customer()
    Conversation.objects.bulk_create(
        Conversation(
            uuid=uuid4(), inbox=inbox, customer=customer, state="queued", queue=queue, queued_at=at,
            entered_at=at, rank_at=at, opened_at=at, last_message_at=at, answer_from=at,
            answer_by=after(at, 100), alert_at=after(at, 75),
        )
        for _ in range(AT_ONCE + 1)
    )  # fmt: skip

    assert [alert_due(at=after(at, 80)) for _ in range(3)] == [AT_ONCE, 1, 0]


def test_the_desk_promises_when_somebody_joins(queue: Queue, at: datetime) -> None:
    """Whoever brings them: the promise is made in the same breath as they begin to wait."""
    from django.db import transaction

    talk = make.conversation()
    with transaction.atomic():
        held = hold(talk.pk)
        held.waiting_since, held.due_at = at, at
        held.save(update_fields=["waiting_since", "due_at"])
        assert PeoplesDesk().enqueue(held, at=at)

    assert fresh(talk).answer_by == after(at, 180)
