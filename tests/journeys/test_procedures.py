"""The bot takes a return up to its label; a hard case comes to a person with everything gathered."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.doors.people import Doors
from tests.journeys.screens import Desk, Visitor

pytestmark = pytest.mark.journey

ORDER, EMAIL = "FW-10230", "mia.berger@example.com"


def test_a_return_and_a_case_for_a_person(
    doors: Doors, visitor: Callable[[], Visitor], desk: Callable[[str], Desk]
) -> None:
    returns_up_to_the_label(visitor())
    agent = desk("agent4")
    agent.go_online()
    hard_case(agent, visitor())


def returns_up_to_the_label(customer: Visitor) -> None:
    """Item, number, reason, country, what it costs, yes: then there is a label, and once."""
    customer.open_chat()
    customer.say(f"I want to send something back from {ORDER}, {EMAIL}")
    said = customer.answer()
    assert said["suggestions"], "the items of the order are there to choose from"
    customer.say("socks")
    while "How many" in customer.answer()["text"]:
        customer.say("1")
    customer.say("it is too small")
    customer.answer()
    customer.say("Germany")
    asked = customer.answer()["text"]
    assert "Shall I make the label?" in asked
    customer.say("how long does a refund take?")
    assert "Shall I make the label?" in customer.answer()["text"], "it goes on where it was"
    customer.say("yes please")
    done = customer.answer()["text"]
    assert "RT-" in done
    assert "/returns/" in done
    expect(customer.words("your label")).to_be_visible()


def hard_case(agent: Desk, customer: Visitor) -> None:
    """Something arrived broken: the agent reads what it is, and nobody asks again."""
    customer.open_chat()
    customer.say(f"return an item of my order {ORDER}, {EMAIL}")
    customer.answer()
    customer.say("the Heron 2 tent")
    customer.answer()
    customer.say("it is damaged, a pole is broken")
    customer.answer()
    customer.say("Germany")
    assert "sorry that it is damaged" in customer.answer()["text"]

    key = customer.conversation
    agent.accept(key)
    summary = agent.page.locator(".handover__summary")
    expect(summary).to_contain_text(f"Damaged item in order {ORDER}")
    for known in (EMAIL, "Heron 2", "damaged", "Germany"):
        expect(summary).to_contain_text(known, ignore_case=True)
    expect(agent.words("a pole is broken")).to_have_count(1)
