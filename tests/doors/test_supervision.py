"""Supervisors at the real doors: what they do arrives, and nobody else hears of it."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.doors.people import Client, CustomerClient, Doors, Frame

pytestmark = pytest.mark.journey

WORDS = "My tent leaks"
LEFT_WITHIN = 8  # seconds: the socket's end, or the next round of the board


@contextmanager
def at_work(doors: Doors) -> Iterator[tuple[CustomerClient, Client, Client, str]]:
    """A customer with agent1, who has the conversation open; and the manager, who has it open."""
    with (
        doors.customer() as customer,
        doors.agent("agent1") as agent,
        doors.agent("manager") as lead,
    ):
        agent.send({"type": "presence", "status": "away", "ref": "here"})
        seen(agent, lambda f: f.get("ref") == "here")
        customer.acked(WORDS)
        customer.send({"type": "human"})
        seen(customer, lambda f: f["type"] == "state" and f["state"] == "queued")
        key = customer.session["conversation"]
        agent.send({"type": "claim", "conversation": key, "ref": "claim"})
        seen(agent, lambda f: f.get("ref") == "claim")
        for console in (agent, lead):
            console.send({"type": "open", "conversation": key, "after": 0, "ref": "open"})
            console.until(lambda f: f.get("ref") == "open")
        for one in (customer, agent, lead):
            one.read(0.5)
            one.frames.clear()
        yield customer, agent, lead, key
    path = f"/api/v1/conversations/{key}/resolve/"
    doors.http("POST", path, {"disposition": "solved"}, token=doors.token("manager"))


def do(lead: Client, kind: str, key: str, **words: object) -> Frame:
    ref = str(uuid.uuid4())
    lead.send({"type": kind, "conversation": key, "ref": ref, **words})
    return lead.until(lambda f: f.get("ref") == ref)


def seen(client: Client, wanted: Callable[[Frame], bool], seconds: float = 15) -> Frame:
    """A frame that came already, or that is still to come."""
    came = (frame for frame in client.frames if wanted(frame))
    return next(came, None) or client.until(wanted, seconds)


def kind(client: Client, name: str) -> Frame:
    return seen(client, lambda frame: frame["type"] == name)


def all_said(key: str, *clients: Client) -> str:
    """What came of the conversation; the queues, who is there and other conversations are told of all the time, the
    bot may just be ending its sentence, and how the first words read comes when it was read."""
    for client in clients:
        client.read(0.5)
    frames = [frame for client in clients for frame in client.frames]
    others = {"queue", "presence", "delta"}
    return json.dumps(
        [
            f
            for f in frames
            if f["type"] not in others and f.get("conversation") in {None, key} and not _is_read(f)
        ]
    )


def _is_read(frame: Frame) -> bool:
    return (
        frame["type"] == "conversation"
        and frame["sentiment"] is not None
        and frame["last_message"]["text"] == WORDS
    )


def log_over_http(doors: Doors, key: str, username: str) -> list[Frame]:
    path = f"/api/v1/conversations/{key}/log/?after=0"
    return doors.results(path, token=doors.token(username))


def test_a_silent_watch_is_heard_by_nobody(doors: Doors) -> None:
    with at_work(doors) as (customer, agent, lead, key):
        do(lead, "monitor", key, on=True)
        told = seen(lead, lambda f: f["type"] == "supervision" and bool(f["sessions"]))
        assert (told["sessions"][0]["mode"], told["sessions"][0]["visible"]) == ("silent", False)
        assert all_said(key, customer, agent) == "[]"

        # The count goes on for the agent, and the place of the watch says nothing.
        customer.acked("Are you there?")
        seen(agent, lambda f: f["type"] == "message" and f["text"] == "Are you there?")
        lines = [f for f in agent.frames if "offset" in f and f["type"] in {"message", "event"}]
        offsets = [f["offset"] for f in lines]
        assert offsets == list(range(offsets[0], offsets[0] + len(offsets)))
        assert [f["kind"] for f in lines if f["type"] == "event"] == ["hidden"]
        said = all_said(key, customer, agent) + json.dumps(log_over_http(doors, key, "agent1"))
        assert "Mareike" not in said
        assert "supervis" not in said

        do(lead, "monitor", key, on=False)
        assert "supervis" not in all_said(key, customer, agent)


def test_a_whisper_reaches_the_agent_and_never_the_customer(doors: Doors) -> None:
    with at_work(doors) as (customer, agent, lead, key):
        words = str(uuid.uuid4())
        ack = do(lead, "whisper", key, id=words, text="Offer the repair kit")
        heard = seen(agent, lambda f: f["type"] == "message" and f["id"] == words)
        assert (heard["note"], heard["whisper"], heard["seq"]) == (True, True, None)
        assert heard["offset"] == ack["offset"]
        assert (
            do(lead, "whisper", key, id=words, text="Offer the repair kit")["offset"]
            == ack["offset"]
        )
        customer.send({"type": "sync", "after": 0})
        assert "repair kit" not in all_said(key, customer)

        assert "repair kit" in json.dumps(log_over_http(doors, key, "agent1"))
        # A colleague who serves the queue sees the conversation, and not what was whispered.
        theirs = json.dumps(log_over_http(doors, key, "agent2"))
        assert WORDS in theirs
        assert "repair kit" not in theirs


def test_who_barges_in_speaks_to_the_customer(doors: Doors) -> None:
    with at_work(doors) as (customer, agent, lead, key):
        words = str(uuid.uuid4())
        do(lead, "barge", key, id=words, text="I am the manager, let me help")
        shown = seen(customer, lambda f: f["type"] == "message" and f.get("id") == words)
        assert (shown["author"], shown["seq"] > 0) == ({"kind": "agent", "name": "Mareike"}, True)
        seen(agent, lambda f: f["type"] == "message" and f["id"] == words)
        known = seen(agent, lambda f: f["type"] == "supervision")
        assert known["sessions"][0]["mode"] == "barge"
        # It is still the agent's.
        agent.send({"type": "message", "conversation": key, "id": str(uuid.uuid4()), "text": "Hm"})
        seen(customer, lambda f: f["type"] == "message" and f["text"] == "Hm")


def test_taking_over_moves_it(doors: Doors) -> None:
    with at_work(doors) as (customer, agent, lead, key):
        do(lead, "take_over", key)
        state = seen(customer, lambda f: f["type"] == "state" and f["state"] == "assigned")
        assert state["agent"] == {"name": "Mareike"}
        card = seen(
            agent, lambda f: f["type"] == "conversation" and f["assignee"]["name"] == "Mareike"
        )
        assert card["conversation"] == key
        agent.send({"type": "message", "conversation": key, "id": str(uuid.uuid4()), "text": "I?"})
        assert agent.kind("error")["code"] == "not_allowed"


@pytest.mark.parametrize("kind", ["monitor", "whisper", "barge", "take_over", "wall"])
def test_an_agent_is_refused_and_nothing_happens(doors: Doors, kind: str) -> None:
    with at_work(doors) as (customer, agent, _, key), doors.agent("agent2") as other:
        before = len(log_over_http(doors, key, "admin"))
        for one in (agent, other):
            one.send({"type": kind, "conversation": key, "id": str(uuid.uuid4()), "text": "Boo"})
            assert one.kind("error")["code"] == "not_allowed"
        assert len(log_over_http(doors, key, "admin")) == before
        assert "Boo" not in all_said(key, customer)


def test_a_stranger_conversation_is_not_found(doors: Doors) -> None:
    with doors.agent("manager") as lead:
        for kind in ("monitor", "whisper", "barge", "take_over"):
            words = {"id": str(uuid.uuid4()), "text": "x"}
            lead.send({"type": kind, "conversation": str(uuid.uuid4()), **words})
            assert lead.kind("error")["code"] == "not_found"


def test_watching_ends_with_the_socket(doors: Doors) -> None:
    with at_work(doors) as (_, _, lead, key):
        path = f"/api/v1/conversations/{key}/supervise/"
        token = doors.token("manager")
        do(lead, "monitor", key, on=True)
        assert doors.http("GET", path, token=token)[2][0]["ended_at"] is None
        lead.socket.close()
        deadline = time.monotonic() + LEFT_WITHIN
        while (session := doors.http("GET", path, token=token)[2][0])["ended_at"] is None:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert session["ended"] == "left"


def test_watching_ends_with_the_conversation(doors: Doors) -> None:
    with at_work(doors) as (customer, _, lead, key):
        do(lead, "monitor", key, on=True)
        seen(lead, lambda f: f["type"] == "supervision" and bool(f["sessions"]))
        customer.send({"type": "end"})
        seen(lead, lambda f: f["type"] == "supervision" and not f["sessions"], LEFT_WITHIN)
        path = f"/api/v1/conversations/{key}/supervise/"
        assert doors.http("GET", path, token=doors.token("manager"))[2][0]["ended"] == "over"


# --- typing and viewers -----------------------------------------------------------------------


def test_agents_see_what_is_being_written_where_the_inbox_allows_it(doors: Doors) -> None:
    with at_work(doors) as (customer, agent, _, key):
        customer.send({"type": "typing", "on": True, "text": "It leaks at the"})
        typing = agent.kind("typing")
        assert (typing["conversation"], typing["text"]) == (key, "It leaks at the")
        customer.send({"type": "typing", "on": False})
        assert agent.kind("typing")["on"] is False
        assert (
            customer.error({"type": "typing", "on": True, "text": "x" * 501})["code"] == "too_long"
        )
        assert customer.error({"type": "typing", "on": True, "text": 7})["code"] == "bad_frame"
        assert "leaks at the" not in json.dumps(log_over_http(doors, key, "admin"))


def test_elsewhere_only_that_they_write(doors: Doors) -> None:
    switch = 'from inboxes.models import Inbox; Inbox.objects.filter(key="web").update(typing_preview={})'
    doors.manage_output("shell", "-v0", "-c", switch.format(False))
    try:
        with at_work(doors) as (customer, agent, _, _):
            customer.send({"type": "typing", "on": True, "text": "A secret"})
            assert "text" not in agent.kind("typing")
    finally:
        doors.manage_output("shell", "-v0", "-c", switch.format(True))


def test_agents_see_who_else_is_there_and_writes(doors: Doors) -> None:
    with at_work(doors) as (customer, agent, lead, key), doors.agent("agent2") as other:
        other.frames.clear()  # its welcome names everybody
        other.send({"type": "open", "conversation": key, "after": 0})
        here = agent.kind("viewers")
        assert [(v["name"], v["typing"]) for v in here["agents"]] == [("Lin", False)]
        other.send({"type": "typing", "conversation": key, "on": True})
        typing = agent.kind("typing")
        assert (typing["author"]["kind"], typing["author"]["name"]) == ("agent", "Lin")
        assert agent.kind("viewers")["agents"][0]["typing"] is True
        # A supervisor looks without being seen, but sees everybody.
        everybody = seen(lead, lambda f: f["type"] == "viewers" and len(f["agents"]) == 2)
        assert {v["name"] for v in everybody["agents"]} == {"Jonas", "Lin"}
        lead.send({"type": "typing", "conversation": key, "on": True})
        assert "Mareike" not in all_said(key, agent, other, customer)
        other.send({"type": "close", "conversation": key})
        assert seen(agent, lambda f: f["type"] == "viewers" and not f["agents"])
        assert "typing" not in [f["type"] for f in customer.frames]


def test_the_customer_sees_only_their_own_agent_write(doors: Doors) -> None:
    with at_work(doors) as (customer, agent, _, key):
        agent.send({"type": "typing", "conversation": key, "on": True, "note": True})
        agent.send({"type": "typing", "conversation": key, "on": True})
        assert customer.kind("typing")["author"] == {"kind": "agent", "name": "Jonas"}
        customer.read(0.5)
        assert len([f for f in customer.frames if f["type"] == "typing"]) == 1


# --- the wall ---------------------------------------------------------------------------------


def test_the_wall_says_how_everything_stands(doors: Doors) -> None:
    with at_work(doors) as (_, _, lead, key):
        status, _, wall = doors.http("GET", "/api/v1/wall/", token=doors.token("manager"))
        assert status == 200
        assert set(wall["numbers"]) == {
            "waiting", "longest_wait", "service_level", "online", "free", "bot_share",
            "conversations", "satisfaction", "answers",
        }  # fmt: skip
        jonas = next(a for a in wall["agents"] if a["name"] == "Jonas")
        assert jonas["load"] >= 1
        assert key in {c["conversation"] for c in wall["conversations"]}
        do(lead, "wall", key, on=True)
        told = lead.kind("wall", 15)
        assert {a["name"] for a in told["agents"]} >= {"Jonas", "Mareike"}
        assert doors.http("GET", "/api/v1/wall/", token=doors.token("agent1"))[0] == 403
