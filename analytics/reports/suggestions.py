"""What suggestions to agents are worth: how often they were used, and how much of them stayed."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, LiteralString

from analytics.reports.holdout import HoldOut, hold_out
from analytics.reports.scope import Scope, rows, share
from conversations.intervals import median, median_interval, wilson

# A turn is a customer's word to an agent for which help was looked for.
_TURNS: LiteralString = """
WITH turns AS (
    SELECT t.id, t.conversation_id, t.outcome, t.proposed, t.seconds, a.uuid::text AS agent,
        coalesce(nullif(a.display_name, ''), nullif(a.first_name, ''), a.username) AS name
    FROM assist_helpturn t
    LEFT JOIN agents_agent a ON a.id = t.agent_id
    WHERE t.at >= %(start)s AND t.at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR t.inbox_id = %(inbox)s)
)
"""
_COUNTED: LiteralString = (
    _TURNS
    + """
SELECT t.agent, t.name, t.outcome AS turn, t.proposed, t.seconds, s.by, s.outcome, s.distance,
    s.likeness, s.shown_at IS NOT NULL AS shown, s.inserted_at IS NOT NULL AS inserted, t.id
FROM turns t LEFT JOIN assist_suggestion s ON s.turn_id = t.id AND s.kind = 'reply'
ORDER BY t.id
"""
)
_ASKED: LiteralString = """
SELECT coalesce(nullif(a.display_name, ''), nullif(a.first_name, ''), a.username) AS name,
    a.uuid::text AS agent, count(*) AS asked,
    count(*) FILTER (WHERE s.inserted_at IS NOT NULL) AS copied
FROM assist_suggestion s
JOIN conversations_conversation c ON c.id = s.conversation_id
JOIN agents_agent a ON a.id = s.agent_id
WHERE s.kind = 'answer' AND s.at >= %(start)s AND s.at < %(end)s
    AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
GROUP BY 1, 2 ORDER BY asked DESC, name
"""
_HINTED: LiteralString = """
SELECT s.kind, count(*) FILTER (WHERE s.shown_at IS NOT NULL OR s.outcome = 'sent') AS seen,
    count(*) FILTER (WHERE s.outcome = 'sent') AS taken,
    count(*) FILTER (WHERE s.outcome = 'dismissed') AS dismissed,
    count(*) FILTER (WHERE s.outcome = 'ignored') AS ignored
FROM assist_suggestion s
JOIN conversations_conversation c ON c.id = s.conversation_id
WHERE s.kind IN ('label', 'priority', 'queue') AND s.at >= %(start)s AND s.at < %(end)s
    AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
GROUP BY 1 ORDER BY taken DESC, 1
"""
Interval = tuple[float, float] | None
_HINTS = {"label": "Labels", "priority": "Priorities", "queue": "Queues"}
_USED = frozenset({"sent", "edited"})
_WORDS_BY = {"quote": "An article's words", "model": "The model's words", "fixed": "Fixed answers"}


@dataclass(slots=True)
class _Pile:
    """Turns and suggestions that are counted together."""

    turns: dict[int, str] = field(default_factory=dict)  # id → outcome
    offered: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    suggestions: int = 0
    inserted: int = 0
    sent: int = 0
    edited: int = 0
    distances: list[int] = field(default_factory=list)
    likenesses: list[float] = field(default_factory=list)

    def add(self, row: dict[str, Any]) -> None:
        self.turns[row["id"]] = row["turn"]
        if row["by"] is None:
            return
        self.offered.add(row["id"])
        self.suggestions += 1
        self.inserted += row["inserted"]
        if row["shown"]:
            self.seen.add(row["id"])
        if row["outcome"] in _USED:
            self.seen.add(row["id"])
            self.sent += row["outcome"] == "sent"
            self.edited += row["outcome"] == "edited"
            self.distances.append(row["distance"])
            self.likenesses.append(row["likeness"])

    def worth(self, name: str, key: str = "") -> "Worth":
        answered = [key for key, outcome in self.turns.items() if outcome in {"used", "own"}]
        used = self.sent + self.edited
        seen = sum(1 for key in answered if key in self.seen)
        return Worth(
            name=name,
            key=key,
            turns=len(self.turns),
            answered=len(answered),
            offered=len(self.offered),
            seen=seen,
            suggestions=self.suggestions,
            inserted=self.inserted,
            used=used,
            sent=self.sent,
            edited=self.edited,
            assistance=share(used, len(answered)),
            assistance_between=wilson(min(used, len(answered)), len(answered)),
            accepted=share(used, seen),
            accepted_between=wilson(min(used, seen), seen),
            copied=share(self.sent, used),
            copied_between=wilson(self.sent, used),
            distance=median(self.distances),
            distance_between=median_interval(self.distances),
            kept=median(self.likenesses),
            kept_between=median_interval(self.likenesses),
        )


@dataclass(frozen=True, slots=True)
class Worth:
    """`answered` turns are those in which this agent answered; `assistance` is the share of these that were
    answered with a suggestion, `accepted` of those where one was seen, `copied` the share of used ones that
    were sent unchanged. `distance` is the median of letters changed, `kept` of what stayed (0 to 1), over the
    used ones. `..._between` are 95 % intervals: Wilson's, and order statistics for medians."""

    name: str
    key: str
    turns: int
    answered: int
    offered: int
    seen: int
    suggestions: int
    inserted: int
    used: int
    sent: int
    edited: int
    assistance: float | None
    assistance_between: Interval
    accepted: float | None
    accepted_between: Interval
    copied: float | None
    copied_between: Interval
    distance: float | None
    distance_between: Interval
    kept: float | None
    kept_between: Interval


@dataclass(frozen=True, slots=True)
class Asking:
    """What one agent asked the copilot. `copied` answers were put into a reply; `share` of all asked, with
    its 95 % interval."""

    name: str
    key: str
    asked: int
    copied: int
    share: float | None
    share_between: Interval


@dataclass(frozen=True, slots=True)
class Hinting:
    """Labels, priorities or queues that were suggested and seen; `share` of these were taken."""

    name: str
    key: str
    seen: int
    taken: int
    dismissed: int
    ignored: int
    share: float | None
    share_between: Interval


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All together, by agent (most used first), and by whose words they were. `seconds`: the median
    from the customer's words to the suggestion. `gain`: beside conversations that were drawn to have none."""

    total: Worth
    agents: tuple[Worth, ...]
    by: tuple[Worth, ...]
    asking: tuple[Asking, ...]
    hinting: tuple[Hinting, ...]
    gain: HoldOut
    seconds: float | None


def suggestions(scope: Scope) -> Suggestions:
    total = _Pile()
    agents: dict[str, _Pile] = defaultdict(_Pile)
    by: dict[str, _Pile] = defaultdict(_Pile)
    names: dict[str, str] = {}
    seconds: dict[int, float] = {}
    for row in rows(_COUNTED, scope):
        total.add(row)
        if row["agent"]:
            agents[row["agent"]].add(row)
            names[row["agent"]] = row["name"]
        if row["by"]:
            by[row["by"]].add(row)
            seconds[row["id"]] = row["seconds"]
    people = [pile.worth(names[key], key) for key, pile in agents.items()]
    return Suggestions(
        total=total.worth("All"),
        agents=tuple(sorted(people, key=lambda one: (-one.used, -one.turns, one.name))),
        by=tuple(by[key].worth(words, key) for key, words in _WORDS_BY.items() if key in by),
        asking=tuple(
            Asking(
                name=row["name"],
                key=row["agent"],
                asked=row["asked"],
                copied=row["copied"],
                share=share(row["copied"], row["asked"]),
                share_between=wilson(row["copied"], row["asked"]),
            )
            for row in rows(_ASKED, scope)
        ),
        hinting=tuple(
            Hinting(
                name=_HINTS[row["kind"]],
                key=row["kind"],
                seen=row["seen"],
                taken=row["taken"],
                dismissed=row["dismissed"],
                ignored=row["ignored"],
                share=share(row["taken"], row["seen"]),
                share_between=wilson(row["taken"], row["seen"]),
            )
            for row in rows(_HINTED, scope)
        ),
        gain=hold_out(scope),
        seconds=median(list(seconds.values())),
    )


BEHIND: dict[str, LiteralString] = {
    "used": _TURNS + "SELECT DISTINCT conversation_id FROM turns WHERE outcome = 'used'",
    "agent": _TURNS
    + "SELECT DISTINCT conversation_id FROM turns WHERE outcome = 'used' AND agent = %(detail)s",
    "offered": _TURNS + "SELECT DISTINCT conversation_id FROM turns WHERE proposed > 0",
}
