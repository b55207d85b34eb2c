"""Without a mouse: macros from the command bar, many at once, and words of one's own."""

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

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


def open_list(agent: Desk, name: str) -> None:
    with agent.page.expect_response(re.compile("/conversations/filter/")):
        agent.page.keyboard.press("s")
    agent.page.keyboard.press("Escape")
    with agent.page.expect_response(re.compile("/conversations/filter/")):
        agent.page.get_by_role("button", name=re.compile(f"^{name}")).press("Enter")


def row(agent: Desk, conversation: str) -> Locator:
    return agent.page.locator(
        f'[data-list-view="all"] .row-card[data-conversation="{conversation}"]'
    )


def take(agent: Desk, conversation: str) -> None:
    open_list(agent, "Unassigned")
    expect(row(agent, conversation)).to_be_visible()
    row(agent, conversation).press("Enter")
    expect(agent.page.locator(".conversation__facts")).to_contain_text("Waiting")
    agent.page.locator("body").press("c")
    expect(agent.page.locator(".conversation__facts")).to_contain_text("Yours")
    expect(agent.field).to_be_focused()  # it comes a moment later; then the keys are keys again
    agent.field.press("Escape")


def done_to_all(agent: Desk, talks: list[str], verb: str, choice: str) -> None:
    for talk in talks:
        expect(row(agent, talk)).to_be_visible()
        row(agent, talk).press("x")
    bulk = agent.page.get_by_role("region", name="Picked conversations")
    expect(bulk).to_contain_text(f"{len(talks)} picked")
    bulk.get_by_role("button", name=verb, exact=True).press("Enter")
    chosen = agent.page.get_by_role("dialog", name=verb, exact=True)
    chosen.get_by_role("button", name=re.compile(f"^{choice}")).first.press("Enter")


def test_a_macro_from_the_command_bar_is_shown_before_it_is_done(
    doors: Doors, desk: Callable[[str], Desk]
) -> None:
    name = f"Zip {uuid.uuid4().hex[:6]}"
    actions = [
        {"do": "add_labels", "labels": ["zip"]},
        {"do": "reply", "text": "{{agent.first_name}} sends a new zip."},
    ]
    words = {"name": name, "actions": actions}
    assert doors.http("POST", "/api/v1/macros/", words, token=doors.token("agent1"))[0] == 201
    talk = waits(doors, "The zip broke")
    agent = desk("agent1")
    take(agent, talk)

    agent.page.keyboard.press("Control+k")
    agent.page.keyboard.type(name)
    option = agent.page.get_by_role("option", name=re.compile(f"^Macro: {name}"))
    expect(option).to_have_attribute("aria-selected", "true")
    agent.page.keyboard.press("Enter")
    rehearsal = agent.page.get_by_role("dialog", name="Macros")
    expect(rehearsal).to_contain_text("Jonas sends a new zip.")
    expect(agent.words("sends a new zip")).to_have_count(0)
    expect(rehearsal.get_by_role("button", name="Do it")).to_be_focused()
    agent.page.keyboard.press("Enter")

    expect(agent.words("Jonas sends a new zip.")).to_be_visible()
    expect(agent.page.locator("#customer .labels")).to_contain_text("zip")


def test_many_are_muted_snoozed_and_resolved_at_once(
    doors: Doors, desk: Callable[[str], Desk]
) -> None:
    talks = [waits(doors, f"Question {no}") for no in range(2)]
    agent = desk("agent1")
    toasts = agent.page.locator(".toasts")
    open_list(agent, "Unassigned")
    expect(row(agent, talks[0])).to_be_visible()

    done_to_all(agent, talks, "Resolve", "Solved")
    refused = agent.page.locator(".bulk__failed")
    expect(refused).to_contain_text("2 of 2 not done")
    expect(refused).to_contain_text("Nobody has this conversation: take it first.")
    agent.page.locator("body").press("Escape")

    done_to_all(agent, talks, "Assign or pass on", "Me")
    expect(toasts).to_contain_text("2 conversations taken")
    open_list(agent, "Mine")
    done_to_all(agent, talks, "Mute or unmute", "Mute")
    expect(toasts).to_contain_text("2 conversations muted")
    expect(row(agent, talks[0])).to_contain_text("Muted")
    done_to_all(agent, talks, "Snooze", "In 1 hour")
    expect(toasts).to_contain_text("2 conversations snoozed")
    expect(row(agent, talks[1])).to_contain_text("Snoozed until")
    done_to_all(agent, talks, "Resolve", "Solved")
    expect(toasts).to_contain_text("2 conversations resolved")
    expect(row(agent, talks[0])).to_have_count(0)
    toasts.get_by_role("button", name=re.compile("^Undo")).last.press("Enter")
    for talk in talks:
        expect(row(agent, talk)).to_be_visible()


def test_a_reply_of_ones_own_is_written_and_used(doors: Doors, desk: Callable[[str], Desk]) -> None:
    shortcut = f"zip-{uuid.uuid4().hex[:6]}"
    talk = waits(doors, "The zip broke")
    agent = desk("agent1")
    take(agent, talk)

    agent.page.keyboard.press("Control+k")
    agent.page.keyboard.type("change canned")
    agent.page.keyboard.press("Enter")
    box = agent.page.get_by_role("dialog", name="Canned replies and macros")
    make = box.get_by_role("button", name="New reply")
    expect(make).to_be_enabled()
    make.press("Enter")
    agent.page.keyboard.type(shortcut)
    box.get_by_label("Words").fill("A new zip comes, {{customer.nobody}}")
    agent.page.keyboard.press("Control+Enter")
    expect(box).to_contain_text("Nothing is called customer.nobody.")
    box.get_by_label("Words").fill("{{agent.first_name}} sends you a new zip.")
    agent.page.keyboard.press("Control+Enter")
    expect(box.get_by_role("status")).to_have_text("Kept")
    agent.page.keyboard.press("Escape")
    expect(box).to_be_hidden()

    agent.page.locator("body").press("r")
    expect(agent.field).to_be_focused()
    agent.page.keyboard.type(f"/{shortcut}")
    expect(agent.page.locator(".suggest__preview")).to_contain_text("Jonas sends you a new zip.")
    agent.page.keyboard.press("Enter")
    expect(agent.field).to_have_value("Jonas sends you a new zip.")
