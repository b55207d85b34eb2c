"""An angry customer writes: the supervisor is called, sees the chance, and may say that it is wrong."""

import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.doors.people import Doors
from tests.journeys.screens import Desk

pytestmark = pytest.mark.journey


def test_an_angry_customer_an_alert_a_supervisor(doors: Doors, desk: Callable[[str], Desk]) -> None:
    chief = desk("manager")
    page = chief.page
    mark = uuid.uuid4().hex[:6]
    session = doors.session()
    talk = str(session["conversation"])
    with doors.customer(session) as customer:
        customer.acked(f"Where is my parcel {mark}?")
        customer.send({"type": "human"})
        customer.until(lambda frame: frame.get("state") in {"queued", "assigned"})
        customer.acked("This is the worst service I have ever had, I am furious")
        customer.acked("Terrible, awful, useless. I hate this and want my money back!!")
        chief.until(
            lambda: any(
                one.get("kind") == "mood" and one.get("conversation") == talk
                for one in chief.got("notification")
            ),
            "the supervisor is told",
            seconds=60,
        )
    bell = page.get_by_role("button", name=re.compile(r"^Notices, \d+ unread"))
    bell.click()
    notice = page.get_by_text(re.compile(r"Sounds unhappy \(\d+ %\)")).first
    expect(notice).to_be_visible()
    notice.click()
    expect(page).to_have_url(re.compile(talk), timeout=10_000)
    mood = page.locator(".conversation__facts .mood")
    expect(mood).to_have_text("Sounds unhappy")
    mood.click()
    panel = page.get_by_role("dialog", name="How the messages read")
    expect(panel).to_contain_text("It says nothing about an agent")
    expect(panel).to_contain_text(re.compile(r"negative, \d+ %"))
    panel.get_by_role("button", name=re.compile("reads as neutral")).first.click()
    expect(panel).to_contain_text("You or a colleague read it as")
    page.keyboard.press("Escape")
    expect(chief.thread).to_contain_text("read as unhappy: an estimate")
    expect(chief.thread).to_contain_text("Came forward in line by 2 minutes")

    page.goto(f"{chief.address}/console/wall/")  # and there they stand, whoever has them
    unhappy = page.locator("#moods li", has=page.locator(f"a[href='/console/#{talk}']"))
    expect(unhappy).to_contain_text(re.compile(r"Unhappy\? −0\.\d\d"), timeout=10_000)
