"""Test files of procedures: conversations with what is expected, and customers to be simulated. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bots.procedures.loading import BadFile, Node, load
from bots.procedures.reader import Reader
from bots.procedures.shapes import Procedure

_FILE = ("procedure", "rule", "budget", "replies", "tests", "customers")
_TEST = ("name", "language", "customer", "replies", "turns")
_TURN = ("customer", "expect")
_EXPECT = (
    "asks", "confirms", "says", "never", "slots", "calls", "interrupted", "ends", "reason",
)  # fmt: skip
_CUSTOMER = (
    "name", "languages", "knows", "opens", "asks", "changes", "declines", "quits", "expect",
    "replies", "customer",
)  # fmt: skip
_HOPED = ("ends", "calls", "never_calls", "slots", "reason")
_ENDS = ("done", "cancelled", "handed_over")
_RULE = re.compile(r"(?:(\d{1,3}) of (\d{1,3})|(\d{1,3}(?:\.\d+)?) ?%)")


@dataclass(frozen=True, slots=True)
class Rule:
    """`least` of `runs` pass, or the lower bound of their share is at least `share`."""

    least: int = 3
    runs: int = 3
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """What 95 of 100 customers may need at most: messages of theirs, calls of the business, and milliseconds of
    computing for the slowest answer. 0: as it comes."""

    turns: int = 0
    calls: int = 0
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of a turn. None and nothing: whatever comes is right."""

    asks: str | None = None
    confirms: bool | None = None
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    calls: tuple[str, ...] | None = None
    interrupted: bool | None = None
    ends: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    customer: str
    wanted: Wanted
    line: int


@dataclass(frozen=True, slots=True)
class Story:
    name: str
    language: str
    turns: tuple[Turn, ...]
    replies: Mapping[str, Any]
    customer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Goal:
    """A customer to be simulated: what they know, say, ask, take back, and what is to come of it."""

    name: str
    languages: tuple[str, ...]
    knows: Mapping[str, Any]
    opens: Mapping[str, tuple[str, ...]]
    asks: Mapping[str, tuple[str, ...]]
    changes: Mapping[str, Any]
    declines: bool
    quits: bool
    ends: str
    calls: Mapping[str, int]
    never_calls: tuple[str, ...]
    slots: Mapping[str, Any]
    replies: Mapping[str, Any]
    customer: Mapping[str, Any]
    line: int = 1


@dataclass(frozen=True, slots=True)
class Tests:
    procedure: str
    rule: Rule
    budget: Budget
    replies: Mapping[str, Any]
    stories: tuple[Story, ...]
    goals: tuple[Goal, ...]


def read_tests(text: str, procedure: Procedure | None = None) -> Tests:
    """Raises BadFile with everything that is wrong; with the `procedure` its names are checked, too."""
    reader = Reader()
    head = reader.map(load(text), "The file", _FILE)
    if "procedure" not in head:
        reader.bad(1, "“procedure” is missing: the name of the procedure that is tested.")
    if not head.keys() & {"tests", "customers"}:
        reader.bad(1, "There are neither “tests” nor “customers”.")
    tests = Tests(
        procedure=reader.string(head.get("procedure"), "procedure"),
        rule=_rule(reader, head.get("rule")),
        budget=_budget(reader, head.get("budget")),
        replies=_plain(reader, head.get("replies"), "replies"),
        stories=tuple(_story(reader, one) for one in reader.items(head.get("tests"), "tests")),
        goals=tuple(_goal(reader, one) for one in reader.items(head.get("customers"), "customers")),
    )
    if procedure is not None:
        _fits(reader, tests, procedure)
    if reader.mistakes:
        raise BadFile(sorted(set(reader.mistakes), key=lambda one: one.line))
    return tests


def _fits(reader: Reader, tests: Tests, procedure: Procedure) -> None:
    if tests.procedure and tests.procedure != procedure.key:
        reader.bad(1, f"These are tests of “{tests.procedure}”, not of “{procedure.key}”.")
    for turn in (turn for story in tests.stories for turn in story.turns):
        asked = [turn.wanted.asks] if turn.wanted.asks else []
        _exist(reader, turn.line, (*turn.wanted.slots, *asked), turn.wanted.calls or (), procedure)
    for goal in tests.goals:
        slots = (*goal.knows, *goal.changes, *goal.slots)
        _exist(reader, goal.line, slots, (*goal.calls, *goal.never_calls), procedure)


def _exist(
    reader: Reader, line: int, slots: Iterable[str], actions: Iterable[str], procedure: Procedure
) -> None:
    for name in slots:
        if name not in procedure.slots:
            reader.bad(line, f"There is no slot “{name}”.")
    for name in actions:
        if name not in procedure.actions:
            reader.bad(line, f"There is no action “{name}”.")


def _rule(reader: Reader, node: Node | None) -> Rule:
    if node is None:
        return Rule()
    found = _RULE.fullmatch(reader.string(node, "rule").strip())
    if not found:
        reader.bad(node.line, "rule is “3 of 3”, or a share such as “95 %”.")
        return Rule()
    if found[3]:
        return Rule(share=min(float(found[3]), 100.0) / 100)
    least, runs = int(found[1]), int(found[2])
    if not 1 <= least <= runs:
        reader.bad(node.line, f"{least} of {runs} is no rule.")
    return Rule(least, max(runs, 1))


def _budget(reader: Reader, node: Node | None) -> Budget:
    given = reader.map(node, "budget", ("turns", "calls", "milliseconds")) if node else {}
    most = {}
    for name, one in given.items():
        value = one.plain()
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 100_000:
            reader.bad(one.line, f"{name} is a whole number from 1 on.")
        else:
            most[name] = value
    return Budget(**most)


def _plain(reader: Reader, node: Node | None, where: str) -> dict[str, Any]:
    if node is None:
        return {}
    return {name: inner.plain() for name, inner in reader.map(node, where).items()}


def _story(reader: Reader, node: Node) -> Story:
    keys = reader.map(node, "A test", _TEST)
    if "turns" not in keys:
        reader.bad(node.line, "A test has “turns”: what the customer says.")
    return Story(
        name=reader.string(keys.get("name"), "name") or f"line {node.line}",
        language=reader.string(keys.get("language"), "language") or "en",
        turns=tuple(_turn(reader, one) for one in reader.items(keys.get("turns"), "turns")),
        replies=_plain(reader, keys.get("replies"), "replies"),
        customer=_plain(reader, keys.get("customer"), "customer"),
    )


def _turn(reader: Reader, node: Node) -> Turn:
    keys = reader.map(node, "A turn", _TURN)
    if "customer" not in keys:
        reader.bad(node.line, "A turn has “customer”: what they say.")
    said = reader.string(keys.get("customer"), "customer")
    given = reader.map(keys["expect"], "expect", _EXPECT) if "expect" in keys else {}
    ends = reader.string(given.get("ends"), "ends")
    if ends and ends not in _ENDS:
        reader.bad(given["ends"].line, f"ends is one of {', '.join(_ENDS)}.")
    wanted = Wanted(
        asks=reader.string(given.get("asks"), "asks") or None,
        confirms=reader.flag(given["confirms"], "confirms") if "confirms" in given else None,
        says=_strings(reader, given.get("says"), "says"),
        never=_strings(reader, given.get("never"), "never"),
        slots=_plain(reader, given.get("slots"), "slots"),
        calls=_strings(reader, given["calls"], "calls") if "calls" in given else None,
        interrupted=reader.flag(given["interrupted"], "interrupted")
        if "interrupted" in given
        else None,
        ends=ends or None,
        reason=reader.string(given.get("reason"), "reason") or None,
    )
    return Turn(said, wanted, node.line)


def _strings(reader: Reader, node: Node | None, where: str) -> tuple[str, ...]:
    return tuple(said for said, _ in reader.strings(node, where, most=1_000))


def _goal(reader: Reader, node: Node) -> Goal:
    keys = reader.map(node, "A customer", _CUSTOMER)
    opens = _by_language(reader, keys.get("opens"), "opens")
    if not opens:
        reader.bad(node.line, "A customer has “opens”: what they say first.")
    hoped = reader.map(keys["expect"], "expect", _HOPED) if "expect" in keys else {}
    if not hoped:
        reader.bad(node.line, "A customer has “expect”: what is to come of it.")
    ends = reader.string(hoped.get("ends"), "ends") or "done"
    if ends not in _ENDS:
        reader.bad(hoped["ends"].line, f"ends is one of {', '.join(_ENDS)}.")
    calls = _plain(reader, hoped.get("calls"), "calls")
    if not all(isinstance(count, int) for count in calls.values()):
        reader.bad(hoped["calls"].line, "calls says how often: {create_return: 1}.")
    languages = _strings(reader, keys.get("languages"), "languages")
    return Goal(
        name=reader.string(keys.get("name"), "name") or f"line {node.line}",
        languages=languages or tuple(opens) or ("en",),
        knows=_plain(reader, keys.get("knows"), "knows"),
        opens=opens,
        asks=_by_language(reader, keys.get("asks"), "asks"),
        changes=_plain(reader, keys.get("changes"), "changes"),
        declines=reader.flag(keys.get("declines"), "declines"),
        quits=reader.flag(keys.get("quits"), "quits"),
        ends=ends,
        calls=calls,
        never_calls=_strings(reader, hoped.get("never_calls"), "never_calls"),
        slots=_plain(reader, hoped.get("slots"), "slots"),
        replies=_plain(reader, keys.get("replies"), "replies"),
        customer=_plain(reader, keys.get("customer"), "customer"),
        line=node.line,
    )


def _by_language(reader: Reader, node: Node | None, where: str) -> dict[str, tuple[str, ...]]:
    if node is None:
        return {}
    if isinstance(node.value, dict):
        return {code: _strings(reader, inner, where) for code, inner in node.value.items()}
    return {"en": _strings(reader, node, where)}
