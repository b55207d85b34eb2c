"""What score cards say: by question, by agent and bot, and by week; and how far they can be trusted.

An agent stands beside all others together, with intervals; where these overlap nothing is said of who is
better. Answers of questions that are not reliable are in no total.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any, LiteralString

from analytics.reports.scope import Scope, rows, share
from conversations.intervals import Z

FEWEST = 8  # scores: with fewer an interval says nothing
USUAL = 5  # scores' worth of everybody's spread in each one's own
# Of Student's distribution, 97.5 %, by degrees of freedom; from 31 on nearly the normal one.
_T = (
    12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10,
    2.09, 2.09, 2.08, 2.07, 2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05, 2.04,
)  # fmt: skip

# What ended in the span and was scored by the machine.
SCORED: LiteralString = """
WITH scored AS (
    SELECT s.id AS score_id, s.conversation_id AS id, s.subject, s.agent_id, s.total, s.is_fatal, s.left_out,
        s.ended_at, s.judges, v.card_id
    FROM quality_score s
    JOIN conversations_conversation c ON c.id = s.conversation_id
    JOIN quality_cardversion v ON v.id = s.version_id
    WHERE s.by = 'machine' AND s.ended_at >= %(start)s AND s.ended_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
)
"""
_PEOPLE: LiteralString = (
    SCORED
    + """
SELECT s.subject, a.uuid::text AS uuid,
    coalesce(nullif(a.display_name, ''), nullif(a.first_name, ''), a.username) AS name,
    count(*) AS scored, count(s.total) AS counted, avg(s.total)::float8 AS mean,
    var_samp(s.total)::float8 AS variance, count(*) FILTER (WHERE s.is_fatal) AS fatal
FROM scored s LEFT JOIN agents_agent a ON a.id = s.agent_id
GROUP BY 1, 2, 3 ORDER BY s.subject DESC, name, uuid
"""
)
_QUESTIONS: LiteralString = (
    SCORED
    + """
SELECT q.code, (array_agg(q.text ORDER BY s.score_id DESC))[1] AS text, q.kind, max(q.highest) AS highest,
    min(q.position) AS position, min(x.position) AS section, bool_or(q.is_fatal) AS fatal,
    count(a.value) AS answered, count(*) FILTER (WHERE a.value IS NULL) AS not_applicable,
    avg(CASE WHEN q.kind = 'scale' THEN (a.value - 1)::float8 / (q.highest - 1) ELSE a.value END) AS mean,
    count(*) FILTER (WHERE q.kind = 'yes_no' AND a.value = 0
        OR q.kind = 'scale' AND a.value <= (q.highest + 1) / 2.0 - 0.5) AS low,
    avg(a.confidence)::float8 AS confidence
FROM scored s
JOIN quality_answer a ON a.score_id = s.score_id
JOIN quality_cardquestion q ON q.id = a.question_id
JOIN quality_cardsection x ON x.id = q.section_id
WHERE q.kind <> 'text'
GROUP BY q.code, q.kind ORDER BY section, position, q.code
"""
)
_WEEKS: LiteralString = (
    SCORED
    + """
SELECT date_trunc('week', ended_at, %(zone)s)::date AS week, subject, count(total) AS counted,
    avg(total)::float8 AS mean
FROM scored GROUP BY 1, 2 ORDER BY 1
"""
)
_NOT_SCORED: LiteralString = """
SELECT q.reason, count(*) AS n
FROM quality_scoring q JOIN conversations_conversation c ON c.id = q.conversation_id
WHERE q.ended_at >= %(start)s AND q.ended_at < %(end)s AND q.looked_at IS NOT NULL
    AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
GROUP BY 1 ORDER BY 2 DESC
"""
_AGREEMENT: LiteralString = """
SELECT r.code, (SELECT q.text FROM quality_cardquestion q JOIN quality_cardversion v ON v.id = q.version_id
        WHERE v.card_id = r.card_id AND q.code = r.code ORDER BY v.number DESC LIMIT 1) AS text,
    c.name AS card, r.against, r.judges, r.pairs, r.agreed, r.kappa, r.low, r.high, r.state
FROM quality_reliability r JOIN quality_scorecard c ON c.id = r.card_id
WHERE r.pairs > 0
ORDER BY c.position, r.code, r.against DESC, r.judges DESC
"""


@dataclass(frozen=True, slots=True)
class Scores:
    """`mean` of the totals, 0 to 100, and its 95 % interval. `apart`: "above" or "below" all others
    together, where the intervals do not touch; "" where that cannot be told."""

    name: str
    key: str
    scored: int
    counted: int
    mean: float | None
    between: tuple[float, float] | None
    fatal: int
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """`mean` is the share of yes, or the place on the scale, 0 to 1. `low`: no, or its lower half."""

    code: str
    text: str
    answered: int
    not_applicable: int
    mean: float | None
    low: int
    is_fatal: bool
    confidence: float | None
    state: str = "unmeasured"


@dataclass(frozen=True, slots=True)
class Week:
    begins: date
    people: float | None
    bot: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Kappa of a question with its 95 % interval, for one version of the judges."""

    code: str
    text: str
    card: str
    against: str
    judges: int
    pairs: int
    agreed: float | None
    kappa: float | None
    low: float | None
    high: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Quality:
    total: Scores
    bot: Scores
    agents: tuple[Scores, ...]
    questions: tuple[Question, ...]
    weeks: tuple[Week, ...]
    not_scored: dict[str, int]
    agreement: tuple[Agreement, ...]

    @property
    def covered(self) -> float | None:
        """The share of ended conversations that were scored."""
        looked = sum(self.not_scored.values())
        return share(self.not_scored.get("", 0), looked)


def quality(scope: Scope) -> Quality:
    found = rows(_PEOPLE, scope)
    agreement = tuple(Agreement(**row) for row in rows(_AGREEMENT, scope))
    states = _states(agreement)
    agents = [row for row in found if row["subject"] == "agent"]
    return Quality(
        total=_scores("All", found),
        bot=_scores("The bot", [row for row in found if row["subject"] == "bot"]),
        agents=tuple(_beside(row, agents) for row in agents),
        questions=tuple(_question(row, states) for row in rows(_QUESTIONS, scope)),
        weeks=_weeks(rows(_WEEKS, scope)),
        not_scored={row["reason"]: row["n"] for row in rows(_NOT_SCORED, scope)},
        agreement=agreement,
    )


def interval(
    count: int, mean: float, variance: float, usual: float | None = None
) -> tuple[float, float] | None:
    """95 % around a mean of totals, by Student's distribution, cut at 0 and 100. `usual` is the variance of
    everybody's: a few scores that happen to be the same do not make anybody certain."""
    if count < FEWEST:
        return None
    if usual is not None:
        variance = (variance * (count - 1) + usual * USUAL) / (count - 1 + USUAL)
    wide = (_T[count - 2] if count - 2 < len(_T) else Z) * sqrt(variance / count)
    return max(0.0, mean - wide), min(100.0, mean + wide)


def _scores(
    name: str, found: list[dict[str, Any]], key: str = "", usual: float | None = None
) -> Scores:
    """Of several groups together, by their means and variances."""
    counted = sum(row["counted"] for row in found)
    told = [row for row in found if row["counted"]]
    mean = sum(row["mean"] * row["counted"] for row in told) / counted if counted else None
    between = None
    if mean is not None and counted > 1:
        within = sum((row["variance"] or 0.0) * (row["counted"] - 1) for row in told)
        apart = sum(row["counted"] * (row["mean"] - mean) ** 2 for row in told)
        between = interval(counted, mean, (within + apart) / (counted - 1), usual)
    return Scores(
        name=name,
        key=key,
        scored=sum(row["scored"] for row in found),
        counted=counted,
        mean=mean,
        between=between,
        fatal=sum(row["fatal"] for row in found),
    )


def _beside(row: dict[str, Any], agents: list[dict[str, Any]]) -> Scores:
    usual = _usual(agents)
    mine = _scores(row["name"] or "Who left", [row], row["uuid"] or "", usual)
    others = _scores("", [one for one in agents if one is not row], usual=usual)
    apart = ""
    if mine.between and others.between:
        if mine.between[0] > others.between[1]:
            apart = "above"
        elif mine.between[1] < others.between[0]:
            apart = "below"
    return Scores(
        mine.name, mine.key, mine.scored, mine.counted, mine.mean, mine.between, mine.fatal, apart
    )


def _usual(agents: list[dict[str, Any]]) -> float | None:
    """The spread of scores within agents."""
    told = [row for row in agents if row["counted"] > 1]
    free = sum(row["counted"] - 1 for row in told)
    return sum(row["variance"] * (row["counted"] - 1) for row in told) / free if free else None


def _states(agreement: tuple[Agreement, ...]) -> dict[str, str]:
    """Of the newest judges, with people; of several cards the worst."""
    newest: dict[str, int] = {}
    for one in agreement:
        newest[one.code] = max(newest.get(one.code, 0), one.judges)
    order = ("unmeasured", "reliable", "unreliable")
    found: dict[str, str] = {}
    for one in agreement:
        if one.against == "people" and one.judges == newest[one.code]:
            found[one.code] = max(found.get(one.code, order[0]), one.state, key=order.index)
    return found


def _question(row: dict[str, Any], states: dict[str, str]) -> Question:
    return Question(
        code=row["code"],
        text=row["text"],
        answered=row["answered"],
        not_applicable=row["not_applicable"],
        mean=row["mean"],
        low=row["low"],
        is_fatal=row["fatal"],
        confidence=row["confidence"],
        state=states.get(row["code"], "unmeasured"),
    )


def _weeks(found: list[dict[str, Any]]) -> tuple[Week, ...]:
    by: dict[date, dict[str, float | None]] = {}
    for row in found:
        by.setdefault(row["week"], {})[row["subject"]] = row["mean"]
    return tuple(Week(week, told.get("agent"), told.get("bot")) for week, told in by.items())


_ANSWERED: LiteralString = """
JOIN quality_answer a ON a.score_id = s.score_id
JOIN quality_cardquestion q ON q.id = a.question_id
WHERE q.code = %(detail)s
"""
BEHIND: dict[str, LiteralString] = {
    "scored": SCORED + "SELECT s.id FROM scored s",
    "bot": SCORED + "SELECT s.id FROM scored s WHERE s.subject = 'bot'",
    "agent": SCORED + "SELECT s.id FROM scored s JOIN agents_agent g ON g.id = s.agent_id "
    "WHERE g.uuid::text = %(detail)s",
    "fatal": SCORED + "SELECT s.id FROM scored s WHERE s.is_fatal",
    "answered": SCORED + "SELECT s.id FROM scored s" + _ANSWERED + " AND a.value IS NOT NULL",
    "low": SCORED
    + "SELECT s.id FROM scored s"
    + _ANSWERED
    + " AND (q.kind = 'yes_no' AND a.value = 0"
    " OR q.kind = 'scale' AND a.value <= (q.highest + 1) / 2.0 - 0.5)",
    "not_scored": """
SELECT q.conversation_id AS id
FROM quality_scoring q JOIN conversations_conversation c ON c.id = q.conversation_id
WHERE q.ended_at >= %(start)s AND q.ended_at < %(end)s AND q.looked_at IS NOT NULL AND q.reason = %(detail)s
    AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
""",
}
