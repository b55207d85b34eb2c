"""Many customers who are there and say nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from benchmarks.load.wire import Wire, connect

AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Arrival:
    """`per_second`: sockets opened, let in and greeted a second."""

    sockets: list[Wire]
    per_second: float


async def arrive(address: tuple[str, int], tokens: Sequence[str]) -> Arrival:
    """Opens a signed-in customer's socket for each token, 32 at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(token: str) -> Wire:
        async with gate:
            greeted = asyncio.Event()
            wire = await connect(address, f"/ws/chat?token={token}", lambda _: greeted.set())
            await asyncio.wait_for(greeted.wait(), 30)
            return wire

    began = perf_counter()
    sockets = await asyncio.gather(*(one(token) for token in tokens))
    return Arrival(list(sockets), len(tokens) / (perf_counter() - began))
