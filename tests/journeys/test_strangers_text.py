"""Words that would like to be programs stay words, on every screen that shows them."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, expect

from tests.doors.people import Doors
from tests.journeys.screens import Desk, Office, Screen, Visitor

pytestmark = pytest.mark.journey

RUN = "window.__xss=1;top.__xss=1;alert(1)"
MESSAGES = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f'"><iframe src="javascript:{RUN}"></iframe>',
    f"[click](javascript:{RUN})",
    f"javascript:{RUN}",
    f"</textarea></title></style><script>{RUN}</script>",
    "{{constructor.constructor('window.__xss=1')()}} ${window.__xss=1} {% debug %}",
    f"<a href=\"javascript:{RUN}\" onmouseover='{RUN}'>**bold** `code`</a>",
    "&lt;script&gt;window.__xss=1&lt;/script&gt;",
)
NAME = f"<img src=x onerror={RUN}>\"'><b>Mallory"
COMMENT = f"</p><script>{RUN}</script><img src=x onerror={RUN}>"
FILE = "<img src=x onerror=window.__xss=1>.txt"


class Watch:
    """Sees whether a script ran in any frame of the pages, or a dialog opened."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.dialogs: list[str] = []

    def over(self, screen: Screen) -> None:
        self.pages.append(screen.page)
        screen.page.on("dialog", self._opened)

    def _opened(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def nothing_ran(self) -> None:
        ran = [
            frame.url
            for page in self.pages
            for frame in page.frames
            if frame.evaluate("window.__xss !== undefined")
        ]
        assert (ran, self.dialogs) == ([], [])


def test_words_stay_words(
    doors: Doors,
    visitor: Callable[[], Visitor],
    desk: Callable[[str], Desk],
    office: Callable[[str], Office],
) -> None:
    watch = Watch()
    agent, customer = desk("agent1"), visitor()
    watch.over(agent)
    watch.over(customer)
    agent.go_online()

    writes_it_all(customer)
    customer.insist_on_a_person()
    reads_it_in_the_console(agent, customer)
    watch.nothing_ran()

    agent.resolve()
    rates(customer)
    watch.nothing_ran()

    editor = office("admin")
    watch.over(editor)
    reads_it_in_the_admin(editor, customer.conversation)
    watch.nothing_ran()


def writes_it_all(customer: Visitor) -> None:
    customer.page.evaluate("(name) => contactcentre.identify({ name })", NAME)
    customer.open_chat()
    for number, words in enumerate(MESSAGES, start=1):
        customer.say(words)
        customer.until(partial(has_stored, customer, number), "stored")
    file = FilePayload(name=FILE, mimeType="text/plain", buffer=b"A quiet text.")
    customer.chat.locator("input[type=file]").set_input_files(file)
    customer.type("And a file")
    expect(customer.chat.get_by_role("button", name="Send")).to_be_enabled()
    customer.send()
    expect(customer.chat.locator(".message .file")).to_be_visible()
    shown = [line.words for line in customer.lines()]
    assert [words for words in MESSAGES if words not in shown] == []


def has_stored(customer: Visitor, number: int) -> bool:
    return len(customer.acknowledged()) == number


def reads_it_in_the_console(agent: Desk, customer: Visitor) -> None:
    expect(agent.offer(customer.conversation)).to_contain_text("Mallory", timeout=30_000)
    expect(agent.offer(customer.conversation).locator(".offer__name")).to_have_text(NAME)
    agent.accept(customer.conversation)
    expect(agent.page.locator(".conversation__name")).to_have_text(NAME)
    expect(agent.words("And a file")).to_be_visible()
    shown = [line.words for line in agent.lines()]
    assert [words for words in MESSAGES if words not in shown] == []
    expect(agent.thread.locator(".file__name")).to_have_text(FILE)


def rates(customer: Visitor) -> None:
    customer.chat.get_by_text("Very bad", exact=True).click()
    customer.chat.get_by_label("Anything you would like to add").fill(COMMENT)
    customer.chat.locator("chat-survey").get_by_role("button", name="Send").click()
    expect(customer.chat.get_by_text("Thank you. It helps us to get better.")).to_be_visible()


def reads_it_in_the_admin(editor: Office, conversation: str) -> None:
    editor.open(f"/admin/conversations/conversation/?q={conversation}")
    editor.page.get_by_role("link", name="Mallory").first.click()
    words = editor.page.locator(".talk-words")
    expect(words.first).to_be_visible()
    spoken = words.all_inner_texts()
    assert [words for words in MESSAGES if words not in spoken] == []
    editor.open("/admin/conversations/rating/")
    expect(editor.page.get_by_text(COMMENT).first).to_be_attached()
    editor.open("/admin/conversations/customer/")
    expect(editor.page.get_by_text(NAME).first).to_be_attached()
