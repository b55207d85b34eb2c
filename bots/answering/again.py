"""A turn's decision taken once more from what its trace keeps. Pure: nothing is looked up.

What was found, how the conversation went and what was expected of the queue are as they were; the rules
and the weights are today's. So where the answer differs, one of these has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from bots.answering.chance import Judges, chance_of
from bots.answering.dialogue import Choice, Decision, Evidence, Reason, decide
from bots.answering.manner import NEUTRAL, Guideline, Manner, Mode
from bots.answering.several import HARDLY
from bots.answering.wishes import Wish
from bots.knowledge.text import same_language


@dataclass(frozen=True)
class Again:
    choice: Choice
    reason: Reason
    chance: float


def decided_again(data: Mapping[str, Any], fitted: Judges = MappingProxyType({})) -> Again | None:
    """None where the trace keeps too little: it is older than what it would take. `fitted` weighs the
    chance, as for `chance_of`."""
    if not data.get("requests"):
        return _without_articles(data)
    manner, requests = manner_then(data), data["requests"]
    if any(not one.get("evidence") for one in requests):
        return None
    taken = [_one(one, manner, fitted) for one in requests]
    if len(taken) == 1:
        return _allowed(taken[0], data, manner)
    chance = min(one.chance for one in taken)
    rest = [one for one in taken if one.choice != "answer"]
    if not rest:
        return Again("answer", "found", chance)
    if len(rest) == 1 and rest[0].choice == "clarify" and rest[0].chance >= HARDLY:
        return Again("clarify", "close_call", chance)
    return Again("handoff", "part", chance)


def manner_then(data: Mapping[str, Any]) -> Manner:
    """How the bot might speak then, as far as the trace keeps it."""
    kept = data.get("manner") or {}
    rules = tuple(
        Guideline(**{**one, "excludes": frozenset(one["excludes"]), "never": tuple(one["never"])})
        for one in kept.get("rules", ())
    )
    return Manner(
        mode=Mode(kept.get("mode", NEUTRAL.mode)),
        guidelines=rules,
        never=tuple(kept.get("never", ())),
        longest=kept.get("longest", NEUTRAL.longest),
        caution=kept.get("caution", NEUTRAL.caution),
        expected_wait=kept.get("expected_wait"),
        callback=kept.get("callback", NEUTRAL.callback),
    )


def _without_articles(data: Mapping[str, Any]) -> Again | None:
    if data.get("passages"):
        return None
    if data.get("decision") == "answer":
        return Again("answer", "fixed", 1.0)  # the company's own words, found by a word
    intent = data.get("intent", "")
    return _plain(decide(None, Wish(intent) if intent in set(Wish) else None))


def _plain(decision: Decision) -> Again:
    return Again(decision.choice, decision.reason, decision.confidence)


def _one(request: Mapping[str, Any], manner: Manner, fitted: Judges) -> Again:
    kept, found = request["evidence"], request.get("features") or {}
    known = {one.name for one in fields(Evidence)}
    evidence = Evidence(**{name: value for name, value in kept.items() if name in known})
    chance = evidence.chance
    if "bilingual" in found:
        chance = round(chance_of(found, fitted), 4)
        evidence = replace(evidence, chance=chance)
        if not found.get("language"):  # between two languages it is all that is known
            evidence = replace(evidence, answerable=chance, right=chance)
    if request["reason"] == "out_of_scope":
        return Again("handoff", "out_of_scope", chance)
    decision = decide(evidence, None, manner)
    return Again(decision.choice, decision.reason, chance)


def _allowed(taken: Again, data: Mapping[str, Any], manner: Manner) -> Again:
    """Strict mode says what stands in the customer's language."""
    first = next(iter(data.get("passages", ())), None)
    foreign = first and not same_language(first["language"], data.get("language", "en"))
    if manner.mode == Mode.STRICT and taken.choice == "answer" and foreign:
        return Again("handoff", "policy", taken.chance)
    return taken
