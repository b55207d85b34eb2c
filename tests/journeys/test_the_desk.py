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
