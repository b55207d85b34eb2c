"""Customers and their agents talking: paced or flat out, every message watched on both screens.

A pair is one customer's socket and the socket of the agent who holds the conversation. A message is
`done` when its customer has the acknowledgement and the agent has it on the screen. Numbers that
skip, repeat or go back are counted as faults: a fast server that loses messages has no figure here.
"""

import asyncio
import gc
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

import orjson

from benchmarks.load.wire import Wire, connect

WORDS = "Hello, my parcel was due on Tuesday and still has not come. Could you look where it is? "


class Ends(Protocol):
    """How one side of a server's protocol is spoken."""

    async def open(self, pair: "Pair") -> None:
        """Connects both sockets and waits until both are listening."""

    def say(self, pair: "Pair", number: int) -> None:
        """Sends message `number` from the customer."""


@dataclass(slots=True)
class Tally:
    """What was seen by all pairs while somebody was counting."""

    counting: bool = False
    to_screen: list[float] = field(default_factory=list)
    to_ack: list[float] = field(default_factory=list)
    done: int = 0
    faults: int = 0
    refusals: int = 0


class Pair:
    """One conversation. `on_done` is called when both sides have what was said last."""

    def __init__(self, name: int, tally: Tally) -> None:
        self.name = name
        self.tally = tally
        self.prefix = str(uuid.uuid4())[:23]
        self.customer: Wire | None = None
        self.agent: Wire | None = None
        self.said = 0  # the number of the last message sent
        self.acked = 0
        self.shown = 0  # on the agent's screen
        self.seq = 0
        self.offset = 0
        self.sent_at: dict[int, float] = {}
        self.on_done: Callable[[Pair], None] | None = None

    def id_of(self, number: int) -> str:
        return f"{self.prefix}-{number:012x}"

    def number_of(self, message_id: str) -> int:
        return int(message_id[24:], 16) if message_id.startswith(self.prefix) else 0

    def say(self, ends: Ends) -> None:
        self.said += 1
        self.sent_at[self.said] = perf_counter()
        ends.say(self, self.said)

    def was_acked(self, number: int) -> None:
        if number != self.acked + 1:
            self.tally.faults += 1
        self.acked = number
        if self.tally.counting and number in self.sent_at:
            self.tally.to_ack.append(perf_counter() - self.sent_at[number])
        self._look(number)

    def was_shown(self, number: int) -> None:
        if number != self.shown + 1:
            self.tally.faults += 1
        self.shown = number
        if self.tally.counting and number in self.sent_at:
            self.tally.to_screen.append(perf_counter() - self.sent_at[number])
        self._look(number)

    def _look(self, number: int) -> None:
        if self.acked >= number and self.shown >= number:
            self.sent_at.pop(number, None)
            if self.tally.counting:
                self.tally.done += 1
            if self.on_done:
                self.on_done(self)

    def close(self) -> None:
        for wire in (self.customer, self.agent):
            if wire is not None:
                wire.close()


class Ours:
    """The product's own protocol: a customer's socket, and the console's socket of their agent."""

    def __init__(self, address: tuple[str, int], people: Sequence[dict[str, str]]) -> None:
        self.address = address
        self.people = people

    async def open(self, pair: Pair) -> None:
        who = self.people[pair.name]
        welcomed = [asyncio.Event(), asyncio.Event()]
        pair.agent = await connect(
            self.address,
            "/ws/agents",
            lambda text: self._to_agent(pair, text, welcomed[0]),
            {"Authorization": f"Bearer {who['agent']}"},
        )
        await asyncio.wait_for(welcomed[0].wait(), 30)
        opening = {"type": "open", "conversation": who["conversation"], "after": int(who["offset"])}
        welcomed[0].clear()
        pair.agent.send(orjson.dumps(opening))
        pair.offset, pair.seq = int(who["offset"]), int(who["seq"])
        await asyncio.wait_for(welcomed[0].wait(), 30)
        pair.customer = await connect(
            self.address,
            f"/ws/chat?token={who['token']}&after={who['seq']}",
            lambda text: self._to_customer(pair, text, welcomed[1]),
        )
        await asyncio.wait_for(welcomed[1].wait(), 30)

    def say(self, pair: Pair, number: int) -> None:
        assert pair.customer is not None
        said = b'{"type":"message","id":"%b","text":"%b%d"}'
        pair.customer.send(said % (pair.id_of(number).encode(), WORDS.encode(), number))

    @staticmethod
    def _to_customer(pair: Pair, text: bytes, welcomed: asyncio.Event) -> None:
        heard = orjson.loads(text)
        match heard["type"]:
            case "ack":
                pair.was_acked(pair.number_of(heard["id"]))
            case "message":
                if heard["seq"] != pair.seq + 1:
                    pair.tally.faults += 1
                pair.seq = heard["seq"]
            case "welcome":
                welcomed.set()
            case "error":
                pair.tally.refusals += 1

    @staticmethod
    def _to_agent(pair: Pair, text: bytes, welcomed: asyncio.Event) -> None:
        heard = orjson.loads(text)
        match heard["type"]:
            case "message":
                if heard["offset"] != pair.offset + 1:
                    pair.tally.faults += 1
                pair.offset = heard["offset"]
                if heard["author"]["kind"] == "customer":
                    pair.was_shown(pair.number_of(heard["id"]))
            case "welcome" | "conversation":
                welcomed.set()
            case "error":
                pair.tally.refusals += 1


class Stock:
    """The stock consumer: both sockets are in one group, and the customer's own copy is the ack."""

    def __init__(self, address: tuple[str, int], run: str) -> None:
        self.address = address
        self.run = run

    async def open(self, pair: Pair) -> None:
        path = f"/ws/{self.run}-{pair.name}"
        pair.agent = await connect(
            self.address, path, lambda text: pair.was_shown(_number(pair, text))
        )
        pair.customer = await connect(
            self.address, path, lambda text: pair.was_acked(_number(pair, text))
        )

    def say(self, pair: Pair, number: int) -> None:
        assert pair.customer is not None
        said = b'{"id":"%b","text":"%b%d"}'
        pair.customer.send(said % (pair.id_of(number).encode(), WORDS.encode(), number))


class Echo:
    """A server that sends back what it gets: what the load itself can do, at most."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address

    async def open(self, pair: Pair) -> None:
        def heard(text: bytes) -> None:
            number = _number(pair, text)
            pair.was_shown(number)
            pair.was_acked(number)

        pair.customer = await connect(self.address, "/", heard)

    say = Stock.say


def _number(pair: Pair, text: bytes) -> int:
    return pair.number_of(orjson.loads(text)["id"])


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds; `rate` is messages done a second. `said` counts every message of the run."""

    rate: float
    to_screen: list[float]
    to_ack: list[float]
    said: int
    undelivered: int
    faults: int
    refusals: int


async def open_pairs(ends: Ends, tally: Tally, how_many: int) -> list[Pair]:
    pairs = [Pair(name, tally) for name in range(how_many)]
    gate = asyncio.Semaphore(16)

    async def one(pair: Pair) -> None:
        async with gate:
            await ends.open(pair)

    await asyncio.gather(*(one(pair) for pair in pairs))
    return pairs


async def paced(ends: Ends, how_many: int, *, warm_up: float, seconds: float) -> Result:
    """Everybody says one thing a second, each at a moment of their own."""
    tally = Tally()
    pairs = await open_pairs(ends, tally, how_many)
    loop = asyncio.get_running_loop()
    until = loop.time() + warm_up + seconds

    def speak(pair: Pair, at: float) -> None:
        pair.say(ends)
        if at + 1 < until:
            loop.call_at(at + 1, speak, pair, at + 1)

    for pair in pairs:
        first = loop.time() + random.random()
        loop.call_at(first, speak, pair, first)
    return await _count(pairs, tally, warm_up=warm_up, seconds=seconds)


async def flat_out(ends: Ends, how_many: int, *, warm_up: float, seconds: float) -> Result:
    """Everybody says the next thing as soon as the last one has arrived on both sides."""
    tally = Tally()
    pairs = await open_pairs(ends, tally, how_many)
    stopping = False

    def next_one(pair: Pair) -> None:
        if not stopping:
            pair.say(ends)

    for pair in pairs:
        pair.on_done = next_one
        pair.say(ends)

    def stop() -> None:
        nonlocal stopping
        stopping = True

    return await _count(pairs, tally, warm_up=warm_up, seconds=seconds, stop=stop)


async def _count(
    pairs: list[Pair],
    tally: Tally,
    *,
    warm_up: float,
    seconds: float,
    stop: Callable[[], None] = lambda: None,
) -> Result:
    await asyncio.sleep(warm_up)
    gc.collect()
    gc.freeze()
    tally.counting, began = True, perf_counter()
    await asyncio.sleep(seconds)
    tally.counting, took = False, perf_counter() - began
    stop()
    for _ in range(100):  # what is under way may arrive; what does not in ten seconds is lost
        if not any(pair.sent_at for pair in pairs):
            break
        await asyncio.sleep(0.1)
    undelivered = sum(len(pair.sent_at) for pair in pairs)
    for pair in pairs:
        pair.close()
    await asyncio.sleep(0.2)
    return Result(
        rate=tally.done / took,
        to_screen=tally.to_screen,
        to_ack=tally.to_ack,
        said=sum(pair.said for pair in pairs),
        undelivered=undelivered,
        faults=tally.faults,
        refusals=tally.refusals,
    )
