"""A browser for each person of a story."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.doors.people import Doors
from tests.journeys.screens import Desk, Office, Visitor

CHROMIUM = Path("/usr/bin/chromium")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before anything is started for nothing."""
    if not CHROMIUM.exists():
        pytest.skip(f"There is no {CHROMIUM}: the stories in the browser are not told.")


# For one file only: Playwright's loop would be in the way of other files' asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """A browser of one's own for each person; all are closed at the end."""
    opened: list[BrowserContext] = []

    def open_one() -> BrowserContext:
        opened.append(browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB"))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def visitor(context: Callable[[], BrowserContext], doors: Doors) -> Callable[[], Visitor]:
    return lambda: Visitor(context(), doors)


@pytest.fixture
def desk(
    context: Callable[[], BrowserContext], doors: Doors, nobody_waits: None
) -> Callable[[str], Desk]:
    return lambda username: Desk(context(), doors, username)


@pytest.fixture
def office(context: Callable[[], BrowserContext], doors: Doors) -> Callable[[str], Office]:
    return lambda username: Office(context(), doors, username)
