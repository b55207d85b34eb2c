"""What customers said about it afterwards, and how many of those asked said anything."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from analytics.reports.scope import Scope, rows, share
from analytics.reports.volume import moments

# A customer may change their mind: of each conversation the last answer in the span counts.
RATED: LiteralString = """
WITH rated AS (
    SELECT DISTINCT ON (e.conversation_id) e.conversation_id AS id, e.created_at,
        (e.data->>'score')::int AS score, person.taken IS NOT NULL AS by_person
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    LEFT JOIN LATERAL (
        SELECT true AS taken FROM conversations_event p
        WHERE p.conversation_id = e.conversation_id AND p.kind = 'assigned'
        ORDER BY p."offset" LIMIT 1
    ) person ON true
    WHERE e.kind = 'rated' AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
    ORDER BY e.conversation_id, e."offset" DESC
)
"""
_COUNTED: LiteralString = (
    RATED
    + """
SELECT date_trunc(%(bucket)s, created_at, %(zone)s) AS at, by_person, score,
    count(*) AS n
FROM rated GROUP BY 1, 2, 3
"""
)
# Asked: conversations that ended in the span and in which the customer had said something.
ASKED: LiteralString = """
WITH asked AS (
    SELECT DISTINCT e.conversation_id AS id
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    JOIN LATERAL (
        SELECT true FROM conversations_event m
        WHERE m.conversation_id = c.id AND m.kind = 'message' AND m.actor_kind = 'customer'
        ORDER BY m."offset" LIMIT 1
    ) word ON true
    WHERE e.kind IN ('resolved', 'abandoned') AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
)
"""
_ASKED_COUNTED: LiteralString = (
    ASKED
    + """
SELECT count(*) AS asked, count(answer.given) AS answered
FROM asked
LEFT JOIN LATERAL (
    SELECT true AS given FROM conversations_event r
    WHERE r.conversation_id = asked.id AND r.kind = 'rated'
    ORDER BY r."offset" LIMIT 1
) answer ON true
"""
)


@dataclass(frozen=True, slots=True)
class Scores:
    """Answers to the survey. `distribution` is how many said 1, 2, 3, 4, 5; `happy` said 4 or 5."""

    answers: int
    average: float | None
    happy: int
    happy_share: float | None
    distribution: tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Point:
    at: datetime
    average: float | None
    answers: int


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """`asked` are conversations that ended; `response_rate` is the share of them with an answer."""

    total: Scores
    bot_only: Scores
    by_person: Scores
    asked: int
    response_rate: float | None
    points: tuple[Point, ...]


def satisfaction(scope: Scope) -> Satisfaction:
    found = rows(_COUNTED, scope)
    asked = rows(_ASKED_COUNTED, scope)[0]
    return Satisfaction(
        total=_scores(found),
        bot_only=_scores([row for row in found if not row["by_person"]]),
        by_person=_scores([row for row in found if row["by_person"]]),
        asked=asked["asked"],
        response_rate=share(asked["answered"], asked["asked"]),
        points=tuple(
            _point(at, [row for row in found if row["at"] == at]) for at in moments(scope.period)
        ),
    )


def _scores(found: list[dict[str, Any]]) -> Scores:
    counts = [sum(row["n"] for row in found if row["score"] == score) for score in range(1, 6)]
    answers, happy = sum(counts), counts[3] + counts[4]
    total = sum(score * n for score, n in enumerate(counts, start=1))
    one, two, three, four, five = counts
    return Scores(
        answers=answers,
        average=share(total, answers),
        happy=happy,
        happy_share=share(happy, answers),
        distribution=(one, two, three, four, five),
    )


def _point(at: datetime, found: list[dict[str, Any]]) -> Point:
    scores = _scores(found)
    return Point(at, scores.average, scores.answers)


BEHIND: dict[str, LiteralString] = {
    "rated": RATED + "SELECT id FROM rated",
    "score": RATED + "SELECT id FROM rated WHERE score = %(detail)s::int",
    "happy": RATED + "SELECT id FROM rated WHERE score >= 4",
    "bot_only": RATED + "SELECT id FROM rated WHERE NOT by_person",
    "by_person": RATED + "SELECT id FROM rated WHERE by_person",
    "asked": ASKED + "SELECT id FROM asked",
}
