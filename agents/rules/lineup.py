"""Candidates in the order in which one kind of work asks them, kept in order as they fill up. Pure.

Conversations that ask for the same differ in nothing that sets candidates apart. So everybody is looked
at once for each kind; afterwards only who was given something takes another place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from agents.rules.candidates import Candidate, Work, must_speak, step_at, why_full
from agents.rules.registry import Rules
from agents.rules.shapes import Need, SkillStep

_Key = tuple[Any, ...]


class Kind(NamedTuple):
    """All of a conversation by which its candidates are kept out and compared."""

    language: str
    channel: str
    inbox: str
    weight: float
    needs: tuple[Need, ...]
    step: SkillStep
    must_speak: bool


def kind_of(work: Work, rules: Rules) -> Kind:
    return Kind(
        language=work.language,
        channel=work.channel,
        inbox=work.inbox,
        weight=work.weight,
        needs=work.needs,
        step=step_at(rules.skills, work.waited),
        must_speak=must_speak(work, rules),
    )


class Lineup:
    """`ranked` are those who may be asked, the best one first; `blocked` says what keeps out each of
    the others, `counts` how many it keeps out."""

    def __init__(self, kind: Kind, candidates: Iterable[Candidate], rules: Rules) -> None:
        self.kind = kind
        self.blocked: dict[int, str] = {}
        self.counts: dict[str, int] = {}
        self._key = _order(kind, rules)
        self._asks = bool(kind.must_speak or kind.step.all or kind.step.any or kind.needs)
        fit = [candidate for candidate in candidates if not self._keep_out(candidate)]
        self._keys = {candidate.agent_id: self._key(candidate) for candidate in fit}
        self._sorted = sorted(self._keys.values())
        people = {candidate.agent_id: candidate for candidate in fit}
        self.ranked = [people[key[-1]] for key in self._sorted]

    def update(self, candidate: Candidate) -> None:
        """Who is known already has changed and takes the place that is theirs now."""
        self._take_out(candidate.agent_id)
        if self._keep_out(candidate):
            return
        key = self._keys[candidate.agent_id] = self._key(candidate)
        place = bisect_left(self._sorted, key)
        self._sorted.insert(place, key)
        self.ranked.insert(place, candidate)

    def _take_out(self, agent_id: int) -> None:
        reason = self.blocked.pop(agent_id, "")
        if reason:
            self.counts[reason] -= 1
            return
        place = bisect_left(self._sorted, self._keys.pop(agent_id))
        del self._sorted[place], self.ranked[place]

    def _keep_out(self, candidate: Candidate) -> bool:
        kind = self.kind
        reason = why_full(candidate, weight=kind.weight, channel=kind.channel, inbox=kind.inbox)
        if self._asks and not reason:
            reason = _unfit(candidate, kind)
        if reason:
            self.blocked[candidate.agent_id] = reason
            self.counts[reason] = self.counts.get(reason, 0) + 1
        return bool(reason)


def _unfit(candidate: Candidate, kind: Kind) -> str:
    if kind.must_speak and not candidate.speaks(kind.language):
        return "language"
    for need in (*kind.step.all, *kind.needs):
        if candidate.skills.get(need.skill, 0) < need.level:
            return f"skill {need.skill} {need.level}"
    some = kind.step.any
    if some and not any(candidate.skills.get(n.skill, 0) >= n.level for n in some):
        return "skills"
    return ""


def _order(kind: Kind, rules: Rules) -> Callable[[Candidate], _Key]:
    """The key that puts the best candidate first; the id at its end is nobody else's."""
    wanted, language = _wanted(kind, rules), kind.language
    criteria: dict[str, Callable[[Candidate], float]] = {
        "language": lambda c: not c.speaks(language),
        "skill": lambda c: -sum(c.skills.get(n.skill, 0) for n in wanted),
        "least_loaded": lambda c: c.load / c.capacity,
        "longest_idle": lambda c: -c.idle_seconds,
        "round_robin": lambda c: -c.since_offer,
    }
    chosen = [criteria[name] for name in rules.choose]
    return lambda c: (*[criterion(c) for criterion in chosen], c.agent_id)


def _wanted(kind: Kind, rules: Rules) -> tuple[Need, ...]:
    first = rules.skills[0] if rules.skills else SkillStep()
    return (*first.all, *first.any, *kind.needs)
