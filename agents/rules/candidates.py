"""Whom routing may ask, about what, and what keeps somebody out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from agents.rules.registry import Rules
from agents.rules.shapes import Need, SkillStep

_NOTHING: Mapping[str, int] = MappingProxyType({})


class Candidate(NamedTuple):
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
    held: Mapping[str, int] = _NOTHING  # of each channel, and of each inbox
    limits: Mapping[str, int] = _NOTHING  # by the same names
    idle_seconds: float = 0.0
    since_offer: float = 0.0
    languages: frozenset[str] = frozenset()
    skills: Mapping[str, int] = _NOTHING
    recent: int = 0
    most_recent: int | None = None  # the fairness cap, if there is one

    def speaks(self, language: str) -> bool:
        """Who names no languages speaks whatever comes."""
        return not self.languages or language in self.languages

    def with_one_more(self, work: Work) -> Candidate:
        """The same agent, just asked about `work`."""
        held = dict(self.held)
        for name in (work.channel, work.inbox):
            held[name] = held.get(name, 0) + 1
        return self._replace(
            load=self.load + work.weight,
            open=self.open + 1,
            held=held,
            recent=self.recent + 1,
            since_offer=0.0,
        )


@dataclass(frozen=True, slots=True)
class Work:
    """A conversation that needs somebody."""

    conversation_id: int
    key: str  # the same on every try, so that chance can be repeated
    language: str
    channel: str = "web"
    inbox: str = ""
    weight: float = 1.0
    waited: float = 0.0
    needs: tuple[Need, ...] = ()
    refused: frozenset[int] = frozenset()
    last_agent: int | None = None
    owner: int | None = None
    hinted: int | None = None  # the agent that the company's own program chose


def why_full(candidate: Candidate, *, weight: float, channel: str = "", inbox: str = "") -> str:
    """Empty if there is room for one more; else which limit is reached."""
    if candidate.load + weight > candidate.capacity + 1e-9:
        return "no_room"
    if candidate.open >= candidate.open_limit:
        return "too_many_open"
    if candidate.limits:
        for name, reason in ((channel, "channel_full"), (inbox, "inbox_full")):
            limit = candidate.limits.get(name)
            if limit is not None and candidate.held.get(name, 0) >= limit:
                return reason
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


def must_speak(work: Work, rules: Rules) -> bool:
    """Whether only those who speak the customer's language are asked, now."""
    relax = rules.language.relax_after
    return rules.language.required and (relax is None or work.waited < relax)
