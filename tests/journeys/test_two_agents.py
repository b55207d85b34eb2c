"""One customer, two agents and a supervisor; a closed tab, a minute without a network."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.doors.people import Doors
from tests.journeys.screens import Desk, Visitor, folded
from tests.journeys.wires import cable

pytestmark = pytest.mark.journey

NAMES = {"agent1": "Jonas", "agent2": "Lin"}
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


def who_is_asked(desks: dict[str, Desk], key: str) -> str:
    """The one on whose screen the offer is; it is on no other."""
    first = next(iter(desks.values()))
    asked: list[str] = []

    def somebody() -> bool:
        asked[:] = [name for name, desk in desks.items() if desk.offer(key).is_visible()]
        return bool(asked)

    first.until(somebody, "somebody is asked")
    assert len(asked) == 1
    return asked[0]


def stage(doors: Doors, key: str) -> str:
    card = doors.http("GET", f"/api/v1/conversations/{key}/", token=doors.token("admin"))[2]
    return str(card["stage"])


def comes_to(screen: Desk, wanted: str, key: str) -> None:
    """A screen may be ahead of the database by a round trip."""
    screen.until(lambda: stage(screen.doors, key) == wanted, f"it is {wanted}")


def test_from_hand_to_hand(doors: Doors, customer: Visitor, desk: Callable[[str], Desk]) -> None:
    desks = {name: desk(name) for name in NAMES}
    for one in desks.values():
        one.go_online()
    key = asks_for_a_person(customer)

    # One says no, the other is asked and takes it
    no = who_is_asked(desks, key)
    yes = next(name for name in NAMES if name != no)
    desks[no].page.keyboard.press("d")
    expect(desks[no].offer(key)).to_be_hidden()
    desks[yes].accept(key)
    desks[yes].say("Hello, I am looking into it.")
    expect(customer.words("I am looking into it.")).to_be_visible()

    # Passed on to whoever had said no, with a word about it
    giver, taker = desks[yes], desks[no]
    giver.field.press("Escape")
    giver.page.keyboard.press("t")
    giver.page.get_by_label("Note for whoever takes it").fill("You know tents")
    giver.page.get_by_role("button", name=NAMES[no]).click()
    expect(customer.words(f"{NAMES[no]} has joined the conversation.")).to_be_visible()
    taker.page.goto(f"{taker.address}/console/#{key}")
    expect(taker.page.locator(".conversation__facts")).to_contain_text("Yours", timeout=10_000)
    expect(taker.words("You know tents")).to_be_visible()

    # A supervisor listens and says something that only the agent hears
    chief = desk("manager")
    chief.page.goto(f"{chief.address}/console/#{key}")
    chief.page.get_by_role("button", name="Watch", exact=True).click()
    expect(chief.page.get_by_role("button", name="Stop watching")).to_be_visible()
    chief.page.get_by_role("button", name="Whisper").click()
    chief.page.locator("#supervise-text").fill("Offer a new one")
    chief.page.locator(".supervise__form").get_by_role("button", name="Send").click()
    expect(taker.words("Offer a new one")).to_be_visible()

    # Held, and taken up again because the customer goes on
    taker.page.locator(".conversation__facts").click()
    taker.page.keyboard.press("h")
    expect(taker.page.locator(".conversation__facts")).to_contain_text("on hold")
    comes_to(taker, "on_hold", key)
    customer.say("Are you there?")
    expect(taker.page.locator(".conversation__facts")).not_to_contain_text("on hold")
    comes_to(taker, "assigned", key)
    taker.say("You get a new one.")
    expect(customer.words("You get a new one.")).to_be_visible()
    expect(customer.words("Offer a new one")).to_have_count(0)
    expect(customer.words("You know tents")).to_have_count(0)

    # Over for the customer, written up by the agent
    taker.field.press("Escape")
    taker.page.keyboard.press("e")
    taker.page.get_by_label("Give me time to write it up").check()
    taker.page.get_by_role("button", name="Solved", exact=True).click()
    expect(taker.page.locator(".wrapup")).to_be_visible()
    comes_to(taker, "wrap_up", key)
    expect(customer.chat.get_by_text("Very good", exact=True)).to_be_visible()
    taker.page.locator(".wrapup").get_by_label("Solved", exact=True).check()
    taker.page.locator(".wrapup").get_by_role("button", name="Done").click()
    expect(taker.page.locator(".wrapup")).to_be_hidden()
    comes_to(taker, "resolved", key)

    # And it goes on: first with the bot, then with a person again
    customer.say("One more thing: can I wash it?")
    customer.until(lambda: stage(doors, key) != "resolved", "it is open again")
    customer.insist_on_a_person()
    assert who_is_asked(desks, key) in NAMES
    kinds = [line.get("kind") for line in doors.history(key) if line["type"] == "event"]
    for kind in ("declined", "transferred", "on_hold", "off_hold", "wrapping_up", "reopened"):
        assert kind in kinds, kinds


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
