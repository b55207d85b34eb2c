"""Tests of a procedure, played by the engine alone: seconds, no database, no business."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bots.procedures.customers import Customer
from bots.procedures.faults import Weather
from bots.procedures.hostile import Besieged
from bots.procedures.playing import Bot, Heard, Player, play
from bots.procedures.shapes import Procedure
from bots.procedures.stories import Budget, Goal, Rule, Tests
from bots.procedures.visits import passes, visit
from bots.progress import unseen
from conversations.intervals import wilson

_KEPT = 12  # conversations that failed and are kept with a result
_HOSTILE = 6  # customers of each goal who say something hostile besides


@dataclass(frozen=True, slots=True)
class Switches:
    customers: int = 20
    seed: int = 1
    weather: str = "fine"


@dataclass(frozen=True, slots=True)
class Conversation:
    name: str
    problems: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Report:
    """`good` of `runs` simulated customers reached what they came for; `wrong` counts irreversible
    actions that nobody wanted."""

    rule: Rule
    stories: int = 0
    failed_stories: int = 0
    runs: int = 0
    good: int = 0
    wrong: int = 0
    weather: str = "fine"
    budget: Budget = field(default_factory=Budget)
    hostile: int = 0
    obeyed: int = 0
    turns: list[int] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """In bad weather customers cannot reach their goal: then only nothing wrong may be done."""
        if self.wrong or self.obeyed or self.failed_stories:
            return False
        if self.weather == "fine" and self.over_budget:
            return False
        return self.weather != "fine" or passes(self.rule, self.good, self.runs)

    @property
    def bounds(self) -> tuple[float, float]:
        """Of the share of customers that got what they came for; of none, nothing is known."""
        return wilson(self.good, self.runs) or (0.0, 1.0)

    @property
    def needed(self) -> dict[str, float]:
        """What 95 of 100 customers needed at most."""
        return {
            name: _high(values)
            for name, values in (
                ("turns", self.turns),
                ("calls", self.calls),
                ("milliseconds", self.milliseconds),
            )
        }

    @property
    def over_budget(self) -> list[str]:
        return [
            f"{name}: {self.needed[name]:g}, and {most} is the most"
            for name in ("turns", "calls", "milliseconds")
            if (most := getattr(self.budget, name)) and self.needed[name] > most
        ]

    def in_words(self) -> list[str]:
        low, high = self.bounds
        said = [f"{self.stories - self.failed_stories} of {self.stories} tests passed."]
        if self.runs:
            said.append(
                f"{self.good} of {self.runs} simulated customers got what they came for "
                f"({100 * low:.1f}–{100 * high:.1f} %)."
            )
        said.append(f"Wrong irreversible actions: {self.wrong}.")
        if self.hostile:
            said.append(f"{self.hostile} orders to a machine, {self.obeyed} obeyed.")
        if self.runs:
            said.append(
                "95 of 100 customers needed at most {turns:g} messages, {calls:g} calls of the business and "
                "{milliseconds:g} ms for an answer.".format(**self.needed)
            )
        said += [f"Over budget: {one}." for one in self.over_budget]
        return said

    def as_json(self) -> dict[str, Any]:
        low, high = self.bounds
        failed = [one for one in self.conversations if one.problems][:_KEPT]
        return {
            "passed": self.passed,
            "stories": self.stories,
            "failed_stories": self.failed_stories,
            "customers": self.runs,
            "reached": self.good,
            "bounds": [round(low, 4), round(high, 4)],
            "wrong": self.wrong,
            "hostile": self.hostile,
            "obeyed": self.obeyed,
            "needed": self.needed,
            "over_budget": self.over_budget,
            "api": self.weather,
            "failures": [
                {"name": one.name, "problems": list(one.problems), "lines": list(one.lines)}
                for one in failed
            ],
        }


def run_tests(
    procedure: Procedure,
    tests: Tests,
    switches: Switches,
    *,
    today: date,
    step: Callable[[int], None] = unseen,
) -> Report:
    """Every story once, since the engine has no chance in it, and so many customers of each goal."""
    report = Report(tests.rule, weather=switches.weather, budget=tests.budget)
    for story in tests.stories:
        bot = Player(
            procedure, {**tests.replies, **story.replies}, today, story.language, story.customer
        )
        played = play(story, bot)
        report.stories += 1
        report.failed_stories += not played.passed
        report.conversations.append(Conversation(played.name, played.problems, played.lines))
        step(1)
    for goal in tests.goals:
        for number in range(switches.customers):
            _visit(report, procedure, tests, goal, switches, number, today)
            step(1)
        for number in range(min(_HOSTILE, switches.customers)):
            _besiege(report, procedure, tests, goal, switches, number, today)
    return report


@dataclass(slots=True)
class _Timed:
    """How long each answer took, in milliseconds of computing."""

    bot: Bot
    took: list[float] = field(default_factory=list)

    def hear(self, text: str) -> Heard:
        began = time.thread_time()
        heard = self.bot.hear(text)
        self.took.append(1_000 * (time.thread_time() - began))
        return heard


def _high(values: list[int] | list[float]) -> float:
    """The least that 95 of 100 do not exceed; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return round(float(ordered[max(-(-len(ordered) * 95 // 100) - 1, 0)]), 1)


def _bot(
    procedure: Procedure, tests: Tests, goal: Goal, customer: Customer, weather: str, today: date
) -> Player:
    kind = Weather(weather, customer.seed)

    def through(action: str, status: int, body: Any) -> tuple[int, Any]:
        return kind.through(status, body, procedure.actions[action].retries + 1)

    replies = {**tests.replies, **goal.replies}
    return Player(procedure, replies, today, customer.language, goal.customer, through)


def _visit(
    report: Report, procedure: Procedure, tests: Tests, goal: Goal, switches: Switches, number: int,
    today: date,
) -> None:  # fmt: skip
    customer = Customer.of(goal, switches.seed * 1000 + number)
    bot = _Timed(_bot(procedure, tests, goal, customer, switches.weather, today))
    came = visit(procedure, customer, bot, today=today)
    report.runs += 1
    report.good += came.passed
    report.wrong += len(came.wrong)
    report.turns.append(len(came.lines) // 2)
    report.calls.append(came.calls)
    report.milliseconds.append(max(bot.took))
    name = f"{goal.name} ({customer.language}, {customer.mood}, seed {customer.seed})"
    report.conversations.append(Conversation(name, came.problems, came.lines))


def _besiege(
    report: Report, procedure: Procedure, tests: Tests, goal: Goal, switches: Switches, number: int,
    today: date,
) -> None:  # fmt: skip
    """The same customers, and somebody gives orders to the machine in between: only nothing wrong may come of it."""
    customer = Customer.of(goal, switches.seed * 1000 + number)
    inner = _bot(procedure, tests, goal, customer, switches.weather, today)
    bot = Besieged(inner, procedure, customer.language, random.Random(customer.seed))
    came = visit(procedure, customer, bot, today=today)
    report.hostile += bot.said
    wrong = (*bot.obeyed, *came.wrong)
    report.obeyed += len(wrong)
    if wrong:
        name = f"hostile: {goal.name} ({customer.language}, seed {customer.seed})"
        report.conversations.append(Conversation(name, wrong, came.lines))
