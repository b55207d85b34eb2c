"""The agents' socket: who may come in, and what nobody else may see."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.doors.people import PASSWORD, Client, CustomerClient, Doors

pytestmark = pytest.mark.journey


@contextmanager
def in_conversation(doors: Doors) -> Iterator[tuple[CustomerClient, Client, str]]:
    """A customer with agent1, who has the conversation open."""
    with doors.customer() as customer, doors.agent("agent1") as agent:
        agent.send({"type": "presence", "status": "away", "ref": "here"})
        agent.until(lambda f: f.get("ref") == "here")
        customer.acked("My tent leaks")
        customer.send({"type": "human"})
        customer.until(lambda f: f["type"] == "state" and f["state"] == "queued")
        key = customer.session["conversation"]
        agent.send({"type": "claim", "conversation": key, "ref": "claim"})
        agent.until(lambda f: f.get("ref") == "claim")
        agent.send({"type": "open", "conversation": key, "after": 0})
        yield customer, agent, key
        agent.send({"type": "resolve", "conversation": key, "ref": "done"})
        agent.until(lambda f: f.get("ref") == "done")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer"},
        {"Cookie": "sessionid=abc"},
        {"Cookie": "sessionid=%7f; sessionid"},
    ],
)
def test_strangers_are_closed_with_4401(doors: Doors, headers: dict[str, str]) -> None:
    with doors.socket("/ws/agents", **headers) as client:
        assert client.close_code() == 4401


def test_a_customer_s_token_is_no_agent_s(doors: Doors) -> None:
    bearer = f"Bearer {doors.session()['token']}"
    with doors.socket("/ws/agents", Authorization=bearer) as client:
        assert client.close_code() == 4401


def test_a_foreign_page_is_closed_with_4403_even_with_a_good_token(doors: Doors) -> None:
    bearer = f"Bearer {doors.token('agent1')}"
    with doors.socket("/ws/agents", Authorization=bearer, Origin="https://evil.example") as client:
        assert client.close_code() == 4403


def test_a_conversation_from_hand_over_to_the_end(doors: Doors) -> None:
    with in_conversation(doors) as (customer, agent, key):
        reply = str(uuid.uuid4())
        agent.send({"type": "message", "conversation": key, "id": reply, "text": "Let me see"})
        ack = agent.until(lambda f: f["type"] == "ack" and f.get("id") == reply)
        shown = customer.until(lambda f: f["type"] == "message" and f["id"] == reply)
        assert (shown["seq"], shown["author"]["kind"], shown["text"]) == (
            ack["seq"],
            "agent",
            "Let me see",
        )

        customer.say("Thanks")
        agent.until(lambda f: f["type"] == "message" and f["text"] == "Thanks")
        log = [f for f in agent.frames if f.get("conversation") == key and "offset" in f]
        offsets = [f["offset"] for f in log if f["type"] in {"message", "event"}]
        assert offsets[offsets.index(1) :] == list(range(1, offsets[-1] + 1))


def test_a_private_note_reaches_agents_only(doors: Doors) -> None:
    with in_conversation(doors) as (customer, agent, key):
        note = str(uuid.uuid4())
        agent.send(
            {
                "type": "message",
                "conversation": key,
                "id": note,
                "text": "Gold member, be generous",
                "note": True,
            }
        )
        shown = agent.until(lambda f: f["type"] == "message" and f["id"] == note)
        assert (shown["note"], shown["seq"]) == (True, None)
        agent.send({"type": "message", "conversation": key, "id": str(uuid.uuid4()), "text": "Hi"})
        customer.until(lambda f: f["type"] == "message" and f["text"] == "Hi")
        customer.send({"type": "sync", "after": 0})
        customer.read(0.5)

        assert "Gold member" not in str(customer.frames)
        assert [f for f in customer.frames if f["type"] == "error"] == []


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "open"},
        {"type": "message", "id": "x", "text": "y"},
        {"type": "transfer", "to": {"moon": 1}},
        {"type": "transfer", "to": {"agent": str(uuid.uuid4())}},
        {"type": "resolve", "disposition": "<script>"},
        {"type": "snooze", "until": "1999-01-01T00:00:00Z"},
        {"type": "snooze", "until": 7},
        {"type": "presence", "status": "asleep"},
        {"type": "monitor"},
        {"type": "dance"},
        {"type": "accept"},
    ],
)
def test_bad_words_are_answered(doors: Doors, frame: dict[str, object]) -> None:
    with in_conversation(doors) as (_, agent, key):
        agent.send({"conversation": key} | frame if frame["type"] != "open" else frame)
        assert agent.kind("error")["detail"]


def test_absent_and_forbidden_look_alike(doors: Doors) -> None:
    """A conversation with the bot is nobody's business yet."""
    with doors.customer() as customer, doors.agent("agent2") as agent:
        customer.acked("Do you sell stoves?")
        answers = []
        for key in (customer.session["conversation"], str(uuid.uuid4())):
            for kind in ("open", "claim", "message", "read", "resolve"):
                agent.send(
                    {"type": kind, "conversation": key, "id": str(uuid.uuid4()), "text": "x"}
                )
                error = agent.kind("error")
                answers.append((kind, error["code"], error["detail"]))

    assert answers[:5] == answers[5:]
    assert {code for _, code, _ in answers} == {"not_found"}


def test_only_the_holder_replies(doors: Doors) -> None:
    with in_conversation(doors) as (customer, _, key), doors.agent("agent2") as other:
        other.send({"type": "open", "conversation": key, "after": 0})
        other.send({"type": "message", "conversation": key, "id": str(uuid.uuid4()), "text": "Me!"})
        assert other.kind("error")["code"] == "not_allowed"
        other.send({"type": "resolve", "conversation": key})
        assert other.kind("error")["code"] == "not_allowed"
        customer.read()

        assert "Me!" not in str(customer.frames)


# --- who leaves ---

_NEW = """
from django.contrib.auth.models import Group
from agents.models import Agent, Team
one = Agent.objects.create_user(username="{name}", password="{password}")
one.groups.add(Group.objects.get(name="agent"))
Team.objects.first().members.add(one)
"""
_LEAVES = """
from django.utils import timezone
from agents.actions.accounts import deactivate
from agents.models import Agent
deactivate(agent_id=Agent.objects.get(username="{name}").pk, at=timezone.now())
"""
_TOKEN_ENDS = """
from django.utils import timezone
from agents.models import ApiToken
ApiToken.objects.filter(agent__username="{name}").update(revoked_at=timezone.now())
"""
_SERVES_ELSEWHERE = """
from agents.models import Agent
Agent.objects.get(username="{name}").teams.clear()
"""
SOON = 12  # seconds; the board looks every five


@pytest.fixture
def newcomer(doors: Doors) -> Iterator[tuple[Client, Client, Callable[[str], None]]]:
    """A new colleague with two silent consoles, by token and by cookie; and what befalls them."""
    name = f"new-{uuid.uuid4().hex[:8]}"

    def befalls(script: str) -> None:
        doors.manage_output("shell", "-v0", "-c", script.format(name=name, password=PASSWORD))

    befalls(_NEW)
    token, cookie = doors.both_keys(name, PASSWORD)
    with (
        doors.socket("/ws/agents", Authorization=f"Bearer {token}") as by_token,
        doors.socket("/ws/agents", Cookie=cookie) as by_cookie,
    ):
        by_token.kind("welcome")
        by_cookie.kind("welcome")
        yield by_token, by_cookie, befalls
    befalls(_LEAVES)


def test_who_leaves_is_shown_out_without_having_said_a_word(
    newcomer: tuple[Client, Client, Callable[[str], None]],
) -> None:
    by_token, by_cookie, befalls = newcomer
    befalls(_LEAVES)

    assert (by_token.close_code(SOON), by_cookie.close_code(SOON)) == (4401, 4401)


def test_a_revoked_token_closes_its_own_socket_only(
    newcomer: tuple[Client, Client, Callable[[str], None]],
) -> None:
    by_token, by_cookie, befalls = newcomer
    befalls(_TOKEN_ENDS)

    assert by_token.close_code(SOON) == 4401
    by_cookie.send({"type": "ping"})
    assert by_cookie.kind("pong")


def test_who_serves_elsewhere_now_comes_again_and_hears_no_more_of_it(
    newcomer: tuple[Client, Client, Callable[[str], None]],
) -> None:
    by_token, by_cookie, befalls = newcomer
    befalls(_SERVES_ELSEWHERE)

    assert (by_token.close_code(SOON), by_cookie.close_code(SOON)) == (4503, 4503)
