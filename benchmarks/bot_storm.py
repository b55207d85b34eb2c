"""Is every customer somebody's within 30 seconds, whatever happens to the model's worker?

    DATA_DIR=… .venv/bin/python benchmarks/bot_storm.py --port 8000 [--only storm,kill,stop] [--json FILE]

Against a product that is running with its demo business, with DATA_DIR and SESSIONS_PER_MINUTE (6000)
as it was started. Customers come through the real doors and sockets, and ask what the demo's articles
answer. *storm*: 200 ask at once. *kill*: 20 ask, and the worker is killed while it answers; the
supervisor starts it again. *stop*: the worker is stopped for a minute (SIGSTOP), and 40 ask meanwhile.
A customer is served by an answer of the bot or by a person being asked for; "twice" counts who was
answered more than once.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.load.figures import percentile  # noqa: E402 -- the project's folder first
from benchmarks.load.wire import Wire, connect  # noqa: E402
from contactcenter.launch import paths  # noqa: E402

PROMISED = 30.0  # seconds
QUESTIONS = (
    "What is your return policy?",
    "How long does delivery take?",
    "Can I pay with PayPal?",
    "How do I track my order?",
    "Do you ship to Switzerland?",
)


class Customer:
    """One page with one question."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked_at = 0.0
        self.served_after: float | None = None
        self.first_word_after: float | None = None
        self.by = ""
        self.answers = 0
        self._wire: Wire | None = None

    async def come(self) -> None:
        token = await asyncio.to_thread(self._session)
        self._wire = await connect(("127.0.0.1", self.port), f"/ws/chat?token={token}", self._heard)

    def ask(self, text: str) -> None:
        assert self._wire is not None
        self.asked_at = time.monotonic()
        words = {"type": "message", "id": str(uuid.uuid4()), "text": text}
        self._wire.send(json.dumps(words).encode())

    def _session(self) -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/sessions",
            json.dumps({"inbox": "web", "language": "en"}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            token: str = json.load(answer)["token"]
        return token

    def _heard(self, data: bytes) -> None:
        frame = json.loads(data)
        after = time.monotonic() - self.asked_at
        if frame["type"] == "delta" and self.first_word_after is None:
            self.first_word_after = after
        if frame["type"] == "message" and frame["author"]["kind"] == "bot":
            self.answers += 1
            self._served("bot", after)
        if frame["type"] == "state" and frame["state"] in {"queued", "assigned"} and self.asked_at:
            self._served("person", after)

    def _served(self, by: str, after: float) -> None:
        if self.served_after is None:
            self.served_after, self.by = after, by


async def crowd(port: int, count: int) -> list[Customer]:
    people = [Customer(port) for _ in range(count)]
    gate = asyncio.Semaphore(16)

    async def come(one: Customer) -> None:
        async with gate:
            await one.come()

    await asyncio.gather(*map(come, people))
    return people


async def served(people: list[Customer], *, within: float) -> None:
    end = time.monotonic() + within
    while time.monotonic() < end and any(one.served_after is None for one in people):
        await asyncio.sleep(0.05)


def figures(name: str, people: list[Customer]) -> dict[str, Any]:
    waits = sorted(one.served_after for one in people if one.served_after is not None)
    return {
        "what": name,
        "customers": len(people),
        "by_bot": sum(one.by == "bot" for one in people),
        "by_person": sum(one.by == "person" for one in people),
        "nobody": sum(one.served_after is None for one in people),
        "late": sum(wait > PROMISED for wait in waits),
        "twice": sum(one.answers > 1 for one in people),
        "p50": round(percentile(waits, 0.5), 2) if waits else None,
        "p95": round(percentile(waits, 0.95), 2) if waits else None,
        "longest": round(waits[-1], 2) if waits else None,
    }


def worker_pid(data_dir: Path) -> int:
    line = [str(Path(sys.executable).with_name("supervisorctl")), "-c"]
    line += [str(paths.run_dir(data_dir) / "supervisord.conf"), "pid", "app:model"]
    return int(subprocess.run(line, capture_output=True, text=True, check=True).stdout)


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except OSError:
        return False


async def until_ready(port: int) -> None:
    while not await asyncio.to_thread(ready, port):
        await asyncio.sleep(0.5)


async def storm(port: int, _data_dir: Path, count: int = 200) -> dict[str, Any]:
    people = await crowd(port, count)
    for number, one in enumerate(people):
        one.ask(QUESTIONS[number % len(QUESTIONS)])
    await served(people, within=60)
    await asyncio.sleep(5)  # would anybody be answered twice?
    return figures(f"{count} questions at once", people)


async def kill(port: int, data_dir: Path) -> dict[str, Any]:
    people = await crowd(port, 20)
    for number, one in enumerate(people):
        one.ask(QUESTIONS[number % len(QUESTIONS)])
    while not any(one.first_word_after for one in people):
        await asyncio.sleep(0.01)
    os.kill(worker_pid(data_dir), signal.SIGKILL)
    await served(people, within=60)
    await asyncio.sleep(10)
    return figures("worker killed in mid-answer", people)


async def stop(port: int, data_dir: Path) -> dict[str, Any]:
    pid = worker_pid(data_dir)
    people = await crowd(port, 40)
    os.kill(pid, signal.SIGSTOP)
    try:
        for number, one in enumerate(people):
            one.ask(QUESTIONS[number % len(QUESTIONS)])
        began = time.monotonic()
        await served(people, within=60)
        await asyncio.sleep(max(0.0, 60 - (time.monotonic() - began)))
    finally:
        os.kill(pid, signal.SIGCONT)
    await asyncio.sleep(15)
    return figures("worker stopped for a minute", people)


PARTS: dict[str, Callable[[int, Path], Coroutine[Any, Any, dict[str, Any]]]] = {
    "storm": storm,
    "kill": kill,
    "stop": stop,
}


async def run(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    data_dir = Path(os.environ.get("DATA_DIR", "var")).resolve()
    found = []
    for name in arguments.only.split(","):
        await until_ready(arguments.port)
        found.append(await PARTS[name](arguments.port, data_dir))
        print(json.dumps(found[-1]), flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    found = asyncio.run(run(arguments))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")
    bad = sum(one["nobody"] + one["late"] + one["twice"] for one in found)
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
