"""Who is asked next: pure, so that every decision can be repeated and explained."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from agents.rules.candidates import Candidate, Work
from agents.rules.lineup import Kind, Lineup, kind_of
from agents.rules.registry import Rules

MENTIONED = 20  # candidates that an explanation names; the others are only counted


@dataclass(frozen=True, slots=True)
class Decision:
    """Who was chosen, and everything needed to explain it. `chosen` None: it waits on."""

    chosen: Candidate | None
    runner_up: Candidate | None
    propensity: float
    why: dict[str, Any]


def decide(work: Work, candidates: Sequence[Candidate], rules: Rules) -> Decision:
    """The best of those who may be asked, with the reason why each of the others may not.

    Who has just declined is asked again only when nobody else may be.
    """
    return Round(candidates, rules).decide(work)


class Round:
    """Decides about one conversation after the other, each seeing what those before it took.

    Each decision is what `decide` says with the candidates as they then are; that nobody is looked at
    twice for the same kind of work is all the difference. Explanations share their lines: they are
    to be stored, not changed.
    """

    def __init__(self, candidates: Sequence[Candidate], rules: Rules) -> None:
        self._candidates = {c.agent_id: c for c in candidates}
        self._rules = rules
        self._lineups: dict[Kind, tuple[Lineup, int]] = {}  # and how many takings it has seen
        self._taken: list[int] = []
        self._lines: dict[int, dict[str, Any]] = {}

    def take(self, work: Work, agent_id: int) -> None:
        """The agent has this one now, too."""
        self._candidates[agent_id] = self._candidates[agent_id].with_one_more(work)
        self._taken.append(agent_id)
        self._lines.pop(agent_id, None)

    def hopeless(self, work: Work) -> bool:
        """Whether nobody may be asked about this kind of work, whoever the customer is."""
        return not self._lineup(kind_of(work, self._rules)).ranked

    def decide(self, work: Work) -> Decision:
        lineup = self._lineup(kind_of(work, self._rules))
        ranked, preferred, kept_out = self._narrowed(lineup, work)
        chosen, propensity = _draw(ranked, work, self._rules)
        runner_up = next((c for c in ranked if c is not chosen), None)
        filtered = {reason: n for reason, n in lineup.counts.items() if n}
        for reason in kept_out.values():
            filtered[reason] = filtered.get(reason, 0) + 1
        why = {
            "rule": list(self._rules.choose),
            "chosen": chosen.name if chosen else None,
            "runner_up": runner_up.name if runner_up else None,
            "propensity": propensity,
            "waited_seconds": round(work.waited),
            "preferred": preferred,
            "asked_for": _step_words(lineup.kind, self._rules),
            "online": len(self._candidates),
            "eligible": len(ranked),
            "filtered": filtered,
            "candidates": self._named(ranked, lineup, kept_out),
        }
        return Decision(chosen, runner_up, propensity, why)

    def _lineup(self, kind: Kind) -> Lineup:
        known, seen = self._lineups.get(kind, (None, 0))
        lineup = known or Lineup(kind, self._candidates.values(), self._rules)
        if known is not None:
            for agent_id in set(self._taken[seen:]):
                lineup.update(self._candidates[agent_id])
        self._lineups[kind] = lineup, len(self._taken)
        return lineup

    def _narrowed(
        self, lineup: Lineup, work: Work
    ) -> tuple[Sequence[Candidate], str, dict[int, str]]:
        """Those in the line-up whom this very customer may be brought to; whether they belong to one
        of them; and what keeps out the others."""
        refused = [c for c in lineup.ranked if c.agent_id in work.refused] if work.refused else []
        willing: Sequence[Candidate] = lineup.ranked
        if refused:
            willing = [c for c in willing if c.agent_id not in work.refused]
        owner, preferred = self._belongs_to(work, willing, lineup.blocked)
        if not preferred and not willing:
            return refused, preferred, {}
        kept_out = {c.agent_id: "declined" for c in refused}
        if preferred:
            kept_out |= {c.agent_id: preferred for c in willing if c.agent_id != owner}
            willing = [c for c in willing if c.agent_id == owner]
        return willing, preferred, kept_out

    def _belongs_to(
        self, work: Work, willing: Sequence[Candidate], blocked: Mapping[int, str]
    ) -> tuple[int | None, str]:
        """Whom this customer belongs to, and why: chosen by a program, their manager, or the last
        agent. Somebody who is here but busy is waited for a while."""
        sticky = self._rules.sticky
        wait = sticky.wait_seconds if sticky else 0
        last = work.last_agent if sticky else None
        for who, why in ((work.hinted, "hint"), (work.owner, "manager"), (last, "sticky")):
            if who is None or who not in self._candidates:
                continue
            busy = blocked.get(who) in {"no_room", "too_many_open", "channel_full", "inbox_full"}
            if (busy and work.waited < wait) or any(c.agent_id == who for c in willing):
                return who, why
        return None, ""

    def _named(
        self, ranked: Sequence[Candidate], lineup: Lineup, kept_out: Mapping[int, str]
    ) -> list[dict[str, Any]]:
        """The first ones by name: who could have been asked, then who could not and why."""
        known = self._lines
        named = [known.get(c.agent_id) or self._line(c) for c in ranked[:MENTIONED]]
        if len(named) == MENTIONED:
            return named
        blocked = {**lineup.blocked, **kept_out}
        others = (c for c in self._candidates.values() if c.agent_id in blocked)
        for candidate in islice(others, MENTIONED - len(named)):
            line = known.get(candidate.agent_id) or self._line(candidate)
            named.append({**line, "blocked": blocked[candidate.agent_id]})
        return named

    def _line(self, candidate: Candidate) -> dict[str, Any]:
        line = self._lines[candidate.agent_id] = {
            "name": candidate.name,
            "blocked": "",
            "load": round(candidate.load, 2),
            "capacity": candidate.capacity,
            "open": candidate.open,
            "idle_seconds": round(candidate.idle_seconds),
        }
        return line


def _draw(ranked: Sequence[Candidate], work: Work, rules: Rules) -> tuple[Candidate | None, float]:
    """The first one; with the rule `explore` now and then another, and how likely that was."""
    if not ranked:
        return None, 0.0
    if not rules.explore:
        return ranked[0], 1.0
    even = rules.explore / len(ranked)
    chance = random.Random(work.key)  # repeatable on purpose; it decides nothing secret
    chosen = chance.choice(ranked) if chance.random() < rules.explore else ranked[0]
    return chosen, round(even + (1 - rules.explore if chosen is ranked[0] else 0.0), 4)


def _step_words(kind: Kind, rules: Rules) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if kind.step.all or kind.needs:
        said["all"] = [f"{n.skill} {n.level}" for n in (*kind.step.all, *kind.needs)]
    if kind.step.any:
        said["any"] = [f"{n.skill} {n.level}" for n in kind.step.any]
    if rules.language.required:
        said["language"] = kind.language
    return said
