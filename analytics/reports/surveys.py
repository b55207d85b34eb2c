"""What customers answered to the house's own surveys: scores with their intervals, and every question."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, LiteralString

from analytics.reports.scope import Scope, rows, share
from conversations.intervals import Z

_ASKED: LiteralString = """
WITH asked AS (
    SELECT i.id AS invitation, i.conversation_id AS id, i.survey_id, i.answered_at
    FROM surveys_invitation i
    JOIN conversations_conversation c ON c.id = i.conversation_id
    WHERE i.asked_at >= %(start)s AND i.asked_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
)
"""
_COUNTED: LiteralString = (
    _ASKED
    + """
SELECT s.id, s.name, count(*) AS asked, count(a.answered_at) AS answered
FROM asked a JOIN surveys_survey s ON s.id = a.survey_id
GROUP BY s.id, s.name, s.position ORDER BY s.position, s.id
"""
)
_NUMBERS: LiteralString = (
    _ASKED
    + """
SELECT a.survey_id, q.id, q.uuid::text AS key, r.kind, q.text, q.position, r.number, count(*) AS n
FROM asked a
JOIN surveys_reply r ON r.invitation_id = a.invitation
JOIN surveys_question q ON q.id = r.question_id
WHERE r.number IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY q.position, q.id, r.number
"""
)
_CHOSEN: LiteralString = (
    _ASKED
    + """
SELECT a.survey_id, q.id, q.uuid::text AS key, r.kind, q.text, q.options, q.position,
    option.key AS chosen, count(*) AS n, given.n AS given
FROM asked a
JOIN surveys_reply r ON r.invitation_id = a.invitation
JOIN surveys_question q ON q.id = r.question_id
CROSS JOIN LATERAL jsonb_array_elements_text(r.chosen) AS option (key)
CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM surveys_reply x JOIN asked y ON y.invitation = x.invitation_id
    WHERE x.question_id = q.id
) given
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, given.n ORDER BY q.position, q.id, n DESC, option.key
"""
)
_REVIEWS: LiteralString = """
SELECT v.cause, count(*) AS n, count(v.reviewed_at) AS reviewed
FROM surveys_review v
JOIN conversations_rating r ON r.id = v.rating_id
JOIN conversations_conversation c ON c.id = r.conversation_id
WHERE r.rated_at >= %(start)s AND r.rated_at < %(end)s
    AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
GROUP BY v.cause ORDER BY n DESC, v.cause
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question. A number has `value` ± `margin` in the unit of its kind: NPS in points from −100 to 100,
    yes/no as a share, others as a mean; `margin` is half of the 95 % interval, None for fewer than two. A
    choice has none. `distribution` is (answer, how often)."""

    key: str
    kind: str
    text: Mapping[str, str]
    answers: int
    value: float | None
    margin: float | None
    distribution: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """`response_rate` is the share of the asked who answered."""

    survey: int
    name: str
    asked: int
    answered: int
    response_rate: float | None
    questions: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Surveys:
    """`bad` ratings were given, so many were `reviewed`; `causes` is (cause, how often)."""

    surveys: tuple[Surveyed, ...]
    bad: int
    reviewed: int
    causes: tuple[tuple[str, int], ...]


def surveys(scope: Scope) -> Surveys:
    numbers, chosen, reviews = rows(_NUMBERS, scope), rows(_CHOSEN, scope), rows(_REVIEWS, scope)
    return Surveys(
        surveys=tuple(
            Surveyed(
                survey=row["id"],
                name=row["name"],
                asked=row["asked"],
                answered=row["answered"],
                response_rate=share(row["answered"], row["asked"]),
                questions=_questions(
                    [one for one in (*numbers, *chosen) if one["survey_id"] == row["id"]]
                ),
            )
            for row in rows(_COUNTED, scope)
        ),
        bad=sum(row["n"] for row in reviews),
        reviewed=sum(row["reviewed"] for row in reviews),
        causes=tuple((row["cause"], row["n"]) for row in reviews if row["cause"]),
    )


def _questions(found: Sequence[Mapping[str, Any]]) -> tuple[Answered, ...]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(found, key=lambda row: (row["position"], row["id"])):
        groups.setdefault(row["key"], []).append(row)
    return tuple(_answered(key, group) for key, group in groups.items())


def _answered(key: str, group: Sequence[Mapping[str, Any]]) -> Answered:
    first = group[0]
    text: dict[str, str] = json.loads(first["text"])
    if "chosen" in first:
        words = {
            option["key"]: option.get("en") or option["key"]
            for option in json.loads(first["options"])
        }
        counts = tuple((words.get(row["chosen"], row["chosen"]), row["n"]) for row in group)
        return Answered(key, first["kind"], text, first["given"], None, None, counts)
    counts = tuple((str(row["number"]), row["n"]) for row in group)
    value, margin = scored(first["kind"], [(row["number"], row["n"]) for row in group])
    answers = sum(row["n"] for row in group)
    return Answered(key, first["kind"], text, answers, value, margin, counts)


def scored(kind: str, counts: Sequence[tuple[int, int]]) -> tuple[float | None, float | None]:
    """(value, margin) of (number, how often): an NPS counts 9 and 10 as one for, 0 to 6 as one against."""
    points = [(_point(kind, number), n) for number, n in counts]
    answers = sum(n for _, n in points)
    if not answers:
        return None, None
    mean = sum(point * n for point, n in points) / answers
    if answers < 2:
        return mean, None
    variance = sum(n * (point - mean) ** 2 for point, n in points) / (answers - 1)
    return mean, Z * sqrt(variance / answers)


def _point(kind: str, number: int) -> float:
    if kind != "nps":
        return float(number)
    return 100.0 if number >= 9 else -100.0 if number <= 6 else 0.0


BEHIND: dict[str, LiteralString] = {
    "asked": _ASKED + "SELECT id FROM asked WHERE survey_id = %(detail)s::bigint",
    "answered": _ASKED
    + "SELECT id FROM asked WHERE survey_id = %(detail)s::bigint AND answered_at IS NOT NULL",
    "cause": """
SELECT r.conversation_id AS id FROM surveys_review v
JOIN conversations_rating r ON r.id = v.rating_id
JOIN conversations_conversation c ON c.id = r.conversation_id
WHERE r.rated_at >= %(start)s AND r.rated_at < %(end)s AND v.cause = %(detail)s
    AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
""",
}
