"""What conversations are about: shares by topic beside the time before, and how they went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString

import orjson

from analytics.reports.scope import Scope, rows
from analytics.topics.rules.change import Change, Share, change, share_of

# What was asked in the span; of a topic that was merged, the one that it is now.
ASKED: LiteralString = """
WITH asked AS (
    SELECT b.conversation_id AS id, b.topic_id, b.at
    FROM topics_about b
    WHERE b.at >= %(start)s AND b.at < %(end)s AND (%(inbox)s::bigint IS NULL OR b.inbox_id = %(inbox)s)
)
"""
_COUNTED: LiteralString = (
    ASKED
    + """
SELECT t.id, t.uuid::text AS uuid, t.title, t.words, t.language, t.example, t.is_pinned, t.found_at,
    count(*) AS asked, count(r.score) AS rated, avg(r.score)::float8 AS score,
    count(*) FILTER (WHERE h.given) AS handed,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY w.seconds) AS wait
FROM asked a
LEFT JOIN topics_topic t ON t.id = a.topic_id
LEFT JOIN conversations_rating r ON r.conversation_id = a.id
LEFT JOIN LATERAL (
    SELECT true AS given FROM conversations_event e
    WHERE e.conversation_id = a.id AND e.kind = 'handoff' LIMIT 1
) h ON true
LEFT JOIN LATERAL (
    SELECT extract(epoch FROM taken.created_at - e.created_at)::float8 AS seconds
    FROM conversations_event e
    JOIN LATERAL (
        SELECT x.created_at FROM conversations_event x
        WHERE x.conversation_id = a.id AND x.kind = 'assigned' AND x."offset" > e."offset"
        ORDER BY x."offset" LIMIT 1
    ) taken ON true
    WHERE e.conversation_id = a.id AND e.kind = 'handoff' ORDER BY e."offset" LIMIT 1
) w ON true
GROUP BY t.id
"""
)
_BEFORE: LiteralString = ASKED + "SELECT topic_id, count(*) AS n FROM asked GROUP BY 1"
_WEEKS: LiteralString = """
SELECT b.topic_id, date_trunc('week', b.at, %(zone)s)::date AS week, count(*) AS n
FROM topics_about b
WHERE b.at >= %(end)s - interval '12 weeks' AND b.at < %(end)s
    AND (%(inbox)s::bigint IS NULL OR b.inbox_id = %(inbox)s)
GROUP BY 1, 2 ORDER BY 2
"""
_VERDICTS = ("new", "growing", "", "shrinking")


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic in the span. `wait` is the median in seconds from the handover to an agent; `score` the mean
    rating. `weeks` are the shares of the last twelve weeks, the oldest first."""

    key: str
    name: str
    example: str
    is_pinned: bool
    share: Share
    before: Share
    change: Change
    rated: int
    score: float | None
    handed: Share
    wait: float | None
    weeks: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """`subjects` are in the order in which a manager looks: pinned, new, growing, then by share."""

    asked: int
    elsewhere: int
    subjects: tuple[Subject, ...]
    weeks: tuple[date, ...]


def topics(scope: Scope, *, language: str = "en") -> Topics:
    found = rows(_COUNTED, scope)
    before = {row["topic_id"]: row["n"] for row in rows(_BEFORE, scope.previous())}
    asked, asked_before = sum(row["asked"] for row in found), sum(before.values())
    weekly = rows(_WEEKS, scope)
    weeks = tuple(sorted({row["week"] for row in weekly}))
    totals = {week: sum(row["n"] for row in weekly if row["week"] == week) for week in weeks}
    by_topic: dict[int | None, dict[date, int]] = {}
    for row in weekly:
        by_topic.setdefault(row["topic_id"], {})[row["week"]] = row["n"]
    subjects = []
    for row in found:
        if row["id"] is None:
            continue
        mine = by_topic.get(row["id"], {})
        shares = tuple(mine.get(week, 0) / totals[week] for week in weeks)
        was = share_of(before.get(row["id"], 0), asked_before)
        subjects.append(_subject(row, asked, was, shares, language))
    return Topics(
        asked=asked,
        elsewhere=sum(row["asked"] for row in found if row["id"] is None),
        subjects=tuple(sorted(subjects, key=_order)),
        weeks=weeks,
    )


def _subject(
    row: dict[str, Any],
    asked: int,
    was: Share,
    weeks: tuple[float, ...],
    language: str,
) -> Subject:
    now = share_of(row["asked"], asked)
    # Before anything was asked at all nothing is new: the house has only just opened.
    is_new = bool(was.all) and not was.some and not any(weeks[:-2])
    return Subject(
        key=row["uuid"],
        name=_name(row, language),
        example=row["example"],
        is_pinned=row["is_pinned"],
        share=now,
        before=was,
        change=change(now, was, is_new=is_new),
        rated=row["rated"],
        score=row["score"],
        handed=share_of(row["handed"], row["asked"]),
        wait=row["wait"],
        weeks=weeks,
    )


def _name(row: dict[str, Any], language: str) -> str:
    """As `Topic.shown_name` says it."""
    words = row["words"] if isinstance(row["words"], dict) else orjson.loads(row["words"] or "{}")
    found: list[str] = (
        words.get(language) or words.get(row["language"]) or next(iter(words.values()), [])
    )
    return row["title"] or ", ".join(found[:3]) or "Unnamed"


def _order(one: Subject) -> tuple[bool, int, int, str]:
    return (not one.is_pinned, _VERDICTS.index(one.change.verdict), -one.share.some, one.key)


BEHIND: dict[str, LiteralString] = {
    "all": ASKED + "SELECT id FROM asked",
    "elsewhere": ASKED + "SELECT id FROM asked WHERE topic_id IS NULL",
    "topic": ASKED
    + "SELECT a.id FROM asked a JOIN topics_topic t ON t.id = a.topic_id WHERE t.uuid::text = %(detail)s",
    "handed": ASKED
    + "SELECT a.id FROM asked a JOIN topics_topic t ON t.id = a.topic_id WHERE t.uuid::text = %(detail)s "
    "AND EXISTS (SELECT 1 FROM conversations_event e WHERE e.conversation_id = a.id AND e.kind = 'handoff')",
}
