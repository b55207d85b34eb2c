"""A customer asks, the bot answers, a person takes over, the manager counts, the editor corrects."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.doors.people import Doors, Frame
from tests.journeys.screens import Desk, Office, Visitor

pytestmark = pytest.mark.journey

QUESTION = "How long do I have to return boots?"
ARTICLE = "Returning an item"
COUNTED = {
    "conversations": ("volume", "The customer wrote"),
    "needed a person": ("bot", "Needed a person"),
    "asked for a person": ("handoffs", "The customer asked for a person"),
    "rated with a person": ("satisfaction", "With a person"),
    "very good": ("satisfaction", "5 Very good"),
}


@pytest.fixture
def article(doors: Doors) -> Iterator[str]:
    """The article as it came with the shop; afterwards it is so again."""
    token = doors.token("admin")
    found = doors.results("/api/v1/articles/?language=en&limit=200", token=token)
    article = next(one for one in found if one["title"] == ARTICLE)
    assert "30 days" in article["body"]
    yield article["id"]
    path = f"/api/v1/articles/{article['id']}/"
    # 202: live by itself once what was asked here has been replayed.
    assert doors.http("PATCH", path, {"body": article["body"]}, token=token)[0] in {200, 202}


def counts(office: Office) -> dict[str, int]:
    """What the page of reports says, by the words of its rows."""
    office.open("/admin/analytics/")
    return {name: _count(office, *place) for name, place in COUNTED.items()}


def _count(office: Office, section: str, row: str) -> int:
    cells = office.page.locator(f'#{section} tr:has(th:text-is("{row}")) td')
    if cells.count() == 0:  # nothing of the kind in this period
        return 0
    return int(re.sub(r"\D", "", cells.first.inner_text() or cells.first.text_content() or ""))


def test_the_whole_story(
    doors: Doors,
    article: str,
    visitor: Callable[[], Visitor],
    desk: Callable[[str], Desk],
    office: Callable[[str], Office],
) -> None:
    manager = office("manager")
    before = counts(manager)
    agent = desk("agent1")
    agent.go_online()

    customer = visitor()
    answer = asks_and_is_answered(customer)
    reads_the_article(customer, answer)
    key = customer.conversation

    customer.person.click()
    takes_over(agent, customer, answer)
    writes_a_note_that_stays_inside(agent, customer)
    closes_and_is_rated(agent, customer)
    assert doors.http("GET", f"/api/v1/conversations/{key}/", token=doors.token("admin"))[2][
        "rating"
    ] == {"score": 5, "comment": "Jonas was quick"}

    # The reports are at most a minute old
    expected = {name: number + 1 for name, number in before.items()}
    manager.until(lambda: counts(manager) == expected, f"{expected} counted", seconds=75)

    corrects_the_article(office("admin"), article)
    manager.until(lambda: is_corrected(doors, article), "what was asked is replayed", seconds=75)
    asks_and_hears_the_correction(visitor())


def asks_and_is_answered(customer: Visitor) -> Frame:
    customer.open_chat()
    customer.say(QUESTION)
    answer = customer.answer()

    before = customer.frames[: customer.frames.index(answer)]
    written = "".join(frame["text"] for frame in before if frame["type"] == "delta")
    assert "30 days" in written, "no words came before the whole answer"
    assert "30 days" in answer["text"]
    expect(customer.words("30 days")).to_have_count(1)
    return answer


def reads_the_article(customer: Visitor, answer: Frame) -> None:
    """The source opens inside the chat, and Escape leads back to it."""
    assert answer["citations"][0]["title"] == ARTICLE
    customer.chat.get_by_role("button", name=f"Source 1 {ARTICLE}").last.click()
    reader = customer.chat.get_by_role("region", name=ARTICLE)
    expect(reader.get_by_role("heading", level=1)).to_have_text(ARTICLE)
    expect(reader.locator(".reader__text")).to_contain_text("within 30 days of delivery")
    customer.page.keyboard.press("Escape")
    expect(reader).to_be_hidden()
    expect(customer.field).to_be_visible()


def takes_over(agent: Desk, customer: Visitor, answer: Frame) -> None:
    """With the whole story in front of them: nobody asks twice."""
    key = customer.conversation
    offer = agent.offer(key)
    expect(offer).to_contain_text("The customer asked for a person", timeout=30_000)
    expect(offer).to_contain_text(QUESTION)
    agent.accept(key)

    expect(agent.page.locator(".handover")).to_contain_text("The customer asked for a person")
    expect(agent.page.locator(".handover__summary")).to_contain_text(QUESTION)
    expect(agent.words(QUESTION)).to_have_count(1)
    expect(agent.words("30 days")).to_have_count(1)
    expect(agent.thread.get_by_role("link", name=ARTICLE).first).to_be_visible()
    expect(customer.chat.get_by_role("button", name="You are talking to Jonas")).to_be_visible()

    agent.say("Boots that were only worn indoors are fine. Which order is it?")
    reply = customer.chat.locator(".group", has=customer.words("only worn indoors"))
    expect(reply.locator(".group__name")).to_have_text("Jonas")
    customer.say("Order FW-2041, thank you!")
    expect(agent.words("Order FW-2041")).to_be_visible()


def writes_a_note_that_stays_inside(agent: Desk, customer: Visitor) -> None:
    agent.note("Regular customer, be generous")
    expect(agent.thread.locator(".message--note")).to_contain_text("be generous")
    agent.say("The label is on its way.")
    expect(customer.words("The label is on its way.")).to_be_visible()
    expect(customer.words("generous")).to_have_count(0)
    assert "generous" not in str(customer.frames)


def closes_and_is_rated(agent: Desk, customer: Visitor) -> None:
    agent.resolve()
    customer.chat.get_by_text("Very good", exact=True).click()
    expect(customer.chat.locator(".head")).to_be_in_viewport()
    customer.chat.get_by_label("Anything you would like to add").fill("Jonas was quick")
    customer.chat.locator("chat-survey").get_by_role("button", name="Send").click()
    expect(customer.chat.get_by_text("Thank you. It helps us to get better.")).to_be_visible()
    customer.page.get_by_role("button", name="Close chat").click()


def corrects_the_article(editor: Office, article: str) -> None:
    """As an editor does: find it, change two words, publish them."""
    editor.open(f"/admin/bots/article/?q={ARTICLE}")
    editor.page.get_by_role("link", name=re.compile(f"^{ARTICLE}")).first.click()
    body = editor.page.locator("textarea[name=body]")
    body.fill(body.input_value().replace("30 days", "45 days"))
    editor.page.get_by_role("button", name="Save", exact=True).click()
    # What customers asked before is asked again first; that may take longer than a page waits.
    saved = editor.page.get_by_text(
        re.compile("was changed successfully|questions? replayed|being replayed")
    )
    expect(saved.first).to_be_visible(timeout=30_000)


def is_corrected(doors: Doors, article: str) -> bool:
    shown = doors.http("GET", f"/api/v1/articles/{article}/", token=doors.token("admin"))[2]
    return "45 days" in shown["body"]


def asks_and_hears_the_correction(customer: Visitor) -> None:
    """The very next customer, whether a task has read the article meanwhile or not."""
    customer.open_chat()
    customer.say(QUESTION)
    said = customer.answer()["text"]
    assert "45 days" in said
    assert "30 days" not in said
