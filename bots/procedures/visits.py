"""What came of simulated customers: one visit judged, and whether so many good ones are enough. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bots.procedures.customers import Customer, Talk
from bots.procedures.playing import LONGEST, Bot, Heard, same
from bots.procedures.shapes import Procedure
from bots.procedures.stories import Rule
from conversations.intervals import wilson


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of one: `problems` as sentences, `wrong` irreversible actions."""

    customer: Customer
    problems: tuple[str, ...]
    wrong: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    calls: int = 0

    @property
    def passed(self) -> bool:
        return not self.problems


def visit(procedure: Procedure, customer: Customer, bot: Bot, *, today: date) -> Visit:
    """Plays one customer to the end and judges it."""
    talk = Talk(procedure, customer, today)
    said = talk.opening()
    lines: list[tuple[str, str]] = []
    calls: list[tuple[str, Mapping[str, Any]]] = []
    heard = bot.hear(said)
    for turn in range(LONGEST):
        lines += [("customer", said), ("bot", heard.text)]
        calls += heard.calls
        if heard.state.ending:
            break
        said = talk.answer(heard, turn)
        heard = bot.hear(said)
    else:
        calls += heard.calls
    wrong = _wrong(procedure, talk, calls)
    problems = tuple(_problems(talk, heard, calls) + wrong)
    return Visit(customer, problems, tuple(wrong), tuple(lines), len(calls))


def _problems(talk: Talk, heard: Heard, calls: list[tuple[str, Mapping[str, Any]]]) -> list[str]:
    goal, state = talk.customer.goal, heard.state
    found = []
    if state.ending != goal.ends:
        found.append(f"it is {state.ending or 'not over'} ({state.reason or '-'}), not {goal.ends}")
    for name, count in goal.calls.items():
        made = sum(called == name for called, _ in calls)
        if made != count:
            found.append(f"{name} was called {made} times, not {count}")
    for name, value in goal.slots.items():
        if not same(state.slots.get(name), talk.worked_out(value)):
            found.append(f"{name} is {state.slots.get(name)!r}, not {talk.worked_out(value)!r}")
    return found


def _wrong(
    procedure: Procedure, talk: Talk, calls: list[tuple[str, Mapping[str, Any]]]
) -> list[str]:
    """Irreversible actions that this customer never wanted: too many, forbidden, or with other values."""
    goal, found = talk.customer.goal, []
    counts: dict[str, int] = {}
    for name, slots in calls:
        if not procedure.actions[name].irreversible:
            continue
        counts[name] = counts.get(name, 0) + 1
        if name in goal.never_calls or goal.declines or goal.quits:
            found.append(f"wrong: {name} was called")
        elif counts[name] > goal.calls.get(name, 1):
            found.append(f"wrong: {name} was called again")
        found += [
            f"wrong: {name} with {slot}={slots[slot]!r}, not {talk.wanted(slot)!r}"
            for slot in goal.knows
            if slot in slots and not same(slots[slot], talk.wanted(slot))
        ]
    return found


def passes(rule: Rule, good: int, runs: int) -> bool:
    """Whether so many are enough: a share by its lower bound, “n of m” in proportion."""
    bounds = wilson(good, runs)
    if bounds is None:
        return True
    if rule.share is not None:
        return bounds[0] >= rule.share
    return good * rule.runs >= rule.least * runs
