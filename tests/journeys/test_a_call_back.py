"""A long queue: a call is offered, booked in a slot, due at its time, dialled by the agent, answered."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.doors.people import Doors
from tests.journeys.screens import Desk, Visitor

pytestmark = pytest.mark.journey

# The story must be the same at every hour and on every day of the week.
_NO_NIGHT = (
    "from agents.callbacks.models import CallRules; CallRules.objects.update_or_create(pk=1, "
    "defaults={'quiet_from': '00:00', 'quiet_until': '00:00', 'days_ahead': 14})"
)
_AS_EVER = "from agents.callbacks.models import CallRules; CallRules.objects.all().delete()"
_TWENTY_MINUTES = (
    "from django.utils import timezone; from conversations.models import Conversation; "
    "Conversation.objects.filter(uuid='{talk}').update(promised={{'low': 900, 'high': 1200, "
    "'at': timezone.now().isoformat(), 'told_at': None}})"
)
_ITS_TIME_COMES = (
    "from django.utils import timezone; from agents.callbacks.models import Call; "
    "Call.objects.filter(wish__conversation__uuid='{talk}', state='scheduled')"
    ".update(due_at=timezone.now())"
)


@pytest.fixture
def by_day(doors: Doors) -> Iterator[Doors]:
    doors.manage_output("shell", "-c", _NO_NIGHT)
    yield doors
    doors.manage_output("shell", "-c", _AS_EVER)


def test_a_long_queue_a_call_its_time_an_answer(
    by_day: Doors, visitor: Callable[[], Visitor], desk: Callable[[str], Desk]
) -> None:
    agent = desk("agent1")
    customer = visitor()
    customer.open_chat()
    customer.say("I want to talk to a person about my order")
    customer.insist_on_a_person()
    customer.until(lambda: customer.got("state"), "they wait")
    talk = customer.conversation
    by_day.manage_output("shell", "-c", _TWENTY_MINUTES.format(talk=talk))
    expect(customer.words("we call you back").last).to_be_visible(timeout=30_000)

    chat = customer.chat
    chat.get_by_role("button", name="We can call you instead").click()
    chat.get_by_label("Your phone number").fill("+49 30 7654367")
    chat.get_by_label("At a time I choose").check()
    chat.locator(".call__time").last.click()  # the first may have begun by the time it is looked at
    chat.get_by_role("button", name="Call me").click()
    expect(customer.words("We will call +49 30 7654367 (")).to_be_visible(timeout=10_000)

    page = agent.page
    page.locator("[data-view-choice=calls]").click()
    call = page.locator(".call", has_text="+49 30 7654367").first
    expect(call).to_contain_text("Promised for", timeout=10_000)  # without asking: it was pushed
    by_day.manage_output("shell", "-c", _ITS_TIME_COMES.format(talk=talk))
    expect(call).to_contain_text("To be called now", timeout=15_000)
    call.get_by_role("button", name="Call").click()
    expect(call).to_contain_text("You are talking", timeout=20_000)
    expect(agent.thread).to_contain_text(re.compile("reached the customer by telephone"))
    expect(page.locator(".conversation__facts")).to_contain_text("Yours", timeout=10_000)
    call.get_by_role("button", name="Done").click()
    expect(call).to_be_hidden(timeout=10_000)

    promise = page.locator("[data-section=call]")  # the agent promises another one
    promise.get_by_role("button", name="Book a call").click()
    promise.get_by_label("Number").fill("+49 30 7654368")
    times = promise.get_by_label("When")
    expect(times.locator("option").nth(2)).to_be_attached(timeout=10_000)
    times.select_option(index=2)
    promise.get_by_role("button", name="Book", exact=True).click()
    expect(promise).to_contain_text("+49 30 7654368, ", timeout=10_000)
    expect(customer.words("We will call +49 30 7654368 (")).to_be_visible(timeout=10_000)
    expect(agent.thread).to_contain_text("booked a call for the customer")
