"""Every procedure of the demo businesses once in a real browser, as far as its customer goes.

    DATA_DIR=… script/manage shell -c "from benchmarks.packs_browser import run; run('/tmp/pictures')"

Against a product that is running from this DATA_DIR with its packs open. A simulated customer types into the
chat of the business's own page and presses quick replies where one says what they mean; at the end there is a
picture of each: wide and narrow, light and dark in turn.
"""

import json
import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, FrameLocator, Page, sync_playwright

from benchmarks.packs_line import LONGEST_WAIT, LiveBot, Unserved
from benchmarks.packs_live import books_of, files_of, put_back
from bots.procedures.customers import Customer
from bots.procedures.visits import visit
from contactcenter.demo.packs.pack import NAMES, pack_named

SIZES = ((1280, 900), (390, 844))
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass(slots=True)
class PageLine:
    """What `Line` is over a socket, through the chat itself."""

    page: Page
    language: str
    waits: list[float] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Playwright writes onto whoever listens, which has to be a plain function
        self.page.on(
            "websocket",
            lambda socket: socket.on(
                "framereceived", lambda said: self.frames.append(json.loads(said))
            ),
        )

    @property
    def chat(self) -> FrameLocator:
        return self.page.frame_locator("contact-centre iframe")

    @property
    def conversation(self) -> str:
        return str(
            next(one for one in reversed(self.frames) if one["type"] == "welcome")["conversation"]
        )

    def say(self, text: str) -> str:
        before = len(self.frames)
        reply = self.chat.get_by_role("button", name=text, exact=True)
        if reply.count() and reply.last.is_visible():
            reply.last.click()
        else:
            field_ = self.chat.locator("textarea").last
            field_.fill(text)
            field_.press("Enter")
        for _ in range(int(LONGEST_WAIT * 20)):
            self.page.wait_for_timeout(50)
            fresh = self.frames[before:]
            said = [
                one for one in fresh if one["type"] == "message" and one["author"]["kind"] == "bot"
            ]
            if said:
                return str(said[-1]["text"])
            if any(
                one["type"] == "state" and one["state"] in {"queued", "assigned"} for one in fresh
            ):
                return ""
        raise Unserved


def run(folder: str, *, packs: str = "all", seed: int = 0) -> None:
    """A line and a picture for each."""
    pictures = Path(folder)
    pictures.mkdir(parents=True, exist_ok=True)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread
    names = NAMES if packs == "all" else tuple(packs.split(","))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_QUIET)
        for name in names:
            _pack(browser, name, pictures, seed)
        browser.close()


def _pack(browser: Browser, pack: str, pictures: Path, seed: int) -> None:
    books = books_of(pack)
    for place, (procedure, goals) in enumerate(files_of(pack)):
        put_back(pack, books)
        customer = Customer.of(goals[0], seed + place)
        wide, high = SIZES[place % 2]
        context = browser.new_context(
            viewport={"width": wide, "height": high},
            color_scheme="dark" if place // 2 % 2 else "light",
            locale="zh-CN" if customer.language == "zh" else "en-GB",
        )
        page = context.new_page()
        line = PageLine(page, customer.language)
        page.goto(
            f"http://127.0.0.1:{settings.PORT}{pack_named(pack).url}?lang={customer.language}"
        )
        page.locator("[data-open-chat]").first.click()
        line.chat.locator("textarea").last.wait_for(state="visible", timeout=20_000)
        bot = LiveBot(line, procedure, random.Random(seed))
        try:
            seen = visit(procedure, customer, bot, today=timezone.localdate())
            came = "completed" if seen.passed else "; ".join(seen.problems)
        except Unserved:
            came = "nothing came"
        page.wait_for_timeout(400)
        page.screenshot(path=str(pictures / f"{pack}-{procedure.key}.png"))
        print(f"{pack:10} {procedure.key:22} {customer.language} {wide}: {came}", flush=True)
        context.close()
    put_back(pack, books)
