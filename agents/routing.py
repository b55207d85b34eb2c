"""Who is asked next: pure, so that every decision can be repeated and explained."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.rules import Need, Rules, SkillStep

MENTIONED = 20  # candidates that an explanation names; the others are only counted


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent who serves the queue and is online now.

    `load` is the weighted load of what is awake, offers included; `open` counts everything that
    could wake, against `open_limit`. `idle_seconds` is the time since their last conversation
    ended, `since_offer` since they were last asked; `recent` counts offers in the fairness window.
    """

    agent_id: int
    name: str
    capacity: int
    key: str = ""  # the agent's uuid
    load: float = 0.0
    open: int = 0
    open_limit: int = 1000
    by_channel: Mapping[str, int] = field(default_factory=dict)
    channel_limits: Mapping[str, int] = field(default_factory=dict)
    idle_seconds: float = 0.0
    since_offer: float = 0.0
    languages: frozenset[str] = frozenset()
    skills: Mapping[str, int] = field(default_factory=dict)
    recent: int = 0
    most_recent: int | None = None  # the fairness cap, if there is one

    def speaks(self, language: str) -> bool:
        """Who names no languages speaks whatever comes."""
        return not self.languages or language in self.languages


@dataclass(frozen=True, slots=True)
class Work:
    """A conversation that needs somebody."""

    conversation_id: int
    key: str  # the same on every try, so that chance can be repeated
    language: str
    channel: str = "web"
    weight: float = 1.0
    waited: float = 0.0
    needs: tuple[Need, ...] = ()
    refused: frozenset[int] = frozenset()
    last_agent: int | None = None
    owner: int | None = None
    hinted: int | None = None  # the agent that the company's own program chose


@dataclass(frozen=True, slots=True)
class Decision:
    """Who was chosen, and everything needed to explain it. `chosen` None: it waits on."""

    chosen: Candidate | None
    runner_up: Candidate | None
    propensity: float
    why: dict[str, Any]


def has_room(candidate: Candidate, *, weight: float, channel: str) -> str:
    """Empty if there is room for one more; else which limit is reached."""
    if candidate.load + weight > candidate.capacity + 1e-9:
        return "no_room"
    if candidate.open >= candidate.open_limit:
        return "too_many_open"
    limit = candidate.channel_limits.get(channel)
    if limit is not None and candidate.by_channel.get(channel, 0) >= limit:
        return "channel_full"
    if candidate.most_recent is not None and candidate.recent >= candidate.most_recent:
        return "fair_share_used"
    return ""


def step_at(steps: Sequence[SkillStep], waited: float) -> SkillStep:
    """The skills asked for after so many seconds of waiting."""
    passed = 0.0
    for step in steps:
        if step.seconds is None or waited < passed + step.seconds:
            return step
        passed += step.seconds
    return SkillStep()  # every step ran out: anybody


def decide(work: Work, candidates: Sequence[Candidate], rules: Rules) -> Decision:
    """The best of those who may be asked, with the reason why each of the others may not.

    Who has just declined is asked again only when nobody else may be.
    """
    step = step_at(rules.skills, work.waited)
    blocked: dict[int, str] = {}
    eligible: list[Candidate] = []
    refused: list[Candidate] = []
    for candidate in candidates:
        reason = has_room(candidate, weight=work.weight, channel=work.channel) or _unfit(
            candidate, work, rules, step
        )
        if reason:
            blocked[candidate.agent_id] = reason
        elif candidate.agent_id in work.refused:
            refused.append(candidate)
        else:
            eligible.append(candidate)
    eligible, preferred = _narrowed(eligible, work, rules, blocked, candidates)
    if not eligible and not preferred:
        eligible = refused
    else:
        blocked.update((c.agent_id, "declined") for c in refused)
    ranked = sorted(eligible, key=_order(work, rules))
    chosen, propensity = _draw(ranked, work, rules)
    runner_up = next((c for c in ranked if c is not chosen), None)
    why = {
        "rule": list(rules.choose),
        "chosen": chosen.name if chosen else None,
        "runner_up": runner_up.name if runner_up else None,
        "propensity": propensity,
        "waited_seconds": round(work.waited),
        "preferred": preferred,
        "asked_for": _step_words(step, work, rules),
        "online": len(candidates),
        "eligible": len(ranked),
        "filtered": dict(Counter(blocked.values())),
        "candidates": _lines(ranked, candidates, blocked),
    }
    return Decision(chosen, runner_up, propensity, why)


def _unfit(candidate: Candidate, work: Work, rules: Rules, step: SkillStep) -> str:
    if rules.language.required and not candidate.speaks(work.language):
        relax = rules.language.relax_after
        if relax is None or work.waited < relax:
            return "language"
    for need in (*step.all, *work.needs):
        if candidate.skills.get(need.skill, 0) < need.level:
            return f"skill {need.skill} {need.level}"
    if step.any and not any(candidate.skills.get(n.skill, 0) >= n.level for n in step.any):
        return "skills"
    return ""


def _narrowed(
    eligible: list[Candidate],
    work: Work,
    rules: Rules,
    blocked: dict[int, str],
    everybody: Sequence[Candidate],
) -> tuple[list[Candidate], str]:
    """Only whom this customer belongs to: chosen by a program, their manager, or the last agent.

    Answers the narrowed list and why. Somebody who is here but busy is waited for a while.
    """
    for who, why in ((work.hinted, "hint"), (work.owner, "manager"), (work.last_agent, "sticky")):
        if who is None or (why == "sticky" and rules.sticky is None):
            continue
        theirs = [c for c in eligible if c.agent_id == who]
        wait = rules.sticky.wait_seconds if rules.sticky else 0
        busy = blocked.get(who) in {"no_room", "too_many_open", "channel_full"}
        here = any(c.agent_id == who for c in everybody)
        if theirs or (here and busy and work.waited < wait):
            for candidate in eligible:
                if candidate.agent_id != who:
                    blocked[candidate.agent_id] = why
            return theirs, why
    return eligible, ""


def _order(work: Work, rules: Rules) -> Callable[[Candidate], tuple[float, ...]]:
    """The key that puts the best candidate first; made once for all of them."""
    wanted, language = _wanted(work, rules), work.language
    criteria: dict[str, Callable[[Candidate], float]] = {
        "language": lambda c: not c.speaks(language),
        "skill": lambda c: -sum(c.skills.get(n.skill, 0) for n in wanted),
        "least_loaded": lambda c: c.load / c.capacity,
        "longest_idle": lambda c: -c.idle_seconds,
        "round_robin": lambda c: -c.since_offer,
    }
    chosen = [criteria[name] for name in rules.choose]
    return lambda c: (*[criterion(c) for criterion in chosen], c.agent_id)


def _wanted(work: Work, rules: Rules) -> tuple[Need, ...]:
    first = rules.skills[0] if rules.skills else SkillStep()
    return (*first.all, *first.any, *work.needs)


def _draw(ranked: Sequence[Candidate], work: Work, rules: Rules) -> tuple[Candidate | None, float]:
    """The first one; with the rule `explore` now and then another, and how likely that was."""
    if not ranked:
        return None, 0.0
    even = rules.explore / len(ranked)
    chance = random.Random(work.key)  # repeatable on purpose; it decides nothing secret
    chosen = chance.choice(ranked) if chance.random() < rules.explore else ranked[0]
    return chosen, round(even + (1 - rules.explore if chosen is ranked[0] else 0.0), 4)


def _lines(
    ranked: Sequence[Candidate], everybody: Sequence[Candidate], blocked: Mapping[int, str]
) -> list[dict[str, Any]]:
    """The first ones by name: who could have been asked, then who could not and why."""
    others = [c for c in everybody if c.agent_id in blocked][: max(0, MENTIONED - len(ranked))]
    return [_line(c, "") for c in ranked[:MENTIONED]] + [
        _line(c, blocked[c.agent_id]) for c in others
    ]


def _step_words(step: SkillStep, work: Work, rules: Rules) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if step.all or work.needs:
        said["all"] = [f"{n.skill} {n.level}" for n in (*step.all, *work.needs)]
    if step.any:
        said["any"] = [f"{n.skill} {n.level}" for n in step.any]
    if rules.language.required:
        said["language"] = work.language
    return said


def _line(candidate: Candidate, blocked: str) -> dict[str, Any]:
    return {
        "name": candidate.name,
        "blocked": blocked,
        "load": round(candidate.load, 2),
        "capacity": candidate.capacity,
        "open": candidate.open,
        "idle_seconds": round(candidate.idle_seconds),
    }
