"""Tests of a procedure, played by the engine alone: seconds, no database, no business."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bots.procedures.customers import Customer
from bots.procedures.faults import Weather
from bots.procedures.playing import Player, play
from bots.procedures.shapes import Procedure
from bots.procedures.stories import Goal, Rule, Tests
from bots.procedures.visits import passes, visit
from bots.progress import unseen
from conversations.intervals import wilson

_KEPT = 12  # conversations that failed and are kept with a result


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
    conversations: list[Conversation] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """In bad weather customers cannot reach their goal: then only nothing wrong may be done."""
        if self.wrong or self.failed_stories:
            return False
        return self.weather != "fine" or passes(self.rule, self.good, self.runs)

    @property
    def bounds(self) -> tuple[float, float]:
        """Of the share of customers that got what they came for; of none, nothing is known."""
        return wilson(self.good, self.runs) or (0.0, 1.0)

    def in_words(self) -> list[str]:
        low, high = self.bounds
        said = [f"{self.stories - self.failed_stories} of {self.stories} tests passed."]
        if self.runs:
            said.append(
                f"{self.good} of {self.runs} simulated customers got what they came for "
                f"({100 * low:.1f}–{100 * high:.1f} %)."
            )
        said.append(f"Wrong irreversible actions: {self.wrong}.")
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
    report = Report(tests.rule, weather=switches.weather)
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
    return report


def _visit(
    report: Report, procedure: Procedure, tests: Tests, goal: Goal, switches: Switches, number: int,
    today: date,
) -> None:  # fmt: skip
    customer = Customer.of(goal, switches.seed * 1000 + number)
    weather = Weather(switches.weather, customer.seed)

    def through(action: str, status: int, body: Any) -> tuple[int, Any]:
        return weather.through(status, body, procedure.actions[action].retries + 1)

    bot = Player(
        procedure,
        {**tests.replies, **goal.replies},
        today,
        customer.language,
        goal.customer,
        through,
    )
    came = visit(procedure, customer, bot, today=today)
    report.runs += 1
    report.good += came.passed
    report.wrong += len(came.wrong)
    name = f"{goal.name} ({customer.language}, {customer.mood}, seed {customer.seed})"
    report.conversations.append(Conversation(name, came.problems, came.lines))
