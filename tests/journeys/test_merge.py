"""Two talks of one visitor become one while they look at it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.doors.people import Doors
from tests.journeys.screens import Visitor

pytestmark = pytest.mark.journey


def test_a_page_follows_its_talk_into_another_one(
    doors: Doors, visitor: Callable[[], Visitor], nobody_waits: None
) -> None:
    chief = doors.token("manager")
    session = doors.session()
    with doors.customer(session) as elsewhere:
        elsewhere.acked("My stove is cold")
    page = visitor()
    page.open_chat()
    page.say("My tent leaks")
    page.until(page.acknowledged, "it is stored")
    source, target = page.conversation, session["conversation"]
    doors.manage_output(
        "shell",
        "-v0",
        "-c",
        "from conversations.models import Conversation; "
        f"a = Conversation.objects.get(uuid='{source}'); "
        f"Conversation.objects.filter(uuid='{target}').update(customer=a.customer)",
    )
    doors.http("POST", f"/api/v1/conversations/{target}/claim/", {}, token=chief)

    status, _, said = doors.http(
        "POST", f"/api/v1/conversations/{source}/merge/", {"into": target}, token=chief
    )

    assert status == 200, said
    page.until(lambda: page.conversation == target, "the page is in the other talk")
    expect(page.words("My stove is cold")).to_have_count(1)
    expect(page.words("My tent leaks")).to_have_count(1)
    page.say("And the stove?")
    expect(page.words("And the stove?")).to_have_count(1)
    page.until(lambda: len(page.acknowledged()) == 2, "it is stored there")
    log = [f.get("text", "") for f in doors.history(target)]
    assert [log.count(t) for t in ("My stove is cold", "My tent leaks", "And the stove?")] == [
        1
    ] * 3
    numbers = [line.number for line in page.lines()]
    assert numbers == sorted(set(numbers))
