"""Routing under load: claims a second beside the bare cost of their locks, and the time to an offer.

    .venv/bin/python benchmarks/routing.py [--claims N] [--seconds N] [--json FILE]

500 agents with skills, 10,000 who wait. Eight processes claim at once, by the product's code and by the
same row locks, counts and rows in plain SQL (benchmarks/load/desks.py says what exactly), in turn, in one
run; then N claims are made, after each of which the database looks whether an agent has more than they can
hold or a conversation is with two. At last the product itself: agents at real sockets resolve, and the
time until their next offer is measured.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg
from psycopg import sql

from benchmarks.load.house import HOST, PRODUCT_PORT, ROOT, House, Unfit
from benchmarks.load.wire import connect

PROCESSES = 8
AGENTS, WAITING = 500, 10_000
DATABASE = "desks"
AT_DESKS = 20  # agents with a socket, for the time to an offer
PAUSE = 1.5  # seconds between an agent's accepting and resolving


class Desks:
    """A database of its own in the house's PostgreSQL, which the product's workers don't know."""

    def __init__(self, house: House) -> None:
        plain = house.dsn.rpartition("/")
        query = plain[2].partition("?")[2]
        url = f"{plain[0]}/{DATABASE}" + (f"?{query}" if query else "")
        self.environment = house.environment | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "contactcenter.settings",
        }
        with psycopg.connect(house.dsn, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        self._run([sys.executable, "-W", "ignore", "-m", "django", "migrate", "-v", "0"])

    def clear(self) -> None:
        """Everybody waits again."""
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(
                "UPDATE conversations_conversation SET state = 'queued' WHERE state = 'offered'"
            )
            connection.execute("TRUNCATE agents_offer")
            connection.execute("TRUNCATE conversations_event")
            connection.execute("VACUUM ANALYZE conversations_conversation")

    def _run(self, line: list[str]) -> str:
        done = subprocess.run(
            line, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Unfit(f"{line[3:]}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def child(self, *arguments: str) -> list[str]:
        return [sys.executable, "-W", "ignore", "-m", "benchmarks.load.desks", *arguments]

    def ask(self, *arguments: str) -> str:
        return self._run(self.child(*arguments))

    def at_once(self, way: str, seconds: float, count: int) -> dict[str, float]:
        """All processes together: claims, and claims a second of wall time."""
        running = [
            subprocess.Popen(
                self.child(way, str(seed), str(seconds), str(count)),
                env=self.environment,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            for seed in range(PROCESSES)
        ]
        said = [json.loads(process.communicate()[0] or "{}") for process in running]
        if not all(said):
            raise Unfit(f"a process that claims ({way}) died")
        return {
            "claims": sum(one["claims"] for one in said),
            "per_second": sum(one["claims"] / one["claiming"] for one in said),
            "given_back_too": sum(one["claims"] / one["seconds"] for one in said),
        }


def routed(desks: Desks, *, seconds: float, claims: int, rounds: int) -> dict[str, Any]:
    desks.ask("fill", str(AGENTS), str(WAITING))
    desks.ask("watch", "off")
    found: dict[str, list[dict[str, float]]] = {"ours": [], "bare": []}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for way in ("ours", "bare") if number % 2 else ("bare", "ours"):
            found[way].append(desks.at_once(way, seconds, 10**9))
            desks.clear()
    ours, bare = ([one["per_second"] for one in found[way]] for way in ("ours", "bare"))
    say(f"{claims} claims, each watched")
    desks.ask("watch", "on")
    began = time.perf_counter()
    made = desks.at_once("ours", 3600, -(-claims // PROCESSES))
    return {
        "processes": PROCESSES,
        "agents": AGENTS,
        "waiting": WAITING,
        "ours_per_second": ours,
        "bare_per_second": bare,
        "bare_to_ours": round(median(bare) / median(ours), 2),
        "each_round": [round(b / o, 2) for b, o in zip(bare, ours, strict=True)],
        "given_back_too": {way: [one["given_back_too"] for one in found[way]] for way in found},
        "long_run": {**made, "seconds": round(time.perf_counter() - began, 1)},
        "audit": json.loads(desks.ask("audit")),
    }


# --- from room to an offer ------------------------------------------------------------------

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


async def offered(tokens: list[str], seconds: float) -> list[float]:
    """Milliseconds from each agent's `resolve` to their next `offer`, at real sockets."""
    waits: list[float] = []
    desks = [asyncio.create_task(_desk(token, seconds, n, waits)) for n, token in enumerate(tokens)]
    await asyncio.gather(*desks)
    return waits


async def _desk(token: str, seconds: float, number: int, waits: list[float]) -> None:
    frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    wire = await connect(
        (HOST, PRODUCT_PORT),
        "/ws/agents",
        lambda text: frames.put_nowait(json.loads(text)),
        {"Authorization": f"Bearer {token}"},
    )

    def send(**frame: Any) -> None:
        wire.send(json.dumps(frame).encode())

    async def until(kind: str, **more: Any) -> dict[str, Any]:
        while True:
            frame = await asyncio.wait_for(frames.get(), 60)
            if frame["type"] == "error":
                raise Unfit(f"an agent's socket: {frame}")
            if frame["type"] == kind and all(frame.get(k) == v for k, v in more.items()):
                return frame

    await until("welcome")
    await asyncio.sleep(number * PAUSE / AT_DESKS)
    send(type="presence", status="online")
    asked = await until("offer")
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        send(type="accept", conversation=asked["conversation"], ref="a")
        await until("ack", ref="a")
        await asyncio.sleep(PAUSE)
        began = time.perf_counter()
        send(type="resolve", conversation=asked["conversation"], disposition="solved")
        asked = await until("offer")
        waits.append((time.perf_counter() - began) * 1000)
    send(type="presence", status="offline")
    wire.close()


def to_an_offer(house: House, seconds: float) -> dict[str, float]:
    code = _AT_SOCKETS.format(agents=AT_DESKS, waiting=WAITING)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "shell", "-v0", "-c", code],
        env=house.environment | {"DJANGO_SETTINGS_MODULE": "contactcenter.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unfit(f"agents at sockets: {done.stderr.strip()[-500:]}")
    waits = sorted(asyncio.run(offered(json.loads(done.stdout), seconds)))
    if not waits:
        raise Unfit("nobody was offered anything")

    def at(share: float) -> float:
        return round(waits[min(len(waits) - 1, int(share * len(waits)))], 1)

    return {"n": len(waits), "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99)}


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["claims", "sockets"])
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="contactcenter-bench-") as folder:
        Path(folder).chmod(0o755)
        house = House(Path(folder))
        house.start()
        try:
            say("waiting for the product")
            house.wait_until(house.is_up, 300, "the product is up")
            result: dict[str, Any] = {"load": os.getloadavg()}
            if chosen.only != "sockets":
                result |= routed(
                    Desks(house), seconds=chosen.seconds, claims=chosen.claims, rounds=chosen.rounds
                )
                print(json.dumps(result, indent=2), flush=True)
            if chosen.only != "claims":
                say("agents at their sockets")
                result["room_to_offer"] = to_an_offer(house, max(30.0, chosen.seconds * 3))
            result["load_after"] = os.getloadavg()
        finally:
            house.stop()
    print(json.dumps(result, indent=2))
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
