"""Times for calls: as many as agents can keep, never more, and in the customer's day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from agents.actions.assign import claim
from agents.actions.presence import set_presence
from agents.callbacks.actions import handling, keeping
from agents.callbacks.actions.booking import slots_for
from agents.callbacks.models import Call, CallRules, Seat
from agents.callbacks.reads import slots as reads
from agents.callbacks.rules.slots import capacity, slot_start
from agents.models import Agent, PresenceChange, Queue
from conversations.actions.calling import ask_for_a_call
from conversations.errors import BadWords, CannotMove, Taken
from conversations.models import Conversation, Event, Message
from tests import make
from tests.agents.api import Door

MINUTE = timedelta(minutes=1)
HALF = timedelta(minutes=30)
pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


def waits(queue: Queue, at: datetime) -> Conversation:
    return make.waiting_conversation(queue=queue, at=at)


def ask(talk: Conversation, when: datetime | None, at: datetime, **fields: Any) -> None:
    said: dict[str, Any] = {"time_zone": "UTC", "exact": True, **fields}
    ask_for_a_call(
        conversation_id=talk.pk, phone="+49 30 123457", call_at=when, at=at, **said
    )  # fmt: skip


def call_of(talk: Conversation) -> Call:
    return Call.objects.select_related("wish").get(wish__conversation=talk)


@pytest.mark.parametrize(
    ("agents", "room"), [(0.0, 0), (0.4, 0), (1.0, 1), (4.0, 7), (40.0, 75), (-1.0, 0)]
)
def test_how_many_fit(agents: float, room: int) -> None:
    assert capacity(agents, length=HALF, minutes_each=8, share=0.5) == room


def test_slots_lie_in_the_customers_day(line: Queue, at: datetime) -> None:
    there = [
        slot.starts_at.hour
        for slot in slots_for(waits(line, at), zone="Asia/Tokyo", at=at)  # 21:00 there
    ]
    assert there[0] == 0  # 09:00
    assert set(there) <= set(range(11))


def test_a_slot_is_full_for_the_next_one_and_free_again(line: Queue, at: datetime) -> None:
    first, second, third = (waits(line, at) for _ in range(3))
    when = at + timedelta(hours=2)
    ask(first, when, at)
    with pytest.raises(Taken, match="just been taken"):
        ask(second, when, at)
    assert not Call.objects.filter(wish__conversation=second).exists()
    ask(third, when, at, exact=False)  # any program may ask for any time: it gets the next one
    assert call_of(third).wanted_at == when + HALF
    assert "14:30" in Message.objects.filter(conversation=third).latest("seq").text

    handling.cancel(call=call_of(first).uuid, at=at)
    ask(second, when, at)
    assert call_of(second).due_at == when


def test_a_hundred_at_once_are_never_too_many(line: Queue, at: datetime) -> None:
    when = at + timedelta(hours=1)
    talks = [waits(line, at) for _ in range(12)]
    line.members.add(make.agent(), make.agent(), make.agent())  # room for three
    reads.forget()

    def book(talk: Conversation) -> bool:
        try:
            ask(talk, when, at)
        except Taken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as people:
        booked = list(people.map(book, talks))
    assert sum(booked) == Seat.objects.filter(starts_at=when).count() == 3
    assert Call.objects.count() == 3


@pytest.mark.parametrize(
    ("when", "wrong"),
    [(timedelta(hours=9), CannotMove), (timedelta(days=91), BadWords), (-timedelta(days=1), BadWords)],
)  # fmt: skip
def test_no_call_at_night_or_never(
    line: Queue, at: datetime, when: timedelta, wrong: type[Exception]
) -> None:
    with pytest.raises(wrong):
        ask(waits(line, at), at + when, at)


@pytest.mark.parametrize(
    "wrong",
    [{"retry_minutes": ["soon"]}, {"retry_minutes": [0]}, {"retry_minutes": {"a": 1}}, {"retry_minutes": [True]}, {"time_zone": "../etc"}],
)  # fmt: skip
def test_rules_that_would_break_the_clock_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CallRules(**wrong).full_clean()


def test_who_was_there_says_who_will_be(line: Queue, at: datetime) -> None:
    """Three weeks of mornings, nobody in the afternoon."""
    agent = line.members.get()
    for day in range(1, 22):
        begins = (at - timedelta(days=day)).replace(hour=9)
        PresenceChange.objects.create(
            agent=agent, status="online", since=begins, until=begins + timedelta(hours=3)
        )
    hours = {slot.starts_at.hour for slot in slots_for(waits(line, at), zone="UTC", at=at)}
    assert hours == {9, 10, 11}


def test_who_is_taken_in_the_chat_is_not_called_as_well(line: Queue, at: datetime) -> None:
    talk, other = waits(line, at), make.agent()
    ask(talk, None, at)
    assert keeping.tend(at=at)["in_chat"] == 0
    claim(conversation_id=talk.pk, agent_id=other.pk, at=at + MINUTE)

    assert keeping.tend(at=at + MINUTE)["in_chat"] == 1
    assert call_of(talk).state == "cancelled"
    assert "not call" in Message.objects.filter(conversation=talk).latest("seq").text
    ask(talk, None, at + 2 * MINUTE)  # but who asks their agent for a call is called
    assert keeping.tend(at=at + 3 * MINUTE)["in_chat"] == 0


def reached(line: Queue, at: datetime) -> tuple[Call, Agent]:
    talk, agent = waits(line, at), make.agent()
    ask(talk, None, at)
    handling.dial(call=call_of(talk).uuid, agent_id=agent.pk, at=at)
    keeping.tend(at=at + timedelta(seconds=5))
    return call_of(talk), agent


def test_who_is_reached_leaves_the_queue(line: Queue, at: datetime) -> None:
    call, agent = reached(line, at)
    talk = call.wish.conversation

    assert (call.state, talk.state, talk.assignee) == ("reached", "assigned", agent)
    assert keeping.tend(at=at + MINUTE)["in_chat"] == 0
    handling.finish(
        call=call.uuid, agent_id=agent.pk, outcome="no_answer", note="", at=at + 2 * MINUTE
    )
    assert keeping.tend(at=at + 3 * MINUTE)["in_chat"] == 0  # it was not them: again later


def test_a_talk_whose_agent_is_gone_ends(line: Queue, at: datetime) -> None:
    call, agent = reached(line, at)
    set_presence(agent_id=agent.pk, status="away", at=at + 30 * MINUTE)
    keeping.tend(at=at + 31 * MINUTE)  # nothing was heard of them for a minute: they load the page
    assert call_of(call.wish.conversation).state == "reached"

    keeping.tend(at=at + 62 * MINUTE)
    call.refresh_from_db()
    assert (call.state, call.note) == ("done", keeping.NOBODY_WROTE)
    last = Event.objects.filter(conversation=call.wish.conversation, kind="called").latest("offset")
    assert last.data["outcome"] == "left"


def test_times_over_http(line: Queue, at: datetime) -> None:
    agent = line.members.get()
    now = datetime.now(UTC)
    talk = waits(line, now)
    door = Door(agent)
    path = f"conversations/{talk.uuid}/call/"
    found = door.get(path)
    assert found["call"] is None
    assert found["slots"][0]["free"] == 1
    second, third = (found["slots"][n]["at"] for n in (1, 2))

    assert door.post(path, {"phone": "+49 30 123457", "at": second})["at"] == second
    key = door.get(path)["call"]["id"]
    assert second not in [slot["at"] for slot in door.get(path)["slots"]]
    assert door.post(f"calls/{key}/", {"do": "move", "at": third})["at"] == third
    booked = Event.objects.filter(conversation=talk, kind="callback").values_list(
        "actor_kind", "agent"
    )
    assert list(booked) == [("agent", agent.pk)] * 2
    for bad in ({"do": "move"}, {"do": "move", "at": "soon"}, {"do": "move", "at": "9999-12-31T23:59:59Z"}):  # fmt: skip
        assert door.ask("post", f"calls/{key}/", bad)[0] == 400
    assert door.ask("post", path, {"phone": "x", "at": second})[0] == 400
    assert Door(make.agent()).ask("get", path)[0] == 404
    assert door.post(f"calls/{key}/", {"do": "cancel"})["state"] == "cancelled"
    assert (
        "not call +49 30 123457 after all"
        in Message.objects.filter(conversation=talk).latest("seq").text
    )
    assert slot_start(now, HALF) <= now
