"""The language model's engine beside llama.cpp, CTranslate2 and torch: same weights, same prompts.

    pip install -r benchmarks/requirements-engine.txt
    python benchmarks/engine.py [--cache DIR] [--threads 2] [--rounds 3] [--peers …] [--json FILE]

Every engine has a process of its own and they take turns in every round, so that what else the box
does falls on all of them alike; of the rounds the best is shown, and the ratios that are promised.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COUNTS = (1, 4, 8, 16, 32)
NAMES = ["ours", "llama.cpp", "ctranslate2", "torch"]
SHORT, NEW, LONG, ALIKE = 15, 48, 300, 250
ALL_ALIKE = {"one article": 280, "50 words each": ALIKE, "nothing shared": 0}


class Process:
    """One engine, somewhere else."""

    def __init__(self, name: str, options: argparse.Namespace) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                str(ROOT / "benchmarks" / "engine_peers.py"),
                name,
                str(options.cache),
                str(options.threads),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"OMP_NUM_THREADS": str(options.threads)},
        )
        self.load = self._answer()

    def ask(self, do: str, **arguments: Any) -> Any:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"do": do} | arguments) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("An engine died; are the requirements of the benchmark installed?")
        return json.loads(line)

    def end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def prompts(chance: Random, count: int, length: int, alike: int = 0) -> list[list[int]]:
    begin = [chance.randint(100, 40_000) for _ in range(alike)]
    return [
        begin + [chance.randint(100, 40_000) for _ in range(length - alike)] for _ in range(count)
    ]


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def compared(engines: dict[str, Process], rounds: int, chance: Random) -> dict[str, Any]:
    """Words a second for each count, and the first word of a long prompt."""
    found: dict[str, Any] = {
        name: {"load": engine.load, "decode": {}} for name, engine in engines.items()
    }
    for name, engine in engines.items():
        engine.ask("generate", prompts=prompts(chance, 2, SHORT), tokens=4)
        print(f"{name} is loaded: {engine.load:.2f} s", flush=True)
    for count in COUNTS:
        for _ in range(rounds):
            asked = prompts(chance, count, SHORT)
            for name, engine in engines.items():
                speed = engine.ask("decode", prompts=asked, tokens=NEW)
                best = found[name]["decode"].get(count, 0.0)
                found[name]["decode"][count] = max(best, speed)
        told = {name: round(found[name]["decode"][count]) for name in engines}
        print(f"tokens/s at {count}: {told}, load {os.getloadavg()[0]:.1f}", flush=True)
    for _ in range(rounds + 2):
        asked = prompts(chance, 1, LONG)
        for name, engine in engines.items():
            seconds = engine.ask("first", prompts=asked)
            found[name]["first"] = min(found[name].get("first", 99.0), seconds)
    print("first token:", {name: round(found[name]["first"], 3) for name in engines}, flush=True)
    for name, engine in engines.items():
        found[name]["memory"] = engine.ask("memory")
    return found


def alone(ours: Process, rounds: int, chance: Random) -> dict[str, Any]:
    """What the others have not: beginnings that are known, who joins, who waits."""
    shared = [
        percentile(ours.ask("shared", prompts=prompts(chance, 9, LONG, ALIKE), mark=ALIKE), 0.5)
        for _ in range(rounds)
    ]
    stalls = [
        ours.ask("stall", prompts=prompts(chance, 8, SHORT), newcomers=prompts(chance, 4, LONG))
        for _ in range(rounds)
    ]
    asked = prompts(chance, 64, LONG, ALIKE)
    crowds = {
        count: min(
            percentile(ours.ask("crowd", others=count, prompts=asked, mark=ALIKE), 0.95)
            for _ in range(rounds)
        )
        for count in (1, 15)
    }
    at_once = {name: arrivals(ours, rounds, chance, alike) for name, alike in ALL_ALIKE.items()}
    return {
        "shared": min(shared),
        "stall": min(stalls, key=lambda stall: stall["joining_p95"] / stall["step"]),
        "crowds": crowds,
        "at_once": at_once,
    }


def arrivals(ours: Process, rounds: int, chance: Random, alike: int) -> dict[int, float]:
    """Seconds to the first word (p95) when so many ask in one moment; what they share is known."""
    found: dict[int, float] = {}
    for _ in range(rounds):
        asked = prompts(chance, 18, LONG, alike)
        ours.ask("arrivals", prompts=asked[:1], mark=alike)
        for count in (1, 16):
            told = ours.ask("arrivals", prompts=asked[1 : 1 + count], mark=alike)
            found[count] = min(found.get(count, 99.0), percentile(told, 0.95))
            asked = asked[:1] + asked[2:]
    return found


def promises(found: dict[str, Any], own: dict[str, Any]) -> list[tuple[str, float, str]]:
    ours, others = found["ours"], [found[name] for name in found if name != "ours"]
    lines = [
        (
            f"tokens/s at {count} ÷ the best other",
            ours["decode"][count] / max(other["decode"][count] for other in others),
            "≥ 1",
        )
        for count in (8, 16)
    ]
    if "llama.cpp" in found:
        llama = found["llama.cpp"]["decode"]
        lines.append(("tokens/s at 1 ÷ llama.cpp", ours["decode"][1] / llama[1], "≥ 0.6"))
        lines.append(("tokens/s at 16 ÷ llama.cpp", ours["decode"][16] / llama[16], "≥ 1.6"))
    best = min(other["first"] for other in others)
    lines.append(("first token, 300 words ÷ the best other", ours["first"] / best, "≤ 1"))
    if "ctranslate2" in found:
        whole = found["ctranslate2"]["first"]
        lines.append(("first token, 250 known ÷ CTranslate2", own["shared"] / whole, "≤ 0.35"))
    stall = own["stall"]
    more = (stall["joining_p95"] - stall["step"]) / stall["step"]
    lines += [
        ("memory, peak, GB", ours["memory"]["peak"] / 1024, "≤ 0.8"),
        ("a join holds eight others up by, steps (p95)", more, "≤ 1"),
        ("first token p95, 15 others ÷ one other", own["crowds"][15] / own["crowds"][1], "≤ 3"),
    ]
    lines += [
        (f"first token p95, 16 in one moment ÷ one, {name}", told[16] / told[1], "≤ 3")
        for name, told in own["at_once"].items()
    ]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "models")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="*", default=NAMES[1:])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    options.cache = options.cache.resolve()
    chance = Random(7)
    engines = {name: Process(name, options) for name in ["ours", *options.peers]}
    found = compared(engines, options.rounds, chance)
    own = alone(engines["ours"], options.rounds, chance)
    for engine in engines.values():
        engine.end()
    print(f"\n| engine | {' | '.join(map(str, COUNTS))} | first token, ms | MB, peak | load, s |")
    print("| --- " * (len(COUNTS) + 4) + "|")
    for name, row in found.items():
        speeds = " | ".join(f"{row['decode'][count]:.0f}" for count in COUNTS)
        print(
            f"| {name} | {speeds} | {row['first'] * 1000:.0f} | {row['memory']['peak']:.0f} "
            f"| {row['load']:.2f} |"
        )
    print()
    lines = promises(found, own) if options.peers else []
    for said, value, wanted in lines:
        kept = value >= float(wanted[2:]) if wanted[0] == "≥" else value <= float(wanted[2:])
        print(f"{said}: {value:.2f} ({wanted}: {'yes' if kept else 'no'})")
    print(json.dumps(own))
    if options.json:
        options.json.write_text(json.dumps({"engines": found, "own": own}, indent=2))


if __name__ == "__main__":
    main()
