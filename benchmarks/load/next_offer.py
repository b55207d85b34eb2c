"""From room to an offer: agents at real sockets resolve, and their next offer comes on the same socket."""

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

from benchmarks.load.house import HOST, PRODUCT_PORT, ROOT, House, Unfit
from benchmarks.load.wire import connect

A_SECOND = 5  # conversations that end, of all agents together

# Everybody can hold one conversation, and is online as soon as they sit at their socket.
_AGENTS = """
import json
from django.contrib.auth.models import Group
from django.utils import timezone
from agents.authentication import issue_token
from agents.roles import AGENT
from benchmarks.load.desks import fill, watch
people = fill({agents}, {waiting}, capacity=1, status="offline")
watch("off")
Group.objects.get(name=AGENT).user_set.add(*people)
at = timezone.now()
print(json.dumps([issue_token(agent=agent, at=at) for agent in people]))
"""


class Seat:
    """One agent at a socket, who takes whatever is offered."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue()
        self._talk = ""

    async def sit_down(self, token: str) -> None:
        self._wire = await connect(
            (HOST, PRODUCT_PORT),
            "/ws/agents",
            lambda text: self._heard.put_nowait((time.perf_counter(), json.loads(text))),
            {"Authorization": f"Bearer {token}"},
        )
        await self._until("welcome")
        self._send(type="presence", status="online")
        await self._take((await self._until("offer"))["offer"])

    async def next(self) -> tuple[float, float]:
        """Resolves: the milliseconds to its acknowledgement, and to the next offer."""
        began = self._send(type="resolve", conversation=self._talk, disposition="solved", ref="r")
        came = await self._until("ack", "offer")
        await self._take(came["offer"])
        return (came["ack"][0] - began) * 1000, (came["offer"][0] - began) * 1000

    def get_up(self) -> None:
        self._send(type="presence", status="offline")
        self._wire.close()

    async def _take(self, offer: tuple[float, dict[str, Any]]) -> None:
        self._talk = offer[1]["conversation"]
        self._send(type="accept", conversation=self._talk, ref="a")
        await self._until("ack")

    def _send(self, **frame: Any) -> float:
        self._wire.send(json.dumps(frame).encode())
        return time.perf_counter()

    async def _until(self, *kinds: str) -> dict[str, tuple[float, dict[str, Any]]]:
        """The first frame of each kind, in whatever order they come."""
        found: dict[str, tuple[float, dict[str, Any]]] = {}
        while len(found) < len(kinds):
            at, frame = await asyncio.wait_for(self._heard.get(), 120)
            if frame["type"] == "error":
                raise Unfit(f"an agent's socket: {frame}")
            if frame["type"] in kinds:
                found.setdefault(frame["type"], (at, frame))
        return found


async def _day(tokens: list[str], seconds: float) -> list[tuple[float, float]]:
    """All sit down; then one after the other resolves, so many a second, whoever is slow."""
    seats = [Seat() for _ in tokens]
    for some in range(0, len(seats), 20):
        few = slice(some, some + 20)
        await asyncio.gather(*(s.sit_down(t) for s, t in zip(seats[few], tokens[few], strict=True)))
    await asyncio.sleep(5)
    print("everybody sits and talks", file=sys.stderr, flush=True)
    began, turns = time.perf_counter(), list[asyncio.Task[tuple[float, float]]]()
    for number in range(int(seconds * A_SECOND)):
        await asyncio.sleep(max(0.0, began + number / A_SECOND - time.perf_counter()))
        turns.append(asyncio.create_task(seats[number % len(seats)].next()))
    times = await asyncio.gather(*turns)
    for seat in seats:
        seat.get_up()
    return times


def to_an_offer(
    house: House, *, agents: int, waiting: int, seconds: float
) -> dict[str, dict[str, float]]:
    """Milliseconds from `resolve` to its acknowledgement, from there (the agent has room) to the next
    offer, and both together."""
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "shell", "-v0", "-c",
         _AGENTS.format(agents=agents, waiting=waiting)],
        env=house.environment | {"DJANGO_SETTINGS_MODULE": "contactcenter.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if made.returncode:
        raise Unfit(f"agents at sockets: {made.stderr.strip()[-500:]}")
    times = asyncio.run(_day(json.loads(made.stdout), seconds))
    return {
        "resolve_to_ack": _spread([ack for ack, _ in times]),
        "ack_to_offer": _spread([offer - ack for ack, offer in times]),
        "resolve_to_offer": _spread([offer for _, offer in times]),
    }


def _spread(milliseconds: list[float]) -> dict[str, float]:
    ranked = sorted(milliseconds)

    def at(share: float) -> float:
        return round(ranked[min(len(ranked) - 1, int(share * len(ranked)))], 1)

    return {"n": len(ranked), "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99)}
