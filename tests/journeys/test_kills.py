"""Something dies in the middle of a talk: nothing is lost, nothing is doubled, nobody is forgotten."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.doors.people import Doors, Frame
from tests.journeys.screens import Desk, Line, Visitor, folded

pytestmark = pytest.mark.journey

SOMEBODY_S_WITHIN = 30.0  # seconds


@dataclass
class Talk:
    doors: Doors
    customer: Visitor
    agent: Desk

    @property
    def key(self) -> str:
        return self.customer.conversation

    def stored(self) -> list[Frame]:
        return [line for line in self.doors.history(self.key) if line["type"] == "message"]


@pytest.fixture
def talk(doors: Doors, visitor: Callable[[], Visitor], desk: Callable[[str], Desk]) -> Talk:
    """A customer with the chat open, and an agent who is there."""
    talk = Talk(doors, visitor(), desk("agent1"))
    talk.agent.go_online()
    talk.customer.open_chat()
    return talk


@pytest.fixture
def together(talk: Talk) -> Talk:
    """They are talking to each other."""
    talk.customer.say("My tent leaks at the seams")
    talk.customer.until(talk.customer.acknowledged, "the first words are stored")
    talk.customer.insist_on_a_person()
    talk.agent.accept(talk.key)
    talk.agent.say("Sorry to hear that! Since when?")
    expect(talk.customer.words("Since when?")).to_be_visible()
    return talk


def both_speak(talk: Talk, moment: str) -> None:
    """At once, without looking whether anybody hears it."""
    talk.customer.say(f"Customer {moment}")
    talk.agent.say(f"Agent {moment}")


def heard_by_both(talk: Talk, moment: str) -> None:
    for words in (f"Customer {moment}", f"Agent {moment}"):
        expect(talk.customer.words(words)).to_have_count(1, timeout=40_000)
        expect(talk.agent.words(words)).to_have_count(1, timeout=40_000)


def same_on_both_screens(talk: Talk) -> None:
    """What was acknowledged is in the database, and both screens show the database."""
    stored = talk.stored()
    ids = [message["id"] for message in stored]
    assert len(ids) == len(set(ids))
    assert talk.customer.acknowledged() | talk.agent.acknowledged() <= set(ids)

    public = [message for message in stored if message["seq"] is not None]
    assert [message["seq"] for message in public] == list(range(1, len(public) + 1))

    def as_stored(messages: list[Frame], number: str) -> list[Line]:
        return [Line(message[number], folded(message["text"])) for message in messages]

    def as_shown(lines: list[Line]) -> list[Line]:
        return [Line(line.number, folded(line.words)) for line in lines]

    talk.customer.until(
        lambda: as_shown(talk.customer.lines()) == as_stored(public, "seq"),
        "the customer sees what is stored",
    )
    talk.agent.until(
        lambda: as_shown(talk.agent.lines()) == as_stored(stored, "offset"),
        "the agent sees what is stored",
    )
    expect(talk.customer.chat.locator(".message--draft")).to_have_count(0)
    expect(talk.agent.page.locator(".thread__writing")).to_be_hidden()


def becomes_somebody_s(talk: Talk, conversation: str, killed_at: float) -> None:
    left = SOMEBODY_S_WITHIN - (time.monotonic() - killed_at)
    talk.customer.until(
        lambda: is_somebody_s(talk.doors, conversation), "the customer is somebody's", left
    )


def is_somebody_s(doors: Doors, conversation: str) -> bool:
    """A person's, a queue's, or the bot has spoken last."""
    path = f"/api/v1/conversations/{conversation}/"
    try:
        status, _, card = doors.http("GET", path, token=doors.token("admin"))
    except OSError:  # nobody at the door yet
        return False
    if status != 200:
        return False
    return card["state"] in {"queued", "assigned"} or (
        card["state"] == "bot" and card["waiting_since"] is None
    )


@pytest.mark.parametrize("moment", ["before the first word", "in the middle"])
def test_the_model_dies_during_the_answer(talk: Talk, moment: str) -> None:
    customer, agent, doors = talk.customer, talk.agent, talk.doors
    model = doors.aim("app:model")
    customer.say("Which of your sleeping bags is the warmest, and how do I wash it?")
    if moment == "in the middle":
        customer.until(lambda: customer.got("delta") or customer.got("state"), "the first words")
    else:
        customer.until(customer.acknowledged, "the question is stored")
    killed_at = time.monotonic()
    doors.shoot(model)

    becomes_somebody_s(talk, talk.key, killed_at)
    doors.wait_until_back(model)

    # However it went on, a person can take it up and sees the same as the customer.
    customer.insist_on_a_person()
    agent.accept(talk.key)
    both_speak(talk, "afterwards")
    heard_by_both(talk, "afterwards")
    same_on_both_screens(talk)


@pytest.mark.parametrize("victim", ["app:web", "services:valkey", "services:postgres"])
def test_it_dies_while_both_write(together: Talk, victim: str) -> None:
    talk, doors = together, together.doors
    with doors.customer() as other:
        aimed = doors.aim(victim)
        talk.customer.type("Customer during")
        talk.agent.type("Agent during")
        other.acked("Do you repair zips?")  # stored, and nobody has answered it yet
        killed_at = time.monotonic()
        doors.shoot(aimed)
        talk.customer.send()
        talk.agent.send()
        doors.wait_until_back(aimed)
        becomes_somebody_s(talk, str(other.session["conversation"]), killed_at)

    both_speak(talk, "afterwards")
    heard_by_both(talk, "during")
    heard_by_both(talk, "afterwards")
    same_on_both_screens(talk)
