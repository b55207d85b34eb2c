"""How often waits end within what was said: simulated days, and a bank's call log.

    DATA_DIR=/tmp/waits-bench script/manage shell -c "from benchmarks.waits import main; main()"

Days of a queue run by a simulated clock through the product's own code, in a scratch database beside
the product's; SEED is another day, JSON a file for the figures. The call log is replayed through the
same pure room, where it lies beside the repository; the days before the ones reported are those
that the constants were chosen by.
"""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections

from benchmarks import sets
from benchmarks.waiting import log
from benchmarks.waiting.figures import METHODS, Wait, busiest_hour, by, figures, margin, table

SEED = int(os.environ.get("SEED", "11"))
_DATABASE = "bench_waits"
_BAR = 40


class Bar:
    """How far it is, on stderr."""

    def __init__(self, name: str, expected: float) -> None:
        self.name, self.expected, self.done = name, max(1.0, expected), 0
        self.began = time.perf_counter()

    def step(self, count: int) -> None:
        self.done += count
        full = min(_BAR, int(_BAR * self.done / self.expected))
        if self.done % 10:
            return
        passed = time.perf_counter() - self.began
        line = f"\r{self.name:14} [{'#' * full}{' ' * (_BAR - full)}] {self.done:5} {passed:4.0f} s"
        print(line, end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        print(file=sys.stderr)


def main() -> None:
    report: dict[str, Any] = {"seed": SEED, "simulation": simulation()}
    if sets.have():
        report["call log"] = call_log()
    else:
        print("The public call log is not there: only the simulation was run.")
    if target := os.environ.get("JSON"):
        Path(target).write_text(json.dumps(report, indent=1))


# --- the simulation -------------------------------------------------------------------------


def simulation() -> dict[str, Any]:
    _scratch_database()
    from benchmarks.waiting.scenarios import HOUR, SCENARIOS
    from benchmarks.waiting.world import World
    from conversations.models import Event

    wanted = os.environ.get("SCENARIOS", "").split(",")
    waits: list[Wait] = []
    customers = silent = 0
    for scenario in SCENARIOS:
        if wanted != [""] and scenario.name not in wanted:
            continue
        minutes = range(int(scenario.length // 60))
        bar = Bar(scenario.name, sum(scenario.per_hour(m * 60.0) for m in minutes) * 60 / HOUR)
        world = World(scenario, seed=SEED, step=bar.step)
        waits += world.run()
        bar.end()
        print(
            table([(scenario.name, figures(of_scenario(waits, scenario.name), "ours"))]), flush=True
        )
        customers += len(world.people)
        silent += world.silent_rises
    told = Event.objects.filter(kind="promised").values("conversation").distinct().count()
    print(f"\nSimulation, seed {SEED}: {customers:,} customers, {len(waits):,} were told a wait")
    report = reported(waits, busiest=_busiest_of_each(waits))
    taken = [wait for wait in waits if not wait.gave_up]
    kept = sum(wait.group["last"] == "kept" for wait in taken)
    report["also"] = {
        "customers": customers,
        "told": len(waits),
        "rose without a word": silent,
        "told that it takes longer": told / max(1, len(waits)),
        "taken within what was said last": kept / max(1, len(taken)),
    }
    print(json.dumps(report["also"]))
    return report


def of_scenario(waits: Sequence[Wait], name: str) -> list[Wait]:
    return [wait for wait in waits if wait.scenario == name]


def _scratch_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_DATABASE}")
        cursor.execute(f"CREATE DATABASE {_DATABASE}")
        # Nothing here has to outlive a power cut.
        cursor.execute(f"ALTER DATABASE {_DATABASE} SET synchronous_commit = off")
    connection.close()
    settled = connections["default"].settings_dict
    settled["NAME"] = _DATABASE
    settled["OPTIONS"].pop("pool", None)
    call_command("migrate", verbosity=0)


def _busiest_of_each(waits: Sequence[Wait]) -> list[Wait]:
    """Everybody who came in the fullest hour of their day."""
    days = by(waits, lambda wait: wait.scenario).values()
    return [wait for day in days for wait in busiest_hour(day)]


# --- the call log ---------------------------------------------------------------------------


def call_log() -> dict[str, Any]:
    began = time.perf_counter()
    waits = log.replay(sets.rows(log.FILE))
    later = [wait for wait in waits if wait.entered >= log.REPORTED_FROM.timestamp()]
    print(f"\nCall log from {log.REPORTED_FROM:%d %B %Y}: {time.perf_counter() - began:.1f} s")
    report = reported(later, busiest=busiest_hour(later))
    design = figures([wait for wait in waits if wait not in later], "ours")
    report["the days before, by which constants were chosen"] = design
    return report


# --- both -----------------------------------------------------------------------------------


def reported(waits: Sequence[Wait], *, busiest: Sequence[Wait]) -> dict[str, Any]:
    """Prints the table and answers it as plain numbers."""
    everybody = [wait for wait in waits if len(wait.said) == len(METHODS)]
    rows = [(method, figures(everybody, method)) for method in METHODS]
    heaps = {
        "everybody told": waits,
        "busiest hour": busiest,
        "taken": [wait for wait in waits if not wait.gave_up],
        "gave up (ghosts)": [wait for wait in waits if wait.gave_up],
    }
    for key in ("scenario", "state"):
        heaps |= by(waits, lambda wait, key=key: f"{key}: {getattr(wait, key)}")  # type: ignore[misc]
    heaps |= by(waits, lambda wait: f"priority: {wait.group['priority']}")
    rows += [(f"ours, {name}", figures(heap, "ours")) for name, heap in heaps.items()]
    print(table(rows))
    result: dict[str, Any] = {name: one for name, one in rows if one["n"]}
    for one in result.values():
        one["margin_p80"] = margin(one["below_p80"], one["n"])
    result["nobody knows"] = sum(wait.true is None for wait in waits)
    return result
