"""An agent's tab is closed, an agent's network is gone: the customer is somebody's all the same."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.doors.people import Doors
from tests.journeys.screens import Desk, Visitor, folded
from tests.journeys.wires import cable

pytestmark = pytest.mark.journey

MEANWHILE = ("Are you still there?", "It rains in.", "I put a bucket below.")
SOMEBODY_ELSE_S_WITHIN = 30.0  # seconds


@pytest.fixture
def customer(visitor: Callable[[], Visitor]) -> Visitor:
    """Somebody new, who asks for a person."""
    return visitor()


def asks_for_a_person(customer: Visitor) -> str:
    customer.open_chat()
    customer.say("My tent leaks at the seams")
    customer.until(customer.acknowledged, "the first words are stored")
    customer.insist_on_a_person()
    return customer.conversation


def test_a_closed_tab_leaves_nobody_alone(
    doors: Doors, customer: Visitor, desk: Callable[[str], Desk]
) -> None:
    leaving = desk("agent1")
    leaving.go_online()
    key = asks_for_a_person(customer)
    leaving.accept(key)
    leaving.say("One moment, please.")
    expect(customer.words("One moment, please.")).to_be_visible()
    other = desk("agent2")
    other.go_online()

    leaving.page.close(run_before_unload=False)
    gone = time.monotonic()

    expect(other.offer(key)).to_be_visible(timeout=SOMEBODY_ELSE_S_WITHIN * 1000)
    other.accept(key)
    assert time.monotonic() - gone < SOMEBODY_ELSE_S_WITHIN
    expect(other.words("One moment, please.")).to_have_count(1)
    other.say("I took over from Jonas.")
    expect(customer.words("I took over from Jonas.")).to_be_visible()


def test_a_minute_without_a_network_loses_and_doubles_nothing(
    doors: Doors,
    customer: Visitor,
    context: Callable[[], BrowserContext],
    nobody_waits: None,
) -> None:
    with cable(doors.port) as line:
        agent = Desk(context(), doors, "agent1", port=line.port)
        agent.go_online()
        key = asks_for_a_person(customer)
        agent.accept(key)
        agent.say("Before the cut.")
        expect(customer.words("Before the cut.")).to_be_visible()

        line.cut()
        expect(agent.page.locator("#connection")).to_be_visible(timeout=20_000)
        agent.say("Said into a dead line.")
        for said in MEANWHILE:
            customer.say(said)
            agent.page.wait_for_timeout(20_000)
        line.mend()

        expect(agent.page.locator("#connection")).to_be_hidden(timeout=40_000)
        for said in MEANWHILE:
            expect(agent.words(said)).to_have_count(1, timeout=20_000)
        # Somebody else could have had it meanwhile, so the words wait for whoever holds it
        expect(agent.page.get_by_text("Said into a dead line.")).not_to_have_count(0)
        stored = [m for m in doors.history(key) if m["type"] == "message" and m["seq"] is not None]
        assert [m["seq"] for m in stored] == list(range(1, len(stored) + 1))
        texts = [m["text"] for m in stored]
        assert texts.count("Before the cut.") == 1
        assert texts.count("Said into a dead line.") <= 1
        shown = [folded(one.words) for one in agent.lines() if one.number]
        for text in texts:
            assert shown.count(folded(text)) == texts.count(text), (text, shown)
