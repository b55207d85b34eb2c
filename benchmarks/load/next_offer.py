"""From room to an offer: agents at real sockets resolve, and their next offer comes on the same socket."""

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

from benchmarks.load.house import HOST, PRODUCT_PORT, ROOT, House, Unfit
from benchmarks.load.wire import connect

AGENTS = 20
PAUSE = 1.5  # seconds between an agent's accepting and resolving

_AT_SOCKETS = """
import json
from datetime import timedelta
from django.contrib.auth.models import Group
from django.utils import timezone
from agents.authentication import issue_token
from agents.models import Agent, Presence, Queue
from agents.roles import AGENT
from benchmarks.load.desks import _wait
import random
at = timezone.now()
queue = Queue.objects.create(name="At the sockets", offer_seconds=60)
tokens = []
for n in range({agents}):
    agent = Agent(username=f"socket-{{n}}", first_name=f"Socket {{n}}", capacity=1)
    agent.set_unusable_password()
    agent.save()
    agent.groups.add(Group.objects.get(name=AGENT))
    queue.members.add(agent)
    tokens.append(issue_token(agent=agent, at=at))
_wait([queue], {waiting}, random.Random(3), at)
print(json.dumps(tokens))
"""


async def offered(tokens: list[str], seconds: float) -> tuple[list[float], list[float]]:
    """Milliseconds from each agent's `resolve` to its acknowledgement, and to their next `offer`."""
    done: list[float] = []
    waits: list[float] = []
    desks = [_desk(token, seconds, n, done, waits) for n, token in enumerate(tokens)]
    await asyncio.gather(*desks)
    return done, waits


async def _desk(
    token: str, seconds: float, number: int, done: list[float], waits: list[float]
) -> None:
    heard: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue()
    wire = await connect(
        (HOST, PRODUCT_PORT),
        "/ws/agents",
        lambda text: heard.put_nowait((time.perf_counter(), json.loads(text))),
        {"Authorization": f"Bearer {token}"},
    )

    def send(**frame: Any) -> float:
        wire.send(json.dumps(frame).encode())
        return time.perf_counter()

    async def until(*kinds: str) -> dict[str, tuple[float, dict[str, Any]]]:
        """The first frame of each kind, in whatever order they come."""
        found: dict[str, tuple[float, dict[str, Any]]] = {}
        while len(found) < len(kinds):
            at, frame = await asyncio.wait_for(heard.get(), 60)
            if frame["type"] == "error":
                raise Unfit(f"an agent's socket: {frame}")
            if frame["type"] in kinds:
                found.setdefault(frame["type"], (at, frame))
        return found

    await until("welcome")
    await asyncio.sleep(number * PAUSE / AGENTS)
    send(type="presence", status="online")
    asked = (await until("offer"))["offer"][1]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        send(type="accept", conversation=asked["conversation"], ref="a")
        await until("ack")
        await asyncio.sleep(PAUSE)
        talk = asked["conversation"]
        began = send(type="resolve", conversation=talk, disposition="solved", ref="r")
        came = await until("ack", "offer")
        done.append((came["ack"][0] - began) * 1000)
        waits.append((came["offer"][0] - began) * 1000)
        asked = came["offer"][1]
    send(type="presence", status="offline")
    wire.close()


def to_an_offer(house: House, *, waiting: int, seconds: float) -> dict[str, dict[str, float]]:
    """Milliseconds until `resolve` is acknowledged, and until the next offer came; while so many wait."""
    code = _AT_SOCKETS.format(agents=AGENTS, waiting=waiting)
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "shell", "-v0", "-c", code],
        env=house.environment | {"DJANGO_SETTINGS_MODULE": "contactcenter.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise Unfit(f"agents at sockets: {made.stderr.strip()[-500:]}")
    done, waits = asyncio.run(offered(json.loads(made.stdout), seconds))
    if not waits:
        raise Unfit("nobody was offered anything")
    return {"resolve_to_ack": _spread(done), "resolve_to_offer": _spread(waits)}


def _spread(milliseconds: list[float]) -> dict[str, float]:
    ranked = sorted(milliseconds)

    def at(share: float) -> float:
        return round(ranked[min(len(ranked) - 1, int(share * len(ranked)))], 1)

    return {"n": len(ranked), "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99)}
