"""A call from the wish to the end: its place kept, its time, attempts, and whoever else is at it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agents.callbacks.actions import handling, keeping
from agents.callbacks.models import Attempt, Call, CallRules
from agents.models import Agent
from conversations.actions.calling import ask_for_a_call
from conversations.errors import CannotMove, Taken
from conversations.models import Callback, Conversation, Event, Message
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
MINUTE = timedelta(minutes=1)


def asked(at: datetime, phone: str = "+49 30 123457", **fields: Any) -> Conversation:
    """Waits since ten minutes, and would rather be called."""
    talk = make.waiting_conversation(
        queue=make.queue(), at=at - 10 * MINUTE, place_from=at - 10 * MINUTE
    )
    wish: dict[str, Any] = {"call_at": None, "time_zone": "UTC"}
    ask_for_a_call(conversation_id=talk.pk, phone=phone, at=at, **(wish | fields))
    return talk


def call_of(talk: Conversation) -> Call:
    return Call.objects.select_related("wish").get(wish__conversation=talk)


def reached(at: datetime) -> tuple[Call, Agent]:
    talk, agent = asked(at), make.agent()
    keeping.tend(at=at)
    handling.dial(call=call_of(talk).uuid, agent_id=agent.pk, at=at)
    keeping.tend(at=at + timedelta(seconds=5))
    return call_of(talk), agent


def said(talk_id: int) -> list[dict[str, Any]]:
    return list(
        Event.objects.filter(conversation=talk_id, kind="called").values_list("data", flat=True)
    )


def test_a_wish_is_due_at_once_and_keeps_the_place_in_line(at: datetime) -> None:
    talk = asked(at)
    assert set(keeping.tend(at=at).values()) == {0}  # it is in the line already
    call = call_of(talk)
    assert (call.state, call.due_at, call.queue) == ("due", None, talk.queue)
    assert call.place_from == at - 10 * MINUTE
    assert call.expires_at == at + timedelta(hours=72)


def test_a_later_time_is_waited_for_and_may_be_changed(at: datetime) -> None:
    talk = asked(at, call_at=at + 60 * MINUTE)
    keeping.tend(at=at)
    assert (call_of(talk).state, call_of(talk).due_at) == ("scheduled", at + 60 * MINUTE)

    ask_for_a_call(conversation_id=talk.pk, phone="+49 30 123459", call_at=at + 30 * MINUTE, at=at)
    keeping.tend(at=at)
    assert call_of(talk).due_at == at + 30 * MINUTE
    keeping.tend(at=at + 30 * MINUTE)
    assert (call_of(talk).state, call_of(talk).wish.phone) == ("due", "+49 30 123459")

    ask_for_a_call(
        conversation_id=talk.pk, phone="+49 30 123459", call_at=None, at=at + 31 * MINUTE
    )
    keeping.tend(at=at + 31 * MINUTE)
    assert call_of(talk).wanted_at is None


def test_nobody_is_called_at_their_night(at: datetime) -> None:
    talk, agent = asked(at, time_zone="Asia/Tokyo"), make.agent()  # 21:00 there
    keeping.tend(at=at)
    call = call_of(talk)

    assert (call.state, call.due_at) == ("scheduled", at + timedelta(hours=12))
    with pytest.raises(CannotMove, match="night"):
        handling.dial(call=call.uuid, agent_id=agent.pk, at=at)
    assert call_of(talk).attempts == 0


def test_a_zone_that_is_none_is_the_house_s(at: datetime) -> None:
    CallRules.objects.create(time_zone="Europe/Berlin")
    talk = asked(at, time_zone="../etc/passwd")
    keeping.tend(at=at)

    assert call_of(talk).time_zone == "Europe/Berlin"


def test_due_dialled_reached_done(at: datetime) -> None:
    call, agent = reached(at)

    assert (call.state, call.agent_id, call.attempts) == ("reached", agent.pk, 1)
    handling.finish(call=call.uuid, agent_id=agent.pk, outcome="done", note="Sent anew", at=at)
    call.refresh_from_db()
    assert (call.state, call.note, call.ended_at) == ("done", "Sent anew", at)
    assert Callback.objects.get(pk=call.wish_id).state == "done"
    assert said(call.wish.conversation_id) == [
        {"outcome": "reached", "attempt": 1},
        {"outcome": "done", "attempt": 1},
    ]
    with pytest.raises(CannotMove):
        handling.finish(call=call.uuid, agent_id=agent.pk, outcome="done", note="", at=at)


@pytest.mark.parametrize(
    ("digit", "state", "outcome"),
    [("0", "no_answer", "no_answer"), ("1", "voicemail", "voicemail"), ("2", "no_answer", "busy")],
)
def test_who_does_not_answer_is_called_again_by_the_rules(
    at: datetime, digit: str, state: str, outcome: str
) -> None:
    talk, agent = asked(at, f"+49 30 12345{digit}"), make.agent()
    keeping.tend(at=at)
    key = call_of(talk).uuid
    moments = []
    for _ in range(3):
        handling.dial(call=key, agent_id=agent.pk, at=at)
        at += timedelta(seconds=5)
        keeping.tend(at=at)
        call = call_of(talk)
        if call.due_at is None:
            break
        moments.append((call.state, call.due_at - at))
        at = call.due_at
        keeping.tend(at=at)
        assert call_of(talk).state == "due"

    assert moments == [(state, 15 * MINUTE), (state, 120 * MINUTE)]
    assert call_of(talk).state == "expired"
    assert [one.outcome for one in Attempt.objects.filter(call=call_of(talk))] == [outcome] * 3
    assert Callback.objects.get(conversation=talk).state == "dropped"
    last = Message.objects.filter(conversation=talk).latest("seq")
    assert last.text.startswith("We could not reach you at +49 30 12345")


def test_a_killed_worker_is_made_good(at: datetime) -> None:
    """Nobody listened while it rang, and the agent who had one in hand was gone."""
    talk, agent = asked(at), make.agent()
    other = asked(at)
    keeping.tend(at=at)
    handling.dial(call=call_of(talk).uuid, agent_id=agent.pk, at=at)
    handling.take(call=call_of(other).uuid, agent_id=agent.pk, at=at)
    keeping.tend(at=at + 10 * MINUTE)

    assert call_of(talk).state == "reached"
    assert (call_of(other).state, call_of(other).agent) == ("due", None)


def test_what_is_never_made_expires(at: datetime) -> None:
    talk = asked(at)
    keeping.tend(at=at)
    keeping.tend(at=at + timedelta(hours=72))

    assert call_of(talk).state == "expired"


def test_two_agents_do_not_call_the_same_and_one_agent_makes_one_call(at: datetime) -> None:
    first, second = asked(at), asked(at)
    one, two = make.agent(), make.agent()
    keeping.tend(at=at)
    handling.take(call=call_of(first).uuid, agent_id=one.pk, at=at)

    with pytest.raises(Taken, match="colleague"):
        handling.dial(call=call_of(first).uuid, agent_id=two.pk, at=at)
    handling.dial(call=call_of(first).uuid, agent_id=one.pk, at=at)
    with pytest.raises(Taken, match="You are in a call"):
        handling.dial(call=call_of(second).uuid, agent_id=one.pk, at=at)
    assert call_of(second).state == "due"


def test_giving_back_and_cancelling_twice_change_nothing(at: datetime) -> None:
    talk, agent = asked(at), make.agent()
    keeping.tend(at=at)
    key = call_of(talk).uuid
    handling.take(call=key, agent_id=agent.pk, at=at)

    assert handling.give_back(call=key, agent_id=agent.pk).state == "due"
    assert handling.give_back(call=key, agent_id=agent.pk).state == "due"
    assert handling.cancel(call=key, at=at).state == "cancelled"
    assert handling.cancel(call=key, at=at + MINUTE).ended_at == at


def test_a_wish_that_was_dropped_elsewhere_has_no_call(at: datetime) -> None:
    talk = asked(at)
    keeping.tend(at=at)
    Callback.objects.update(state="dropped")
    keeping.tend(at=at)

    assert call_of(talk).state == "cancelled"


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": "due", "due_at": "at"},
        {"state": "scheduled", "due_at": None},
        {"state": "offered", "due_at": "at", "agent": None},
        {"state": "done"},
        {"attempts": 4},
        {"dialled": "x"},
    ],
)
def test_the_database_refuses_what_cannot_be(at: datetime, wrong: dict[str, Any]) -> None:
    talk = asked(at)
    keeping.tend(at=at)
    fields = {name: at if value == "at" else value for name, value in wrong.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call_of(talk).pk).update(**fields)


def test_the_line_over_http(at: datetime) -> None:
    from django.utils import timezone

    now = timezone.now()
    CallRules.objects.create(quiet_from="00:00", quiet_until="00:00")
    talk = asked(now)
    mine, stranger = make.agent(), make.agent()
    assert talk.queue is not None
    talk.queue.members.add(mine)
    keeping.tend(at=now)
    key = call_of(talk).uuid
    door = Door(mine)

    listed = door.get("calls/")
    assert listed["due"] == 1
    assert [(one["id"], one["state"], one["phone"], one["mine"]) for one in listed["results"]] == [
        (str(key), "due", "+49 30 123457", False)
    ]
    assert Door(stranger).get("calls/") == {"results": [], "due": 0}
    assert Door(stranger).ask("post", f"calls/{key}/", {"do": "dial"})[0] == 404
    assert door.ask("post", f"calls/{key}/", {"do": "explode"})[0] == 400

    ringing = door.post(f"calls/{key}/", {"do": "dial"})
    assert (ringing["state"], ringing["mine"], ringing["attempts"]) == ("dialling", True, 1)
    Call.objects.filter(uuid=key).update(dialled="loopback:1.0:7")
    assert door.get(f"calls/{key}/")["state"] == "reached"
    done = door.post(f"calls/{key}/", {"do": "finish", "outcome": "done", "note": "Helped"})
    assert (done["state"], done["note"]) == ("done", "Helped")
    assert door.get("calls/") == {"results": [], "due": 0}


def test_the_list_asks_as_often_for_three_as_for_one(
    at: datetime, django_assert_max_num_queries: Any
) -> None:
    manager = make.agent(role="manager")
    door = Door(manager)
    asked(at)
    keeping.tend(at=at)
    with django_assert_max_num_queries(30) as few:
        door.get("calls/")
    asked(at)
    asked(at)
    keeping.tend(at=at)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(door.get("calls/")["results"]) == 3
