"""How often waits end within what was said: simulated days, and a bank's call log.

    DATA_DIR=/tmp/waits-bench script/manage shell -c "from benchmarks.waits import main; main()"

Days of a queue run by a simulated clock through the product's own code, in a scratch database beside
the product's; SEED is another week, JSON a file for the figures, PROCESSES how many days at once. The call log is replayed through the
same pure room, where it lies beside the repository; the days before the ones reported are those
that the constants were chosen by.
"""

import json
import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections

from benchmarks import sets
from benchmarks.waiting import log
from benchmarks.waiting.crowd import crowd
from benchmarks.waiting.figures import METHODS, Wait, busiest_hour, by, figures, margin, table
from benchmarks.waiting.scenarios import HOUR, MINUTE, SCENARIOS, Scenario
from benchmarks.waiting.world import World
from conversations.models import Event

SEED = int(os.environ.get("SEED", "11"))
PROCESSES = int(os.environ.get("PROCESSES", "2"))
_DATABASE = "bench_waits"
_BAR = 40


class Bar:
    """How far all days are, on stderr."""

    def __init__(self, expected: float) -> None:
        self.expected = max(1.0, expected)
        self.began = time.perf_counter()

    def show(self, done: int) -> None:
        full = min(_BAR, int(_BAR * done / self.expected))
        passed = time.perf_counter() - self.began
        bar = f"[{'#' * full}{' ' * (_BAR - full)}]"
        print(f"\r{bar} {done:5} customers {passed:5.0f} s", end="", file=sys.stderr, flush=True)


def main() -> None:
    report: dict[str, Any] = {"seed": SEED, "simulation": simulation()}
    report["crowd"] = of_a_crowd()
    if sets.have():
        report["call log"] = call_log()
    else:
        print("The public call log is not there: only the simulation was run.")
    if target := os.environ.get("JSON"):
        Path(target).write_text(json.dumps(report, indent=1))


# --- the simulation -------------------------------------------------------------------------


def simulation() -> dict[str, Any]:
    wanted = os.environ.get("SCENARIOS", "").split(",")
    days = [day for day in SCENARIOS if wanted == [""] or day.name in wanted]
    _template()
    connections.close_all()
    bar = Bar(sum(_expected(day) for day in days))
    counter = multiprocessing.Value("i", 0)
    with multiprocessing.get_context("fork").Pool(PROCESSES, _count_in, (counter,)) as pool:
        running = [pool.apply_async(_live, (SCENARIOS.index(day),)) for day in days]
        while not all(one.ready() for one in running):
            time.sleep(2)
            bar.show(counter.value)
        print(file=sys.stderr)
        lived = [one.get() for one in running]
    waits = [wait for day in lived for wait in day.waits]
    customers = sum(day.customers for day in lived)
    print(f"\nSimulation, seed {SEED}: {customers:,} customers, {len(waits):,} were told a wait")
    report = reported(waits, busiest=_busiest_of_each(waits))
    taken = [wait for wait in waits if not wait.gave_up]
    kept = sum(wait.group["last"] == "kept" for wait in taken)
    report["also"] = {
        "customers": customers,
        "told": len(waits),
        "rose without a word": sum(day.silent_rises for day in lived),
        "told that it takes longer": sum(day.told_longer for day in lived) / max(1, len(waits)),
        "taken within what was said last": kept / max(1, len(taken)),
    }
    print(json.dumps(report["also"]))
    return report


def of_a_crowd() -> dict[str, Any]:
    """What a look costs; in this process, with nothing else running."""
    _use(f"{_DATABASE}_crowd", like=_DATABASE)
    found = crowd()
    print("\nTen thousand wait: " + json.dumps(found))
    connections.close_all()
    return found


@dataclass(frozen=True, slots=True)
class Lived:
    """What one day came to."""

    waits: list[Wait]
    customers: int
    silent_rises: int
    told_longer: int


_counted: list[Any] = []


def _count_in(counter: Any) -> None:
    _counted[:] = [counter]


def _step(customers: int) -> None:
    with _counted[0].get_lock():
        _counted[0].value += customers


def _live(number: int) -> Lived:
    """One day, in a database of its own: the product knows only one now."""
    connections.close_all()
    _use(f"{_DATABASE}_{number}", like=_DATABASE)
    world = World(SCENARIOS[number], seed=SEED, step=_step)
    waits = world.run()
    told = Event.objects.filter(kind="promised").values("conversation").distinct().count()
    connections.close_all()
    return Lived(waits, len(world.people), world.silent_rises, told)


def _expected(day: Scenario) -> float:
    minutes = range(int(day.length // MINUTE))
    return sum(day.per_hour(minute * MINUTE) for minute in minutes) * MINUTE / HOUR


def _template() -> None:
    _use(_DATABASE)
    call_command("migrate", verbosity=0)


def _use(name: str, *, like: str = "template1") -> None:
    """From here on this process works in a new, empty database."""
    house = connections["default"].settings_dict
    house["OPTIONS"].pop("pool", None)
    house["NAME"] = _house_name
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        # Nothing here has to outlive a power cut.
        cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    connection.close()
    house["NAME"] = name


_house_name: str = connections["default"].settings_dict["NAME"]


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
