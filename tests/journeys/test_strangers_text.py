"""Words that would like to be programs stay words, on every screen that shows them."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, expect

from tests.doors.people import Doors, Frame
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
FILE = f"<img src=x onerror=window.__xss=1>{'F' * 120}.txt"
LABEL = NAME[:40]
# What the policy of the page would stop from running must not even have been made.
_MADE = """() => [...document.querySelectorAll("*")].filter((one) =>
    one.getAttributeNames().some((name) => name.startsWith("on"))
    || /^\\s*(javascript|data:text)/i.test(one.getAttribute("href") ?? one.getAttribute("src") ?? "")
    || (one.localName === "img" && one.getAttribute("src") === "x")
).map((one) => one.outerHTML.slice(0, 200))"""
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


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
        made = [
            one for page in self.pages for frame in page.frames for one in frame.evaluate(_MADE)
        ]
        assert (ran, self.dialogs, made) == ([], [], [])


def fits_a_phone(page: Page) -> None:
    """However long a word is, nobody scrolls to the side."""
    wide = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(_TOO_WIDE) <= 0, page.url
    page.set_viewport_size(wide or {"width": 1280, "height": 900})


def test_words_stay_words(
    doors: Doors,
    visitor: Callable[[], Visitor],
    desk: Callable[[str], Desk],
    office: Callable[[str], Office],
    odd_names: None,
) -> None:
    watch = Watch()
    agent, customer = desk("agent1"), visitor()
    watch.over(agent)
    watch.over(customer)
    agent.go_online()

    writes_it_all(customer)
    customer.insist_on_a_person()
    reads_it_in_the_console(agent, customer)
    finds_it_beside_the_conversation(doors, agent, customer.conversation)
    watch.nothing_ran()

    agent.resolve()
    rates(customer)
    watch.nothing_ran()

    editor = office("admin")
    watch.over(editor)
    reads_it_in_the_admin(editor, customer.conversation)
    watch.nothing_ran()


@pytest.fixture
def odd_names(doors: Doors) -> Iterator[None]:
    """Names of labels, fields, canned replies and rules are words, too; afterwards they are gone."""
    chief, made = doors.token("admin"), []
    words: dict[str, Frame] = {
        "labels/": {"name": LABEL},
        "attributes/": {"scope": "conversation", "key": "odd", "label": LABEL, "kind": "text"},
        "replies/": {
            "shortcut": "odd",
            "title": NAME,
            "texts": {"en": COMMENT},
            "scope": "everybody",
        },
        "outgoing-rules/": {
            "name": NAME,
            "mode": "warn",
            "words": ["zebrafold"],
            "advice": COMMENT,
        },
    }
    for path, body in words.items():
        status, _, said = doors.http("POST", f"/api/v1/{path}", body, token=chief)
        assert status == 201, said
        made.append(f"/api/v1/{path}{said['id']}/")
    yield
    assert [doors.http("DELETE", address, token=chief)[0] for address in made] == [204] * len(made)


def finds_it_beside_the_conversation(doors: Doors, agent: Desk, conversation: str) -> None:
    path = f"/api/v1/conversations/{conversation}/"
    status, _, said = doors.http("PATCH", path, {"labels": [LABEL]}, token=doors.token("admin"))
    assert status == 200, said
    expect(agent.page.locator(".customer .label__name")).to_have_text(LABEL)
    expect(agent.page.locator(".fields__label", has_text=LABEL).first).to_be_attached()
    agent.type("A zebrafold")
    expect(agent.page.locator(".outgo")).to_contain_text(COMMENT)
    agent.field.fill("")
    agent.field.press_sequentially("/odd")
    expect(agent.page.locator(".suggest__word").first).to_have_text(NAME)
    expect(agent.page.locator(".suggest__preview")).to_contain_text(COMMENT)
    fits_a_phone(agent.page)
    agent.field.press("Escape")
    agent.field.fill("")


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
    fits_a_phone(editor.page)
    editor.open("/admin/conversations/rating/")
    expect(editor.page.get_by_text(COMMENT).first).to_be_attached()
    editor.open("/admin/conversations/customer/")
    expect(editor.page.get_by_text(NAME).first).to_be_attached()
