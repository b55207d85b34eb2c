"""Simulated customers of the demo businesses against the businesses' own interfaces.

    script/manage shell -c "from benchmarks.packs import run; run('travel')"
    script/manage shell -c "from benchmarks.packs import run; run('retail', weather='lost', kill=True)"

Each customer has the business as it was seeded: what one does is undone before the next comes. The engine
calls the real doors (tokens, idempotency keys, constraints), as often as an action may be tried, with one
key for each call. `weather` is that of the business (fine, down, late, lost, rubbish; late is an answer
that comes after the caller has gone), or flaky: three requests of seven are down, lost or slow. `kill` ends the worker at a random call after it was sent and before
its answer was written down; another one sends it again. After each conversation the business's own tables
are compared with what the customer wanted: what stands there too much is a wrong irreversible action.
"""

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bots.procedures.answers import outcome_of
from bots.procedures.customers import Customer
from bots.procedures.playing import Player
from bots.procedures.reading import read
from bots.procedures.state import Call, Outcome
from bots.procedures.stories import read_tests
from bots.procedures.visits import visit
from contactcenter.demo.packs.door import token_of
from contactcenter.demo.packs.models import Business, open_business
from contactcenter.demo.packs.pack import HERE, write_books
from conversations.intervals import wilson

LOST_ON_THE_WAY = (0, None)
# Tables in which one order of a customer is one row.
HEADS = {
    "Booking", "Reservation", "FoodOrder", "Return", "LoanApplication", "FaultReport", "Complaint",
    "Appointment", "Refill",
}  # fmt: skip


@dataclass(slots=True)
class RealPlayer(Player):
    """The engine, whose calls go to the real doors."""

    pack: str = ""
    weather: str = "fine"
    kills: int = 0
    dice: random.Random = field(default_factory=random.Random)
    client: Client = field(default_factory=lambda: Client(HTTP_HOST="127.0.0.1"))
    sent: int = 0

    def _called(self, call: Call) -> Outcome:
        action = self.procedure.actions[call.action]
        self.sent += 1
        key = f"{id(self)}-{self.sent}"
        if self.kills and self.dice.random() < 0.4:
            self.kills -= 1
            self._send(call, action.method, key)  # the worker dies before it has written this down
        came: tuple[int, Any] = LOST_ON_THE_WAY
        for _ in range(1 + int(action.retries)):
            came = self._send(call, action.method, key)
            if came[0] and came[0] != 429 and came[0] < 500:
                break
        return outcome_of(action, *came)

    def _send(self, call: Call, method: str, key: str) -> tuple[int, Any]:
        now = self.weather
        if now == "flaky":
            now = self.dice.choice(("fine", "fine", "fine", "fine", "down", "lost", "late"))
        if self.weather in ("flaky", "late"):  # late: done, and the caller has gone
            shown = "fine" if now == "late" else now
            Business.objects.filter(pack=self.pack).update(weather=shown)
        answer = self.client.generic(
            method,
            f"/demo/{self.pack}/api{call.path}",
            json.dumps(call.body or {}),
            content_type="application/json",
            headers={"authorization": f"Bearer {token_of(self.pack)}", "idempotency-key": key},
        )
        if now == "late":
            return LOST_ON_THE_WAY
        is_json = answer["content-type"].startswith("application/json")
        return answer.status_code, answer.json() if is_json else None


def fingerprint(pack: str) -> dict[str, list[Any]]:
    """Every row of the business's own tables."""
    tables = apps.get_app_config(f"demo_{pack}").get_models()
    return {one.__name__: sorted(one._default_manager.values_list(), key=str) for one in tables}


def changed(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> int:
    """Rows that are new or not as they were."""
    return sum(len(set(map(str, after[name])) - set(map(str, before[name]))) for name in before)


def added(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> int:
    """Bookings, reservations, orders and returns that are new."""
    heads = HEADS & set(before)
    return sum(len(after[name]) - len(before[name]) for name in heads)


def run(pack: str, *, customers: int = 50, weather: str = "fine", kill: bool = False) -> bool:
    """Prints a line for each procedure; False if a wrong irreversible action was found."""
    with transaction.atomic():
        open_business(pack, at=timezone.now())
        write_books(pack, at=timezone.now())
    fine = True
    for file in sorted((HERE / pack / "procedures").glob("*.yaml")):
        if not file.name.endswith(".tests.yaml"):
            fine &= _procedure(pack, file, customers, weather, kill=kill)
    return fine


def _procedure(pack: str, file: Path, customers: int, weather: str, *, kill: bool) -> bool:
    procedure = read(file.read_text(encoding="utf-8"))
    tests = read_tests(file.with_suffix(".tests.yaml").read_text(encoding="utf-8"), procedure)
    good = wrong = handed = 0
    before = fingerprint(pack)
    for seed in range(customers):
        goal = tests.goals[seed % len(tests.goals)]
        customer = Customer.of(goal, seed)
        player = RealPlayer(
            procedure, {}, timezone.localdate(), customer.language, goal.customer, pack=pack,
            weather=weather, kills=1 if kill else 0, dice=random.Random(seed),
        )  # fmt: skip
        with transaction.atomic():
            Business.objects.filter(pack=pack).update(
                weather="fine" if weather == "flaky" else weather
            )
            seen = visit(procedure, customer, player, today=timezone.localdate())
            after = fingerprint(pack)
            transaction.set_rollback(True)
        state = player.state
        handed += state is not None and state.ending == "handed_over"
        good += seen.passed
        wanted = any(procedure.actions[name].irreversible for name in goal.calls)
        may_act = wanted and not goal.declines and not goal.quits
        wrong += bool(
            seen.wrong or (not may_act and changed(before, after)) or added(before, after) > 1
        )
        if not seen.passed and weather == "fine":
            print(f"  ✗ {goal.name} {seed}: {'; '.join(seen.problems)}")
    low, high = wilson(good, customers) or (0.0, 1.0)
    print(
        f"{procedure.key:18} {weather:8}{'killed ' if kill else ''}{good}/{customers} completed "
        f"({low:.2f}-{high:.2f}), {handed} handed over, {wrong} wrong",
        flush=True,
    )
    return not wrong
