"""What people have before them: the shop with its chat, the console, the reports, the admin."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, WebSocket, expect

from tests.doors.people import PASSWORD, Doors, Frame

# Reads a whole list at once, so that no line can change between two looks at it.
_WIDGET_LINES = """(all) => all.map((one) => [
    Number(one.dataset.seq),
    one.querySelector(".message__text")?.innerText ?? "",
])"""
_CONSOLE_LINES = """(all) => all.map((one) => [
    Number(one.dataset.offset ?? 0),
    one.querySelector(".message__text")?.innerText ?? "",
])"""


@dataclass(frozen=True)
class Line:
    """A message as it stands on a screen; `number` is its place in the log."""

    number: int
    words: str


def folded(text: str) -> str:
    """The letters alone: a bot's words are stored with marks that a screen shows as shapes."""
    return " ".join(re.sub(r"[\W\d_]+", " ", text).split())


class Screen:
    """One page of one person, and what the server said to it over its sockets."""

    def __init__(self, context: BrowserContext, doors: Doors, *, port: int = 0) -> None:
        self.doors = doors
        self.address = f"http://127.0.0.1:{port or doors.port}"
        self.frames: list[Frame] = []
        self.page: Page = context.new_page()
        self.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda said: self.frames.append(json.loads(said)))

    def until(self, condition: Callable[[], Any], what: str, seconds: float = 30) -> None:
        """Waits while the page goes on living."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
            self.page.wait_for_timeout(50)

    def got(self, kind: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["type"] == kind]

    def acknowledged(self) -> set[str]:
        """The ids of the messages that the server said it has."""
        return {frame["id"] for frame in self.got("ack") if frame.get("id")}


class Visitor(Screen):
    """A customer in the shop."""

    def __init__(self, context: BrowserContext, doors: Doors) -> None:
        super().__init__(context, doors)
        self.page.goto(self.address)
        self.chat: FrameLocator = self.page.frame_locator("contact-centre iframe")

    def open_chat(self) -> None:
        self.page.get_by_role("button", name="Open chat").click()
        expect(self.field).to_be_visible()

    @property
    def field(self) -> Locator:
        return self.chat.get_by_role("textbox", name="Write a message")

    @property
    def person(self) -> Locator:
        return self.chat.get_by_role("button", name="Talk to a person")

    @property
    def conversation(self) -> str:
        return str(self.got("welcome")[-1]["conversation"])

    def type(self, text: str) -> None:
        self.field.fill(text)

    def send(self) -> None:
        self.field.press("Enter")

    def say(self, text: str) -> None:
        self.type(text)
        self.send()

    def insist_on_a_person(self) -> None:
        """Whether the bot has stepped aside meanwhile or not: asking twice changes nothing."""
        self.chat.locator(".person").click(force=True)

    @property
    def offers(self) -> Locator:
        return self.chat.get_by_role("region", name="You may like")

    def words(self, text: str) -> Locator:
        return self.chat.locator(".message__text", has_text=text)

    def answer(self) -> Frame:
        """The bot's newest stored message, once it has come."""
        spoken: list[Frame] = []

        def came() -> bool:
            spoken[:] = [f for f in self.got("message") if f["author"]["kind"] == "bot"]
            own = [f["seq"] for f in self.got("ack")]
            return bool(spoken) and spoken[-1]["seq"] > max(own, default=0)

        self.until(came, "the bot answers")
        return spoken[-1]

    def lines(self) -> list[Line]:
        found = self.chat.locator(".message[data-seq]").evaluate_all(_WIDGET_LINES)
        return [Line(number, words) for number, words in found]


class Desk(Screen):
    """An agent at the console."""

    def __init__(
        self, context: BrowserContext, doors: Doors, username: str, *, port: int = 0
    ) -> None:
        super().__init__(context, doors, port=port)
        self.page.goto(f"{self.address}/console/")
        self.page.get_by_label("User name").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.until(lambda: self.got("welcome"), "the console is connected")

    @property
    def thread(self) -> Locator:
        return self.page.locator(".conversation .thread__log")

    @property
    def field(self) -> Locator:
        return self.page.locator(".composer__words")

    @property
    def worth_offering(self) -> Locator:
        return self.page.locator('[data-section="offers"]')

    def go_online(self) -> None:
        self.page.get_by_role("button", name="Go online").click()
        expect(self.page.get_by_role("button", name="Go online")).to_be_hidden()

    def offer(self, conversation: str) -> Locator:
        return self.page.locator(f'.offer[data-conversation="{conversation}"]')

    def accept(self, conversation: str) -> None:
        """With one key, wherever the eye is."""
        expect(self.offer(conversation)).to_be_visible(timeout=30_000)
        self.page.keyboard.press("a")
        expect(self.page).to_have_url(f"{self.address}/console/#{conversation}", timeout=10_000)
        expect(self.page.locator(".conversation__facts")).to_contain_text("Yours", timeout=10_000)

    def type(self, text: str) -> None:
        if not self.field.evaluate("(field) => field === document.activeElement"):
            self.page.keyboard.press("r")
        self.field.fill(text)

    def send(self) -> None:
        self.field.press("Enter")

    def say(self, text: str) -> None:
        self.type(text)
        self.send()

    def note(self, text: str) -> None:
        self.field.press("Escape")
        self.page.keyboard.press("n")
        self.say(text)

    def resolve(self) -> None:
        self.field.press("Escape")
        self.page.keyboard.press("e")
        self.page.get_by_role("button", name="Solved", exact=True).click()
        expect(self.page.get_by_text("You can undo it")).to_be_hidden()

    def words(self, text: str) -> Locator:
        return self.thread.locator(".message__text", has_text=text)

    def lines(self) -> list[Line]:
        found = self.thread.locator(".message").evaluate_all(_CONSOLE_LINES)
        return [Line(number, words) for number, words in found]


class Office(Screen):
    """A manager or an editor, signed in to the admin."""

    def __init__(self, context: BrowserContext, doors: Doors, username: str) -> None:
        super().__init__(context, doors)
        self.page.goto(f"{self.address}/admin/")
        self.page.locator("input[name=username]").fill(username)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("[type=submit]").first.click()
        self.page.wait_for_url(f"{self.address}/admin/")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")
