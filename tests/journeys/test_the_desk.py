"""An agent's day at the desk: from the keyboard, with lists, stages and news."""

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.doors.people import Doors
from tests.journeys.screens import Desk

pytestmark = pytest.mark.journey


def waits(doors: Doors, words: str) -> str:
    """A customer who wants a person; the conversation."""
    session = doors.session()
    with doors.customer(session) as customer:
        customer.acked(words)
        customer.send({"type": "human"})
        customer.until(lambda frame: frame.get("state") in {"queued", "assigned"})
    return str(session["conversation"])


def row(agent: Desk, conversation: str) -> str:
    return f'[data-list-view="all"] .row-card[data-conversation="{conversation}"]'


def test_a_talk_goes_through_its_stages_from_the_keyboard(
    doors: Doors, desk: Callable[[str], Desk]
) -> None:
    agent = desk("agent1")
    page = agent.page
    agent.go_online()
    talk = waits(doors, f"The zip of my tent is broken {uuid.uuid4().hex[:6]}")
    agent.accept(talk)
    facts = page.locator(".conversation__facts")

    agent.field.press("Escape")
    page.keyboard.press("h")
    expect(facts).to_contain_text("Yours, on hold")
    expect(agent.words("looking something up")).to_be_visible()
    page.keyboard.press("h")
    expect(facts).not_to_contain_text("on hold")

    page.keyboard.press("w")
    why = page.get_by_role("dialog", name="Why this agent")
    expect(why).to_contain_text("Jonas: accepted the offer.")
    expect(why.get_by_role("row", name=re.compile("Jonas"))).to_contain_text("can be asked")
    page.keyboard.press("Escape")

    page.keyboard.press("e")
    page.get_by_label("Give me time to write it up").check()
    page.get_by_role("button", name="Other", exact=True).click()
    form = page.get_by_role("form", name="Write it up")
    expect(form).to_contain_text("Kept: Other")
    form.get_by_label("Not solved").check()
    form.get_by_label("A note for colleagues").fill("The zip is on back order")
    form.get_by_role("button", name="Done").click()
    expect(form).to_be_hidden()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(facts).to_contain_text("Yours")
    kinds = [line.get("kind") for line in doors.history(talk)]
    steps = ["on_hold", "off_hold", "wrapping_up", "resolved", "reopened"]
    assert [kind for kind in kinds if kind in steps] == steps


def test_who_misses_an_offer_is_told_and_comes_back_with_one_click(
    doors: Doors, desk: Callable[[str], Desk]
) -> None:
    agent = desk("agent1")
    agent.go_online()
    talk = waits(doors, "Is anybody there?")
    expect(agent.offer(talk)).to_be_visible(timeout=30_000)

    notice = agent.page.locator(".lists__away")
    expect(notice).to_contain_text("You missed an offer, so you were set away", timeout=30_000)
    expect(agent.offer(talk)).to_have_count(0)
    agent.go_online()
    expect(agent.offer(talk)).to_be_visible(timeout=30_000)

    me = doors.http("GET", "/api/v1/me/", token=doors.token("agent1"))[2]["id"]
    path, words = f"/api/v1/agents/{me}/presence/", {"status": "away", "reason": "Meeting"}
    assert doors.http("POST", path, words, token=doors.token("manager"))[0] == 200
    expect(notice).to_contain_text(re.compile(r"set you away \(meeting\)"))


def test_views_picking_and_searching(doors: Doors, desk: Callable[[str], Desk]) -> None:
    secret = f"kettle{uuid.uuid4().hex[:8]}"
    first = waits(doors, f"My {secret} leaks")
    second = waits(doors, "I have another question")
    agent = desk("agent1")
    page = agent.page

    page.keyboard.press("s")
    page.get_by_role("button", name="New view").click()
    page.get_by_label("Name of the view").fill(f"Urgent {secret}")
    leaf = page.locator(".builder__leaf")
    leaf.get_by_label("Field").select_option(label="Priority")
    leaf.get_by_label("Comparison").select_option(label="is at least")
    leaf.get_by_role("combobox").last.select_option(label="Urgent")
    page.keyboard.press("Control+Enter")
    view = page.get_by_role("button", name=re.compile(f"Urgent {secret}"))
    expect(view).to_have_attribute("aria-current", "true")
    expect(page.locator(".view-words")).to_have_text("Priority is at least Urgent")

    page.get_by_role("button", name=re.compile(r"^Unassigned")).click()
    for talk in (first, second):
        expect(page.locator(row(agent, talk))).to_be_visible()
        page.locator(row(agent, talk)).focus()
        page.keyboard.press("x")
    bulk = page.get_by_role("region", name="Picked conversations")
    expect(bulk).to_contain_text("2 picked")
    bulk.get_by_role("button", name="Priority").click()
    page.get_by_role("dialog", name="Priority").get_by_role("button", name="Urgent").click()
    expect(page.locator(row(agent, first))).to_contain_text("Urgent")
    undo = page.get_by_role("button", name=re.compile("^Undo"))
    expect(undo).to_be_visible()
    view.click()
    expect(page.locator(row(agent, first))).to_be_visible()
    expect(page.locator(row(agent, second))).to_be_visible()
    undo.click()
    expect(page.locator(row(agent, first))).to_have_count(0)

    page.keyboard.press("Control+Shift+F")
    field = page.get_by_role("searchbox", name="Search all messages")
    field.fill(secret)
    found = page.locator(".found__one")

    def came() -> bool:
        field.press("Enter")
        page.wait_for_timeout(1_000)
        return found.count() == 1

    agent.until(came, "what was said can be found")
    expect(found.locator("mark")).to_have_text(secret)
    field.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".message--found")).to_contain_text(secret)

    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Delete").click()
    expect(view).to_have_count(0)


def test_a_mention_rings_the_bell_and_leads_to_its_line(
    doors: Doors, desk: Callable[[str], Desk]
) -> None:
    talk = waits(doors, "Can somebody help me?")
    agent = desk("agent1")
    note = {"id": str(uuid.uuid4()), "text": "@agent1 do you know this stove?", "note": True}
    path = f"/api/v1/conversations/{talk}/messages/"
    assert doors.http("POST", path, note, token=doors.token("manager"))[0] == 201

    bell = agent.page.get_by_role("button", name=re.compile(r"^Notices, \d+ unread"))
    expect(bell).to_be_visible()
    agent.page.keyboard.press("b")
    agent.page.get_by_role("button", name=re.compile("mentions you")).first.click()
    expect(agent.page.locator(".message--found")).to_contain_text("do you know this stove?")
