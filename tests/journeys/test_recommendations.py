"""Something is recommended, opened and counted: in the widget, and beside the agent; a cross word takes it away."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.doors.people import Doors
from tests.journeys.screens import Desk, Visitor

pytestmark = pytest.mark.journey


def _everywhere(doors: Doors) -> str:
    """Shown in the widget, nobody drawn to have none: a story can't wait for chance."""
    token = doors.token("admin")
    item = {
        "key": "JOURNEY-1",
        "name": "Zephyrine kite",
        "url": "/",
        "price": "12.00",
        "currency": "EUR",
    }
    rules = {"widget": True, "control_percent": 0, "explore_percent": 0, "busy_from": 100}
    for method, path, words in (
        ("PUT", "recommendations/rules/", rules),
        ("POST", "items/", {"items": [item]}),
    ):
        status, _, answer = doors.http(method, f"/api/v1/{path}", words, token=token)
        assert status == 200, answer
    return token


def _counted(doors: Doors, token: str) -> int:
    _, _, worth = doors.http("GET", "/api/v1/recommendations/worth/?days=1", token=token)
    return sum(one["clicked"] for one in worth["positions"])


def test_an_offer_is_shown_opened_counted_and_taken_away(
    doors: Doors, desk: Callable[[str], Desk], visitor: Callable[[], Visitor]
) -> None:
    token = _everywhere(doors)
    before = _counted(doors, token)
    agent = desk("agent1")
    agent.go_online()
    customer = visitor()
    customer.open_chat()
    customer.say("Do you have the Zephyrine kite?")

    offers = customer.chat.get_by_role("region", name="You may like")
    expect(offers).to_be_visible(timeout=60_000)
    link = offers.get_by_role("link", name=re.compile("Zephyrine kite"))
    with customer.page.context.expect_page() as opened:
        link.click()
    opened.value.close()
    customer.until(lambda: _counted(doors, token) == before + 1, "the click is counted")

    customer.insist_on_a_person()
    agent.accept(customer.conversation)
    panel = agent.page.locator('[data-section="offers"]')
    expect(panel).to_contain_text("Zephyrine kite", timeout=15_000)
    expect(panel).to_contain_text("because: the customer speaks of it")
    panel.locator("li", has_text="Zephyrine kite").get_by_role(
        "button", name="Put into the reply"
    ).click()
    expect(agent.field).to_have_value(re.compile("Zephyrine kite: http"))
    customer.until(lambda: _counted(doors, token) == before + 2, "it is counted here, too")

    customer.say("This is ridiculous, you are useless!!")
    expect(panel).to_contain_text("Nothing now: the customer is cross.", timeout=15_000)
