"""Customers who ask the bot, and wait for its words."""

import asyncio
import itertools
import json
import urllib.request
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import orjson

from benchmarks.load.wire import Wire, connect

PATIENCE_SECONDS = 60.0


@dataclass(slots=True)
class Heard:
    """Of all questions of one run. Seconds from the question to the first word, and to the end."""

    first_word: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    streamed: int = 0  # answers of which a piece came before the whole
    not_answered: int = 0  # a person was asked for instead, or nothing came


def new_session(address: tuple[str, int]) -> str:
    """A stranger's token, by the door that everybody uses."""
    body = json.dumps({"inbox": "web", "language": "en"}).encode()
    request = urllib.request.Request(
        f"http://{address[0]}:{address[1]}/api/v1/sessions",
        body,
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        token: str = json.load(answer)["token"]
    return token


class Asker:
    """One customer in a conversation with the bot."""

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        self.socket: Wire | None = None
        self._asked_at = 0.0
        self._first: float | None = None
        self._done = asyncio.Event()
        self._greeted = asyncio.Event()

    async def come(self, address: tuple[str, int], token: str = "") -> None:
        token = token or await asyncio.to_thread(new_session, address)
        self.socket = await connect(address, f"/ws/chat?token={token}", self._on_text)
        await asyncio.wait_for(self._greeted.wait(), 30)

    async def ask(self, question: str) -> bool:
        """True if the bot answered; False if it stepped aside or said nothing in a minute."""
        assert self.socket is not None
        self._done.clear()
        self._first, self._answered = None, False
        self._asked_at = perf_counter()
        frame = {"type": "message", "id": str(uuid.uuid4()), "text": question}
        self.socket.send(orjson.dumps(frame))
        try:
            await asyncio.wait_for(self._done.wait(), PATIENCE_SECONDS)
        except TimeoutError:
            self._answered = False
        if not self._answered:
            self.heard.not_answered += 1
        return self._answered

    def _on_text(self, text: bytes) -> None:
        frame: dict[str, Any] = orjson.loads(text)
        match frame:
            case {"type": "welcome"}:
                self._greeted.set()
            case {"type": "delta"} if self._first is None:
                self._first = perf_counter() - self._asked_at
                self.heard.streamed += 1
            case {"type": "message", "author": {"kind": "bot"}}:
                took = perf_counter() - self._asked_at
                self.heard.first_word.append(took if self._first is None else self._first)
                self.heard.whole.append(took)
                self._answered = True
                self._done.set()
            case {"type": "state", "state": "queued" | "assigned"}:
                self._done.set()


async def ask_at_once(
    address: tuple[str, int], questions: Sequence[str], *, at_once: int, each: int
) -> tuple[Heard, float]:
    """`at_once` customers ask `each` questions, one after the other; what was heard, and how long.

    Nobody asks more than one question in a conversation: what was said before must not help.
    """
    heard = Heard()

    async def one(number: int) -> None:
        for turn in range(each):
            asker = Asker(heard)
            await asker.come(address)
            await asker.ask(questions[(number * each + turn) % len(questions)])
            if asker.socket is not None:
                asker.socket.close()

    began = perf_counter()
    await asyncio.gather(*(one(number) for number in range(at_once)))
    return heard, perf_counter() - began


async def ask_on(address: tuple[str, int], questions: Sequence[str], tokens: Sequence[str]) -> None:
    """Each of these customers asks, hears the answer and asks again, until somebody ends us."""

    async def one(number: int, token: str) -> None:
        asker = Asker(Heard())
        await asker.come(address, token)
        for turn in itertools.count():
            await asker.ask(questions[(number * 7 + turn) % len(questions)])

    await asyncio.gather(*(one(number, token) for number, token in enumerate(tokens)))
