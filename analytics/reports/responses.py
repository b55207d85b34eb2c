"""How long customers waited for the first word: of anybody, and of a person once they needed one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from analytics.reports.scope import COHORT, Scope, Spread, rows, spread
from analytics.reports.volume import moments

# The customer's first message, and the first message of the bot or an agent after it.
FIRST: LiteralString = (
    "WITH"
    + COHORT
    + """
, first AS (
    SELECT cohort.id, cohort.opened_at, answer.author_kind AS answered_by,
        extract(epoch FROM answer.created_at - question.created_at)::float8 AS seconds
    FROM cohort
    CROSS JOIN LATERAL (
        SELECT m.seq, m.created_at FROM conversations_message m
        WHERE m.conversation_id = cohort.id AND m.seq IS NOT NULL AND m.author_kind = 'customer'
        ORDER BY m.seq LIMIT 1
    ) question
    LEFT JOIN LATERAL (
        SELECT m.author_kind, m.created_at FROM conversations_message m
        WHERE m.conversation_id = cohort.id AND m.seq > question.seq
            AND m.author_kind IN ('bot', 'agent')
        ORDER BY m.seq LIMIT 1
    ) answer ON true
)
"""
)
# From the first handoff in the span to the first thing an agent said to the customer after it.
HUMAN: LiteralString = """
WITH handed AS (
    SELECT DISTINCT ON (e.conversation_id) e.conversation_id AS id, e."offset", e.created_at
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    WHERE e.kind = 'handoff' AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
    ORDER BY e.conversation_id, e."offset"
), human AS (
    SELECT handed.id, handed.created_at AS handed_at,
        extract(epoch FROM answer.created_at - handed.created_at)::float8 AS seconds
    FROM handed
    LEFT JOIN LATERAL (
        SELECT m.created_at FROM conversations_message m
        WHERE m.conversation_id = handed.id AND m."offset" > handed."offset"
            AND m.author_kind = 'agent' AND NOT m.note
        ORDER BY m.seq LIMIT 1
    ) answer ON true
)
"""
_FIRST_COUNTED: LiteralString = (
    FIRST
    + """
, timed AS (
    SELECT *, date_trunc(%(bucket)s, opened_at, %(zone)s) AS at FROM first
)
SELECT at, grouping(at) = 1 AS whole, count(*) AS asked, count(seconds) AS answered,
    count(*) FILTER (WHERE answered_by = 'bot') AS by_bot,
    percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY seconds) AS points
FROM timed GROUP BY GROUPING SETS ((), (at))
"""
)
_HUMAN_COUNTED: LiteralString = (
    HUMAN
    + """
SELECT count(*) AS asked, count(seconds) AS answered,
    percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY seconds) AS points
FROM human
"""
)


@dataclass(frozen=True, slots=True)
class Point:
    at: datetime
    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Responses:
    """`first` is of anybody, bot or agent; `human` of an agent after a handoff. Seconds."""

    first: Spread
    first_unanswered: int
    first_by_bot: int
    human: Spread
    human_unanswered: int
    points: tuple[Point, ...]


def responses(scope: Scope) -> Responses:
    found = rows(_FIRST_COUNTED, scope)
    first = next(row for row in found if row["whole"])
    human = rows(_HUMAN_COUNTED, scope)[0]
    return Responses(
        first=spread(first["answered"], first["points"]),
        first_unanswered=first["asked"] - first["answered"],
        first_by_bot=first["by_bot"],
        human=spread(human["answered"], human["points"]),
        human_unanswered=human["asked"] - human["answered"],
        points=_points(scope, [row for row in found if not row["whole"]]),
    )


def _points(scope: Scope, found: Sequence[dict[str, Any]]) -> tuple[Point, ...]:
    by_moment = {row["at"]: spread(row["answered"], row["points"]) for row in found}
    unknown = spread(0, None)
    return tuple(
        Point(at, by_moment.get(at, unknown).p50, by_moment.get(at, unknown).p90)
        for at in moments(scope.period)
    )


BEHIND: dict[str, LiteralString] = {
    "first": FIRST + "SELECT id FROM first WHERE seconds IS NOT NULL",
    "slow": FIRST + "SELECT id FROM first WHERE seconds >= %(detail)s::float8",
    "unanswered": FIRST + "SELECT id FROM first WHERE seconds IS NULL",
    "human": HUMAN + "SELECT id FROM human WHERE seconds IS NOT NULL",
    "human_slow": HUMAN + "SELECT id FROM human WHERE seconds >= %(detail)s::float8",
    "human_unanswered": HUMAN + "SELECT id FROM human WHERE seconds IS NULL",
}
