"""Routing under load: claims a second beside the bare cost of their locks, and the time to an offer.

    .venv/bin/python benchmarks/routing.py [--only claims|sockets] [--claims N] [--seconds N] [--json FILE]

500 agents with skills, 10,000 who wait. Eight processes claim at once, by the product's code and by the
same row locks, counts and rows in plain SQL (benchmarks/load/desks.py says what exactly), in turn, in one
run; then N claims are made, after each of which the database looks whether an agent has more than they can
hold or a conversation is with two. At last the product itself: as many agents, who can hold one conversation
each, sit at real sockets and resolve, and what is measured is the time until their next offer.
"""

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

from benchmarks.load.house import ROOT, House, Unfit
from benchmarks.load.next_offer import to_an_offer

PROCESSES = 8
AGENTS, WAITING = 500, 10_000
DATABASE = "desks"


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

    def begin(self) -> None:
        """Starts the processes that claim, and waits until all of them could."""
        self._working = [
            subprocess.Popen(
                self.child("work", str(seed)),
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for seed in range(PROCESSES)
        ]
        for process in self._working:
            self._answer(process)

    def end(self) -> None:
        for process in self._working:
            process.kill()
            process.wait()

    def at_once(self, way: str, seconds: float, count: int) -> dict[str, float]:
        """All processes together: claims, and claims a second while claiming."""
        asked = json.dumps({"way": way, "seconds": seconds, "count": count})
        for process in self._working:
            assert process.stdin is not None
            process.stdin.write(asked + "\n")
            process.stdin.flush()
        said = [json.loads(self._answer(process)) for process in self._working]
        claims = sum(one["claims"] for one in said)
        return {
            "claims": claims,
            "per_second": sum(one["claims"] / one["claiming"] for one in said),
            "cpu_ms": 1000 * sum(one["cpu"] for one in said) / claims,
            "given_back_too": sum(one["claims"] / one["seconds"] for one in said),
        }

    def _answer(self, process: "subprocess.Popen[str]") -> str:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise Unfit("a process that claims has died")
        return line


def routed(desks: Desks, *, seconds: float, claims: int, rounds: int) -> dict[str, Any]:
    desks.ask("fill", str(AGENTS), str(WAITING))
    desks.ask("watch", "off")
    desks.begin()
    try:
        found: dict[str, list[dict[str, float]]] = {"ours": [], "bare": []}
        for way in found:  # once for nothing: connections, plans, what is read from the disk
            desks.at_once(way, 1, 10**9)
            desks.clear()
        for number in range(rounds):
            for way in ("ours", "bare") if number % 2 else ("bare", "ours"):
                found[way].append(desks.at_once(way, seconds, 10**9))
                desks.clear()
            last = {way: round(found[way][-1]["per_second"]) for way in found}
            say(f"round {number + 1} of {rounds}: {last}, load {os.getloadavg()[0]:.1f}")
        say(f"{claims} claims, each watched")
        desks.ask("watch", "on")
        began = time.perf_counter()
        made = desks.at_once("ours", 3600, -(-claims // PROCESSES)) if claims else {}
        took = time.perf_counter() - began
    finally:
        desks.end()
    return {
        "processes": PROCESSES,
        "agents": AGENTS,
        "waiting": WAITING,
        **found,
        "bare_to_ours": _ratio(found["bare"], found["ours"], "per_second"),
        "cpu_ours_to_bare": _ratio(found["ours"], found["bare"], "cpu_ms"),
        "long_run": {**made, "seconds": round(took, 1)},
        "audit": json.loads(desks.ask("audit")),
    }


def _ratio(
    above: list[dict[str, float]], below: list[dict[str, float]], name: str
) -> dict[str, float | list[float]]:
    """Of the medians, and of each round."""
    each = [round(a[name] / b[name], 2) for a, b in zip(above, below, strict=True)]
    both = median(one[name] for one in above) / median(one[name] for one in below)
    return {"medians": round(both, 2), "median_of_rounds": median(each), "rounds": each}


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--sockets-seconds", type=float, default=60)
    parser.add_argument("--rounds", type=int, default=7)
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
            house.wait_until(
                house.is_ready, 300, "the product is ready"
            )  # its model computes till then
            house.bring_forward()
            result: dict[str, Any] = {"load": os.getloadavg()}
            if chosen.only != "sockets":
                result |= routed(
                    Desks(house), seconds=chosen.seconds, claims=chosen.claims, rounds=chosen.rounds
                )
                print(json.dumps(result, indent=2), flush=True)
            if chosen.only != "claims":
                say("agents at their sockets")
                result["room_to_offer"] = to_an_offer(
                    house, agents=AGENTS, waiting=WAITING, seconds=chosen.sockets_seconds
                )
            result["load_after"] = os.getloadavg()
        finally:
            house.stop()
    print(json.dumps(result, indent=2))
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
