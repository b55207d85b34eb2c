"""The bot takes a return up to its label; a hard case comes to a person with everything gathered."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.doors.people import Doors
from tests.journeys.screens import Desk, Office, Visitor

pytestmark = pytest.mark.journey

ORDER, EMAIL = "FW-10230", "mia.berger@example.com"


def test_a_return_and_a_case_for_a_person(
    doors: Doors,
    visitor: Callable[[], Visitor],
    desk: Callable[[str], Desk],
    office: Callable[[str], Office],
) -> None:
    returns_up_to_the_label(visitor())
    agent, customer = desk("agent4"), visitor()
    agent.go_online()
    hard_case(agent, customer)
    answered_with_help(agent, customer)
    help_is_counted(doors, office("manager"))


def tells(customer: Visitor, text: str) -> str:
    """Says something; what the bot then answers to it, and to nothing before."""
    before = len(customer.got("ack"))
    customer.say(text)
    customer.until(lambda: len(customer.got("ack")) > before, "it is stored")
    return str(customer.answer()["text"])


def returns_up_to_the_label(customer: Visitor) -> None:
    """Item, number, reason, country, what it costs, yes: then there is a label, and once."""
    customer.open_chat()
    assert "Which item" in tells(customer, f"I want to send something back from {ORDER}, {EMAIL}")
    if "How many" in tells(customer, "socks"):
        assert "Why" in tells(customer, "1")
    tells(customer, "it is too small")
    assert "Shall I make the label?" in tells(customer, "Germany")
    assert "Shall I make the label?" in tells(customer, "how long does a refund take?")
    done = tells(customer, "yes please")
    assert "RT-" in done
    assert "/returns/" in done
    expect(customer.words("your label")).to_be_visible()


def hard_case(agent: Desk, customer: Visitor) -> None:
    """Something arrived broken: the agent reads what it is, and nobody asks again."""
    customer.open_chat()
    tells(customer, f"return an item of my order {ORDER}, {EMAIL}")
    if "How many" in tells(customer, "the Heron 2 tent"):
        tells(customer, "1")
    tells(customer, "it is damaged, a pole is broken")
    assert "sorry that it is damaged" in tells(customer, "Germany")

    key = customer.conversation
    agent.accept(key)
    summary = agent.page.locator(".handover__summary")
    expect(summary).to_contain_text(f"Damaged item in order {ORDER}")
    for known in (EMAIL, "Heron 2", "damaged", "Germany"):
        expect(summary).to_contain_text(known, ignore_case=True)
    expect(agent.words("a pole is broken")).to_have_count(1)


def answered_with_help(agent: Desk, customer: Visitor) -> None:
    """A suggestion comes with its source, is changed, and sent; what is left to do stands beside it."""
    left = agent.page.locator('[data-section="steps"] .customer__count')
    expect(left).to_have_text("Return an item")
    customer.say("And how long do I have to return an item?")
    card = agent.page.locator(".help__one").first
    expect(card).to_be_visible(timeout=60_000)
    expect(card.locator(".chip").first).to_be_visible()
    suggested = card.locator(".help__words").inner_text()
    card.locator(".help__take").click()
    agent.type(f"{suggested} A photograph of the pole helps.")
    agent.send()
    expect(customer.words("A photograph of the pole helps.")).to_be_visible()


def help_is_counted(doors: Doors, manager: Office) -> None:
    """What was changed and sent is in the report, with how much of it was changed."""
    token = doors.token("manager")

    def edited() -> bool:
        _, _, report = doors.http("GET", "/api/v1/reports/suggestions/", token=token)
        return bool(report["current"]["total"]["edited"])

    manager.until(edited, "the suggestion is counted", seconds=60)
    manager.open("/admin/analytics/")
    row = manager.page.locator("tr", has_text="Tomás").filter(has_text="100")
    expect(row.first).to_be_attached()
