"""Policy values as people write and read them: names instead of ids, and secrets kept covered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from agents.models import Policy, Queue, Schedule, Skill
from agents.rules.registry import read_value
from agents.rules.shapes import SkillStep
from agents.rules.values import BadRule
from agents.rules.words import Names, in_words
from conversations.words import has_unstorable

COVERED = "••••••"
_LONGEST = 20_000
_QUEUES = frozenset({"overflow", "limit"})


def names_of_places() -> Names:
    """{id: name} of every queue and schedule: two statements for any number of sentences."""
    found = {str(key): name for key, name in Queue.objects.values_list("uuid", "name")}
    return found | {str(key): name for key, name in Schedule.objects.values_list("uuid", "name")}


def says(policy: Policy, names: Names) -> str:
    """The sentence of a row; one that no longer reads says so."""
    try:
        return in_words(policy.rule, policy.value, names)
    except BadRule as problem:
        return f"Not in force: {problem}"


def shown(rule: str, value: Any, names: Names | None = None) -> Any:
    """A value as it may be shown: secrets covered, and ids as names if `names` are given."""
    if isinstance(value, dict) and value.get("secret"):
        value = {**value, "secret": COVERED}
    if not names:
        return value
    if rule in _QUEUES and isinstance(value, dict) and value.get("queue"):
        return {**value, "queue": names.get(str(value["queue"]), value["queue"])}
    if rule == "joins" and isinstance(value, list):
        return [_with_queue(one, lambda key: names.get(str(key), key)) for one in value]
    return names.get(str(value), value) if rule == "hours" else value


def understood(rule: str, value: Any, *, before: Any = None) -> Any:
    """A value as it is kept: names made ids, a covered secret uncovered from `before`.

    Raises BadRule with one sentence, also for a queue, a schedule or a skill that is not there.
    """
    if has_unstorable(value):
        raise BadRule("A value has no control characters.")
    if len(json.dumps(value)) > _LONGEST:
        raise BadRule(f"A value has up to {_LONGEST} characters.")
    if isinstance(value, dict) and value.get("secret") == COVERED:
        old = before.get("secret", "") if isinstance(before, dict) else ""
        value = {**value, "secret": old}
    if rule in _QUEUES and isinstance(value, dict) and value.get("queue"):
        value = {**value, "queue": _id_of(Queue, value["queue"], "queue")}
    if rule == "joins" and isinstance(value, list):
        value = [_with_queue(one, lambda key: _id_of(Queue, key, "queue")) for one in value]
    if rule == "hours" and value is not None:
        value = _id_of(Schedule, value, "schedule")
    read = read_value(rule, value)
    if rule == "skills":
        _check_skills(read)
    return value


def _with_queue(case: Any, told: Callable[[Any], Any]) -> Any:
    """One case of `joins` with its queue said another way; what is no case stays as it is."""
    if not isinstance(case, dict) or not case.get("queue"):
        return case
    return {**case, "queue": told(case["queue"])}


def _id_of(kind: type[Queue] | type[Schedule], said: Any, noun: str) -> str:
    word = str(said).strip()
    known: Mapping[str, str] = {
        str(key): name for key, name in kind.objects.values_list("uuid", "name")
    }
    if word.lower() in known:
        return word.lower()
    found = [key for key, name in known.items() if name.lower() == word.lower()]
    if not found:
        there = ", ".join(sorted(known.values())[:10]) or "none yet"
        raise BadRule(f"There is no {noun} {word[:80]!r}; there are {there}.")
    return found[0]


def _check_skills(steps: tuple[SkillStep, ...]) -> None:
    wanted = {need.skill for step in steps for need in (*step.all, *step.any)}
    missing = wanted - set(Skill.objects.filter(name__in=wanted).values_list("name", flat=True))
    if missing:
        raise BadRule(f"There is no skill {', '.join(sorted(missing))}; make it first.")
