"""Something is recommended, opened and counted: in the chat and beside the agent; an unhappy word takes it away."""

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.doors.people import Doors
from tests.journeys.screens import Desk, Office, Visitor

pytestmark = pytest.mark.journey


def _offered(doors: Doors, token: str, name: str) -> None:
    """Shown in the chat, nobody drawn to have none: a story cannot wait for chance."""
    item = {
        "key": name, "name": name, "url": "/", "price": "12.00", "currency": "EUR",
    }  # fmt: skip
    rules = {"widget": True, "control_percent": 0, "explore_percent": 0, "busy_from": 100}
    for method, path, words in (
        ("PUT", "recommendations/rules/", rules),
        ("POST", "items/", {"items": [item]}),
    ):
        status, _, answer = doors.http(method, f"/api/v1/{path}", words, token=token)
        assert status == 200, answer


def _opened(doors: Doors, token: str) -> int:
    _, _, worth = doors.http("GET", "/api/v1/recommendations/worth/?days=1", token=token)
    return sum(one["clicked"] for one in worth["positions"])


def test_an_offer_is_shown_opened_counted_and_goes_when_the_customer_is_unhappy(
    doors: Doors,
    desk: Callable[[str], Desk],
    visitor: Callable[[], Visitor],
    office: Callable[[str], Office],
) -> None:
    token, name = doors.token("admin"), f"Zephyrine {uuid.uuid4().hex[:6]}"
    _offered(doors, token, name)
    before = _opened(doors, token)
    agent = desk("agent1")
    agent.go_online()
    customer = visitor()
    customer.open_chat()
    # A question that an article answers: what is offered stands under an answer.
    customer.say(f"How long do I have to return a {name}?")

    expect(customer.offers).to_be_visible(timeout=60_000)
    link = customer.offers.get_by_role("link", name=re.compile(name))
    with customer.page.context.expect_page() as opened:
        link.click()
    opened.value.close()
    customer.until(lambda: _opened(doors, token) == before + 1, "the click is counted")

    customer.insist_on_a_person()
    agent.accept(customer.conversation)
    row = agent.worth_offering.locator("li", has_text=name)
    expect(row).to_contain_text("because: the customer speaks of it", timeout=15_000)
    row.get_by_role("button", name="Put into the reply").click()
    expect(agent.field).to_have_value(re.compile(f"{name}: http"))
    customer.until(lambda: _opened(doors, token) == before + 2, "it is counted here, too")

    # No cross word is in it: how the messages read (an estimate) is what tells.
    customer.say("I regret ever buying from you, nothing works and nobody cares.")
    customer.say("Honestly I will never shop here again, such a sad experience.")
    expect(agent.worth_offering).to_contain_text(
        "Nothing now: the customer sounds unhappy.", timeout=60_000
    )
    expect(customer.offers).to_be_hidden(timeout=100_000)

    manager = office("admin")
    manager.open("/admin/recommendations/showing/")
    expect(manager.page.locator(".standing")).to_contain_text("Too few conversations to say")

    manager.open("/admin/recommendations/segment/add/")
    page = manager.page
    page.locator("#id_name").fill(f"Looked at a {name}")
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_label("What", exact=True).select_option(label="Looked at")
    page.get_by_label("Item", exact=True).select_option(label=name)
    expect(page.locator(".rule-says")).to_have_text(
        f"1 customer belongs to it now: looked at “{name}”."
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("row", name=f"Looked at a {name}")).to_contain_text("looked at")
