"""What does not go at the agents' socket is answered with its code; nothing changes, nothing is lost."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.doors.people import Client, CustomerClient, Doors, Frame

pytestmark = pytest.mark.journey
ABSENT = str(uuid.uuid4())


@contextmanager
def held(doors: Doors) -> Iterator[tuple[CustomerClient, Client, str]]:
    """A customer with agent1, who has it open."""
    with doors.customer() as customer, doors.agent("agent1") as agent:
        done(agent, {"type": "presence", "status": "away"})
        customer.acked("My tent leaks")
        customer.send({"type": "human"})
        customer.until(lambda f: f["type"] == "state" and f["state"] == "queued")
        key = customer.session["conversation"]
        done(agent, {"type": "claim", "conversation": key})
        agent.send({"type": "open", "conversation": key, "after": 0})
        agent.until(lambda f: f["type"] == "event" and f["kind"] == "assigned")
        yield customer, agent, key
        done(agent, {"type": "resolve", "conversation": key})


def done(agent: Client, frame: Frame) -> None:
    ref = uuid.uuid4().hex
    agent.send({**frame, "ref": ref})
    agent.until(lambda f: f.get("ref") == ref)


def code(agent: Client, frame: Frame | str) -> str:
    """The code that a frame is answered with; the socket stays open."""
    agent.send(frame)
    error = agent.kind("error")
    assert error["detail"]
    return str(error["code"])


def state(doors: Doors, key: str) -> Any:
    """Who has it, and every line of its log."""
    chief = doors.token("admin")
    _, _, card = doors.http("GET", f"/api/v1/conversations/{key}/", token=chief)
    kept = ("stage", "assignee", "queue", "priority", "labels", "snoozed_until", "seq", "offset")
    return {name: card[name] for name in kept}


@pytest.mark.parametrize(
    ("frame", "answer"),
    [
        ({"type": "dance"}, "unknown_type"),
        ({"type": 7}, "bad_frame"),
        ({"no": "type"}, "bad_frame"),
        ("no json", "bad_frame"),
        ("[1]", "bad_frame"),
        ({"type": "accept"}, "not_allowed"),  # nothing is offered
        ({"type": "decline"}, "not_allowed"),
        ({"type": "wrap_up"}, "bad_frame"),  # nothing is being written up
        ({"type": "hold", "on": "maybe"}, "bad_frame"),
        ({"type": "snooze"}, "bad_frame"),
        ({"type": "snooze", "until": "1999-01-01T00:00:00Z"}, "bad_frame"),
        ({"type": "transfer", "to": {"moon": 1}}, "bad_frame"),
        ({"type": "transfer", "to": {"agent": ABSENT}}, "bad_frame"),
        ({"type": "transfer", "to": {"bot": True}, "note": "x" * 4001}, "too_long"),
        ({"type": "message", "id": ABSENT, "text": "x" * 4001}, "too_long"),
        ({"type": "message", "id": ABSENT, "text": "x" * 4001, "note": True}, "too_long"),
        ({"type": "message", "id": ABSENT, "text": "Hi", "note": "yes"}, "bad_frame"),
        ({"type": "message", "id": "7", "text": "Hi"}, "bad_frame"),
        ({"type": "message", "id": ABSENT, "text": " "}, "bad_frame"),
        ({"type": "message", "id": ABSENT, "text": "", "attachments": [ABSENT]}, "bad_frame"),
        ({"type": "resolve", "disposition": "<script>"}, "bad_frame"),
        ({"type": "resolve", "note": "x" * 4001}, "too_long"),
        ({"type": "read", "seq": -1}, "bad_frame"),
        ({"type": "monitor"}, "not_allowed"),  # an agent is no supervisor
        ({"type": "whisper", "id": ABSENT, "text": "Psst"}, "not_allowed"),
        ({"type": "barge", "id": ABSENT, "text": "Hello"}, "not_allowed"),
        ({"type": "take_over"}, "not_allowed"),
        ({"type": "wall"}, "not_allowed"),
    ],
)
def test_a_frame_that_does_not_go(doors: Doors, frame: Frame | str, answer: str) -> None:
    with held(doors) as (customer, agent, key):
        before = state(doors, key)
        said = frame if isinstance(frame, str) else {"conversation": key, **frame}
        assert code(agent, said) == answer
        assert state(doors, key) == before
        # The socket is as good as before, and so is the customer's.
        customer.say("Still there?")
        agent.until(lambda f: f["type"] == "message" and f["text"] == "Still there?")


def test_a_foreign_conversation_is_absent_for_every_frame(doors: Doors) -> None:
    with doors.customer() as customer, doors.agent("agent2") as agent:
        customer.acked(
            "How long do I have to return boots?"
        )  # the bot knows: nobody else's business
        key = customer.session["conversation"]
        before = state(doors, key)
        words: dict[str, Any] = {"id": ABSENT, "text": "x", "until": None, "to": {"bot": True}}
        for kind in (
            "open", "sync", "message", "typing", "read", "accept", "decline", "claim", "reopen",
            "hold", "snooze", "transfer", "resolve", "wrap_up",
        ):  # fmt: skip
            frame = {"type": kind, "seq": 1, **words}
            foreign = code(agent, {**frame, "conversation": key})
            assert foreign == code(agent, {**frame, "conversation": ABSENT}) == "not_found", kind
        assert state(doors, key)["offset"] >= before["offset"]
        assert state(doors, key)["assignee"] is None


def test_a_stale_offer_and_a_double_accept(doors: Doors) -> None:
    with doors.customer() as customer, doors.agent("agent1") as one, doors.agent("agent3") as two:
        done(two, {"type": "presence", "status": "away"})
        done(one, {"type": "presence", "status": "online"})
        customer.acked("My tent leaks")
        customer.send({"type": "human"})
        key = customer.session["conversation"]
        one.until(lambda f: f["type"] == "offer" and f["conversation"] == key)
        # Nobody else's to take, nor to refuse.
        assert code(two, {"type": "accept", "conversation": key}) == "not_allowed"
        assert code(two, {"type": "decline", "conversation": key}) == "not_allowed"
        done(one, {"type": "accept", "conversation": key})
        before = state(doors, key)
        assert code(one, {"type": "accept", "conversation": key}) == "not_allowed"
        assert code(two, {"type": "claim", "conversation": key}) == "not_allowed"
        assert state(doors, key) == before
        # An illegal move: what sleeps is not put on hold.
        done(one, {"type": "snooze", "conversation": key, "until": None})
        assert code(one, {"type": "hold", "conversation": key}) == "cannot_move"
        done(one, {"type": "resolve", "conversation": key})
        closed = state(doors, key)
        again = {"type": "message", "conversation": key, "id": ABSENT, "text": "Hi"}
        assert code(one, again) == "closed"
        assert code(one, {"type": "snooze", "conversation": key, "until": None}) == "cannot_move"
        assert (
            code(one, {"type": "transfer", "conversation": key, "to": {"bot": True}})
            == "cannot_move"
        )
        assert state(doors, key) == closed
        done(one, {"type": "presence", "status": "away"})


def test_who_takes_part_no_longer_hears_no_more(doors: Doors) -> None:
    """A removed participant's open thread is closed for them, and they are told."""
    with held(doors) as (customer, agent, key), doors.agent("agent3") as other:
        who = next(a for a in other.frames if a["type"] == "welcome")["agent"]["id"]
        done(other, {"type": "presence", "status": "away"})
        token = doors.token("agent1")
        elsewhere = {"name": f"Elsewhere {uuid.uuid4().hex[:6]}"}
        _, _, queue = doors.http("POST", "/api/v1/queues/", elsewhere, token=doors.token("admin"))
        path = f"/api/v1/conversations/{key}"
        status, _, said = doors.http("POST", f"{path}/participants/", {"agent": who}, token=token)
        assert status in {200, 201}, said
        other.until(lambda f: f["type"] == "conversation" and f["conversation"] == key)
        other.send({"type": "open", "conversation": key, "after": 0})
        other.until(lambda f: f["type"] == "event" and f["kind"] == "assigned")
        # In a queue that the other one does not serve only taking part lets them see it.
        done(agent, {"type": "transfer", "conversation": key, "to": {"queue": queue["id"]}})
        done(agent, {"type": "claim", "conversation": key})
        doors.http("DELETE", f"{path}/participants/{who}/", token=token)
        other.until(lambda f: f["type"] == "conversation_gone" and f["conversation"] == key)
        customer.acked("Something private")
        agent.until(lambda f: f["type"] == "message" and f["text"] == "Something private")
        other.read(0.5)
        assert "Something private" not in str(other.frames)
