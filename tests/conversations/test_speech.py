"""What a customer says to a conversation that sleeps comes out in the order in which it was said."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from conversations import speech
from conversations.drafts import Draft, Refusal
from conversations.errors import Closed
from conversations.speech import Speech
from conversations.writer import Answer

pytestmark = pytest.mark.unit


class Page:
    """It says things; the writer answers when the test says so."""

    def __init__(self, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = at
        self.submitted: list[tuple[Draft, Callable[[Answer], None]]] = []
        self.told: list[tuple[str, str]] = []
        self.woken = 0
        self.is_over = False
        self.awake = asyncio.Event()
        monkeypatch.setattr(speech, "writer", lambda: self)
        self.speech = Speech(wake=self.wake, told=lambda d, a: self.told.append((d.text, str(a))))

    def submit(self, draft: Draft, done: Callable[[Answer], None]) -> None:
        self.submitted.append((draft, done))

    async def wake(self) -> datetime:
        self.woken += 1
        await self.awake.wait()
        if self.is_over:
            raise Closed("Too late.")
        return self.at + timedelta(hours=1)

    def say(self, text: str) -> None:
        self.at += timedelta(milliseconds=1)
        self.speech.say(Draft(1, "customer", text, self.at))

    def is_asleep(self) -> None:
        """The writer refuses the first of those that it has."""
        draft, done = self.submitted.pop(0)
        done(Refusal(draft, "resolved"))

    def has(self) -> list[str]:
        return [draft.text for draft, _ in self.submitted]


@pytest.fixture
async def page(at: datetime, monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(at, monkeypatch)


async def rest() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_all_wait_for_one_waking_and_keep_their_order(page: Page) -> None:
    page.say("one")
    page.say("two")
    page.is_asleep()  # the first, while the writer has the second
    page.say("three")
    await rest()
    assert (page.has(), page.woken) == (["two"], 0)

    page.is_asleep()
    await rest()
    page.say("four")
    assert (page.has(), page.woken) == ([], 1)

    page.awake.set()
    await rest()
    page.say("five")

    assert (page.has(), page.woken) == (["one", "two", "three", "four", "five"], 1)


async def test_where_it_is_over_each_is_told_so(page: Page) -> None:
    page.is_over = True
    page.awake.set()
    page.say("one")
    page.say("two")
    page.is_asleep()
    page.is_asleep()
    await rest()

    assert page.told == [("one", "Too late."), ("two", "Too late.")]
    page.say("three")
    assert page.has() == ["three"]
