"""What all customers would have said: the few who answered, the forecast of everybody, and the two together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from analytics.reports.scope import Scope, rows
from analytics.satisfaction.intervals import Seen, Share, corrected, expected, said
from analytics.satisfaction.learning import standing
from analytics.satisfaction.models import Fit

_OVER: LiteralString = """
WITH over AS (
    SELECT c.id, f.chance, f.low, f.high, f.answers, r.score, agent.uuid AS agent, agent.name,
        split_part(lower(c.language), '-', 1) AS language, i.key AS inbox, i.name AS inbox_name
    FROM conversations_conversation c
    JOIN inboxes_inbox i ON i.id = c.inbox_id
    JOIN satisfaction_forecast f ON f.conversation_id = c.id
    LEFT JOIN conversations_rating r ON r.conversation_id = c.id
    LEFT JOIN LATERAL (
        SELECT a.uuid, coalesce(nullif(trim(a.first_name || ' ' || a.last_name), ''), a.username) AS name
        FROM conversations_event e JOIN agents_agent a ON a.id = e.agent_id
        WHERE e.conversation_id = c.id AND e.kind = 'assigned' AND e.created_at <= c.resolved_at
        ORDER BY e."offset" DESC LIMIT 1
    ) agent ON true
    WHERE c.resolved_at >= %(start)s AND c.resolved_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
)
"""
_ROWS: LiteralString = (
    _OVER
    + """SELECT chance, low, high, answers, score, agent::text AS agent, name, language, inbox, inbox_name
        FROM over"""
)
UNHAPPY = 0.5  # a smaller chance: probably not satisfied
_HAPPY = 4


@dataclass(frozen=True, slots=True)
class Group:
    """`said` of those who answered, `expected` the mean forecast, `corrected` what all would have said.
    `standing`: "above" or "below" the rest if their intervals have nothing in common, else ""."""

    key: str
    name: str
    said: Share
    expected: float | None
    corrected: Share
    standing: str


@dataclass(frozen=True, slots=True)
class Expected:
    """All conversations that ended and have a forecast, and those of each agent, language (without its region)
    and inbox, by name. `silent` said nothing and were probably not satisfied; `width` is how far apart the ends
    of a forecast are, in the mean."""

    total: Group
    bot_only: Group
    agents: tuple[Group, ...]
    languages: tuple[Group, ...]
    inboxes: tuple[Group, ...]
    silent: int
    width: float | None
    ratings: tuple[int, int]
    rarer: tuple[int, int]


def expected_satisfaction(scope: Scope) -> Expected:
    found = rows(_ROWS, scope)
    silent = [row for row in found if row["score"] is None and row["chance"] < UNHAPPY]
    widths = [row["high"] - row["low"] for row in found]
    far = {} if found else standing(Fit.Purpose.SATISFIED, at=scope.period.end)
    return Expected(
        total=_group("", "All", found, None),
        bot_only=_apart("bot", "The bot alone", found, lambda row: not row["agent"]),
        agents=_each(found, "agent", "name"),
        languages=_each(found, "language", "language"),
        inboxes=_each(found, "inbox", "inbox_name"),
        silent=len(silent),
        width=sum(widths) / len(widths) if widths else None,
        ratings=(far.get("outcomes", 0), far.get("needed", 0)),
        rarer=(far.get("rarer", 0), far.get("rarer_needed", 0)),
    )


def _each(found: Sequence[dict[str, Any]], by: str, called: str) -> tuple[Group, ...]:
    """Those of each value of a column, by name."""
    names = {row[by]: row[called] for row in found if row[by]}
    return tuple(
        _apart(key, name, found, lambda row, key=key: row[by] == key)
        for key, name in sorted(names.items(), key=lambda one: (one[1].casefold(), one[0]))
    )


def _apart(key: str, name: str, found: Sequence[dict[str, Any]], is_theirs: Any) -> Group:
    mine = [row for row in found if is_theirs(row)]
    rest = [row for row in found if not is_theirs(row)]
    return _group(key, name, mine, corrected(_seen(rest)))


def _group(key: str, name: str, found: Sequence[dict[str, Any]], rest: Share | None) -> Group:
    seen = _seen(found)
    mine = corrected(seen)
    standing = ""
    if rest is not None and mine.is_apart_from(rest):
        assert mine.value is not None
        assert rest.value is not None
        standing = "above" if mine.value > rest.value else "below"
    return Group(key, name, said(seen), expected(seen), mine, standing)


def _seen(found: Sequence[dict[str, Any]]) -> list[Seen]:
    return [
        Seen(
            row["chance"],
            row["answers"],
            None if row["score"] is None else row["score"] >= _HAPPY,
        )
        for row in found
    ]


BEHIND: dict[str, LiteralString] = {
    "all": _OVER + "SELECT id FROM over",
    "silent": _OVER + "SELECT id FROM over WHERE score IS NULL AND chance < 0.5",
    "agent": _OVER + "SELECT id FROM over WHERE agent::text = %(detail)s",
    "bot": _OVER + "SELECT id FROM over WHERE agent IS NULL",
    "language": _OVER + "SELECT id FROM over WHERE language = %(detail)s",
    "inbox": _OVER + "SELECT id FROM over WHERE inbox = %(detail)s",
}
