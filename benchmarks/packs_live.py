"""Simulated customers of the demo businesses through the whole product, while its worker is killed.

    DATA_DIR=… script/manage shell -c "from benchmarks.packs_live import run; run('all', customers=10)"
    DATA_DIR=… script/manage shell -c "from benchmarks.packs_live import run; run('banking', kill=8)"
    DATA_DIR=… script/manage shell -c "from benchmarks.packs_live import run; run(only='loan, block_card:24')"

Against a product that is running from this DATA_DIR with its packs open (`seed_demo --pack all`), with
SESSIONS_PER_MINUTE=6000 and SUGGESTIONS=off. Each customer opens a session and a socket as the chat does, and speaks;
the bot's own turn answers: worker, procedure, HTTP to the business's interface. Every pack has one customer
at a time, all packs at once; before each, the pack's tables are as they were seeded. `kill`: so many
seconds at least lie between two `kill -9` of the model's worker, each at the moment when a call of a
business is on its way (written down, not answered yet). `weather` is that of all the businesses.

What came of a visit is read from the run and its calls in the database; what the business has is compared
with what the customer wanted, as in `benchmarks.packs`. Who is not understood at once says it again in
other words, twice at most, as a person would.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.bot_storm import ready, worker_pid
from benchmarks.load.figures import percentile
from benchmarks.packs import added, changed, fingerprint
from benchmarks.packs_line import Line, LiveBot, Unserved
from bots.models import ActionCall, ProcedureRun
from bots.procedures.customers import Customer
from bots.procedures.reading import read
from bots.procedures.shapes import Procedure
from bots.procedures.stories import Goal, read_tests
from bots.procedures.visits import Visit, visit
from contactcenter.demo.packs.models import Attempts, Business
from contactcenter.demo.packs.models import Visit as Identified
from contactcenter.demo.packs.pack import HERE, NAMES, pack_named
from conversations.intervals import wilson

# --- the business as it was --------------------------------------------------------------------


Books = dict[type[Any], list[Any]]


def books_of(pack: str) -> Books:
    return {one: list(one._default_manager.all()) for one in _tables(pack)}


def put_back(pack: str, books: Books) -> None:
    """The pack's tables as they were. Nothing else leads to them, so nothing else goes with them."""
    with transaction.atomic(), connection.cursor() as cursor:
        business = Business.objects.select_for_update().get(pack=pack)
        names = ", ".join(connection.ops.quote_name(one._meta.db_table) for one in books)
        cursor.execute(f"TRUNCATE {names} CASCADE")
        for table, rows in books.items():
            table._default_manager.bulk_create(rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(books)):
            cursor.execute(statement)
        Attempts.objects.filter(business=business).delete()
        Identified.objects.filter(business=business).delete()


def _tables(pack: str) -> list[type[Any]]:
    """Those that others lead to come first."""
    left, found = list(apps.get_app_config(f"demo_{pack}").get_models()), []
    while left:
        for one in left:
            needs = {f.related_model for f in one._meta.fields if f.is_relation} - {one}
            if not needs & set(left):
                found.append(one)
                left.remove(one)
                break
    return found


# --- visits ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Figures:
    """What came of one procedure's customers."""

    key: str
    runs: int = 0
    good: int = 0
    handed: int = 0
    wrong: int = 0
    unserved: int = 0
    again: int = 0
    problems: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        low, high = wilson(self.good, self.runs) or (0.0, 1.0)
        slow = percentile(sorted(self.waits), 0.95) if self.waits else 0.0
        middle = percentile(sorted(self.waits), 0.5) if self.waits else 0.0
        return (
            f"{self.key:22} {self.good}/{self.runs} completed ({low:.2f}-{high:.2f}), {self.handed} handed "
            f"over, {self.wrong} wrong, {self.unserved} unserved, {self.again} said it again; answer p50 {middle:.2f} s, "
            f"p95 {slow:.2f} s"
        )


def files_of(pack: str) -> Iterator[tuple[Procedure, list[Goal]]]:
    for file in sorted((HERE / pack / "procedures").glob("*.yaml")):
        if ".tests." not in file.name:
            procedure = read(file.read_text(encoding="utf-8"))
            text = file.with_suffix(".tests.yaml").read_text(encoding="utf-8")
            yield procedure, list(read_tests(text, procedure).goals)


def _pack(
    pack: str, port: int, customers: int, first: int, only: dict[str, int], until: float
) -> list[Figures]:
    books, found = books_of(pack), []
    for procedure, goals in files_of(pack):
        if only and procedure.key not in only:
            continue
        figures = Figures(procedure.key)
        for seed in range(only.get(procedure.key, first), first + customers):
            if time.monotonic() > until:
                break
            put_back(pack, books)
            _one(pack, port, procedure, Customer.of(goals[seed % len(goals)], seed), figures)
        if figures.runs:
            print(f"{pack:10} {figures}", *figures.problems, sep="\n    ", flush=True)
        found.append(figures)
    put_back(pack, books)
    connection.close()
    return found


def _one(pack: str, port: int, procedure: Procedure, customer: Customer, figures: Figures) -> None:
    line = Line(port, pack_named(pack).key, customer.language)
    bot = LiveBot(line, procedure, random.Random(customer.seed))
    before = fingerprint(pack)
    seen: Visit | None = None
    try:
        line.open()
        seen = visit(procedure, customer, bot, today=timezone.localdate())
    except Unserved:
        figures.unserved += 1
        figures.problems.append(f"{customer.goal.name} {customer.seed}: nothing came")
    finally:
        line.close()
    figures.runs += 1
    figures.again += bool(bot.again)
    figures.waits += line.waits
    after = fingerprint(pack)
    goal = customer.goal
    wanted = any(procedure.actions[name].irreversible for name in goal.calls)
    may_act = wanted and not goal.declines and not goal.quits
    idle = not may_act and changed(before, after)
    figures.wrong += bool((seen and seen.wrong) or idle or added(before, after) > 1)
    if seen is None:
        return
    figures.good += seen.passed
    run = ProcedureRun.objects.filter(conversation__uuid=line.conversation).last()
    figures.handed += run is not None and run.state == ProcedureRun.State.HANDED_OVER
    if not seen.passed:
        said = " | ".join(f"{who[0]}: {text[:90]}" for who, text in seen.lines[-5:])
        figures.problems.append(
            f"{goal.name} {customer.seed}: {'; '.join(seen.problems)} [{line.conversation}] {said}"
        )


# --- kills -------------------------------------------------------------------------------------


@contextmanager
def killer(port: int, every: float) -> Iterator[list[int]]:
    """Kills the worker now and then, while a call is on its way; yields the list of who was killed."""
    killed: list[int] = []
    over = threading.Event()

    def work() -> None:
        data_dir = Path(os.environ["DATA_DIR"]).resolve()
        while not over.wait(every):
            if not ready(port):
                continue
            pid = worker_pid(data_dir)
            while not over.wait(0.002):
                if ActionCall.objects.filter(state=ActionCall.State.SENT).exists():
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                    break
        connection.close()

    thread = threading.Thread(target=work)
    if every:
        thread.start()
    try:
        yield killed
    finally:
        over.set()
        if every:
            thread.join()


def run(
    packs: str = "all",
    *,
    customers: int = 50,
    first: int = 0,
    only: str = "",
    kill: float = 0,
    weather: str = "fine",
    seconds: float = 3_600,
    port: int = 0,
) -> bool:
    """Prints a line for each procedure and its failures, then the sum. False: something wrong was done.

    `first` is the first customer's number, `seconds` how long further ones may begin. `only` names
    procedures, each with its own first number behind a colon if it has another: to go on where a run ended.
    """
    names = NAMES if packs == "all" else tuple(packs.split(","))
    wanted = {
        key.strip(): int(place or first)
        for key, _, place in (one.partition(":") for one in only.split(",") if one.strip())
    }
    port = port or settings.PORT
    until = time.monotonic() + seconds
    Business.objects.filter(pack__in=names).update(weather=weather)

    def work(name: str) -> list[Figures]:
        return _pack(name, port, customers, first, wanted, until)

    try:
        with killer(port, kill) as killed, ThreadPoolExecutor(len(names)) as pool:
            found = list(chain.from_iterable(pool.map(work, names)))
    finally:
        Business.objects.filter(pack__in=names).update(weather="fine")
    total = Figures("all of them")
    for one in found:
        for name in ("runs", "good", "handed", "wrong", "unserved", "again"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
        total.waits += one.waits
    print(f"{weather:10} {total}; worker killed {len(killed)} times", flush=True)
    return not total.wrong
