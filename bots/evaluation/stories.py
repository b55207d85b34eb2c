"""Conversations that the bot is tested with: what is said, what is expected, and what came. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 4_000
MOST_RUNS = 50
_TURN = {"customer", "expect"}
_EXPECT = {"decision", "reason", "article", "says", "never", "language", "chance"}
_STORY = {"name", "turns", "runs", "pass"}
_FILE = {"inbox", "generate", "runs", "pass", "conversations"}
_DECISIONS = ("answer", "clarify", "handoff")


class BadStory(ValueError):
    """What is wrong, and where in the file."""


@dataclass(frozen=True, slots=True)
class Expected:
    """None and nothing: whatever comes is right."""

    decision: str | None = None
    reason: str | None = None
    article: str | None = None
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    language: str | None = None
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class Said:
    customer: str
    expect: Expected


@dataclass(frozen=True, slots=True)
class Story:
    """`least` of `runs` have to pass."""

    name: str
    turns: tuple[Said, ...]
    runs: int
    least: int


@dataclass(frozen=True, slots=True)
class Stories:
    inbox: str | None
    generate: bool
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class Came:
    """What the bot did. `articles` are all names of what it cited: import ids, ids and titles."""

    decision: str
    reason: str
    answer: str
    articles: tuple[str, ...]
    language: str
    chance: float


def read(given: Any) -> Stories:
    """Raises BadStory for anything that is not as docs/bot.md says."""
    top = _mapping(given, "the file", _FILE)
    stories = top.get("conversations")
    if not isinstance(stories, list) or not stories:
        raise BadStory("conversations: a list of at least one conversation")
    runs, rule = top.get("runs", 1), top.get("pass", "all")
    inbox, generate = top.get("inbox"), top.get("generate", False)
    if inbox is not None and not isinstance(inbox, str):
        raise BadStory("inbox: the key of an inbox")
    if not isinstance(generate, bool):
        raise BadStory("generate: true or false")
    return Stories(
        inbox,
        generate,
        tuple(
            _story(one, f"conversation {place}", runs, rule) for place, one in enumerate(stories, 1)
        ),
    )


def problems(expect: Expected, came: Came) -> list[str]:
    """What is not as expected, a sentence each."""
    found = []
    for name in ("decision", "reason", "language"):
        wanted, got = getattr(expect, name), getattr(came, name)
        if wanted is not None and wanted != got:
            found.append(f"{name} is {got}, not {wanted}")
    if expect.article is not None and expect.article not in came.articles:
        found.append(f"{expect.article} is not cited")
    said = " ".join(came.answer.casefold().split())
    found += [f"it does not say “{one}”" for one in expect.says if one.casefold() not in said]
    found += [f"it says “{one}”" for one in expect.never if one.casefold() in said]
    if expect.chance is not None and came.chance < expect.chance:
        found.append(f"chance is {came.chance:.2f}, below {expect.chance:.2f}")
    return found


def _story(given: Any, where: str, runs: Any, rule: Any) -> Story:
    words = _mapping(given, where, _STORY)
    name = words.get("name", where)
    if not isinstance(name, str):
        raise BadStory(f"{where}: name is a text")
    turns = words.get("turns")
    if not isinstance(turns, list) or not turns:
        raise BadStory(f"{where}: turns is a list of what the customer says")
    count = words.get("runs", runs)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_RUNS:
        raise BadStory(f"{where}: runs is a number from 1 to {MOST_RUNS}")
    said = tuple(_said(one, f"{where}, turn {place}") for place, one in enumerate(turns, 1))
    return Story(name, said, count, _least(words.get("pass", rule), count, where))


def _least(rule: Any, runs: int, where: str) -> int:
    if rule == "all":
        return runs
    if rule == "majority":
        return runs // 2 + 1
    if isinstance(rule, int) and not isinstance(rule, bool) and 1 <= rule <= runs:
        return rule
    raise BadStory(f"{where}: pass is all, majority, or a number up to that of the runs")


def _said(given: Any, where: str) -> Said:
    words = _mapping(given, where, _TURN)
    customer = words.get("customer")
    if not isinstance(customer, str) or not customer.strip() or len(customer) > LONGEST:
        raise BadStory(f"{where}: customer is a text of at most {LONGEST:,} characters")
    expect = _mapping(words.get("expect") or {}, f"{where}, expect", _EXPECT)
    decision, chance = expect.get("decision"), expect.get("chance")
    if decision not in (None, *_DECISIONS):
        raise BadStory(f"{where}: decision is {', '.join(_DECISIONS)}")
    if chance is not None and (isinstance(chance, bool) or not isinstance(chance, int | float)):
        raise BadStory(f"{where}: chance is a number from 0 to 1")
    return Said(
        customer,
        Expected(
            decision=decision,
            reason=_text(expect, "reason", where),
            article=_text(expect, "article", where),
            says=_texts(expect, "says", where),
            never=_texts(expect, "never", where),
            language=_text(expect, "language", where),
            chance=chance,
        ),
    )


def _mapping(given: Any, where: str, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise BadStory(f"{where}: names with values are expected here")
    unknown = sorted(str(name) for name in given if name not in names)
    if unknown:
        raise BadStory(f"{where}: {unknown[0]} is not known; there is {', '.join(sorted(names))}")
    return given


def _text(words: Mapping[str, Any], name: str, where: str) -> str | None:
    value = words.get(name)
    if value is not None and not isinstance(value, str):
        raise BadStory(f"{where}: {name} is a text")
    return value


def _texts(words: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = words.get(name, ())
    values: Sequence[Any] = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(one, str) for one in values):
        raise BadStory(f"{where}: {name} is a text, or a list of them")
    return tuple(values)
