"""How many conversations began: when, through which inbox, in which language."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import LiteralString

from analytics.period import Period
from analytics.reports.scope import COHORT, Scope, rows

BEGUN: LiteralString = (
    "WITH"
    + COHORT
    + """
, begun AS (
    SELECT cohort.*, word.said IS NOT NULL AS written
    FROM cohort
    LEFT JOIN LATERAL (
        SELECT true AS said FROM conversations_event m
        WHERE m.conversation_id = cohort.id AND m.kind = 'message' AND m.actor_kind = 'customer'
        ORDER BY m."offset" LIMIT 1
    ) word ON true
)
"""
)
_COUNTED: LiteralString = (
    BEGUN
    + """
SELECT date_trunc(%(bucket)s, b.opened_at, %(zone)s) AS at,
    extract(hour FROM b.opened_at AT TIME ZONE %(zone)s)::int AS hour,
    i.key AS inbox, b.language, count(*) AS opened, count(*) FILTER (WHERE b.written) AS written
FROM begun b JOIN inboxes_inbox i ON i.id = b.inbox_id
GROUP BY 1, 2, 3, 4
"""
)


@dataclass(frozen=True, slots=True)
class Point:
    """One hour or day of a chart; `at` is its first moment on the centre's clock."""

    at: datetime
    opened: int
    written: int


@dataclass(frozen=True, slots=True)
class Volume:
    """`opened`: chats that were opened; `written`: those in which the customer said something."""

    opened: int
    written: int
    points: tuple[Point, ...]
    by_hour: tuple[int, ...]  # 24 numbers: written conversations by the hour of the day
    by_inbox: dict[str, int]
    by_language: dict[str, int]


def volume(scope: Scope) -> Volume:
    opened: Counter[datetime] = Counter()
    written: Counter[datetime] = Counter()
    hours: Counter[int] = Counter()
    inboxes: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for row in rows(_COUNTED, scope):
        opened[row["at"]] += row["opened"]
        written[row["at"]] += row["written"]
        hours[row["hour"]] += row["written"]
        inboxes[row["inbox"]] += row["written"]
        languages[row["language"]] += row["written"]
    return Volume(
        opened=opened.total(),
        written=written.total(),
        points=tuple(Point(at, opened[at], written[at]) for at in moments(scope.period)),
        by_hour=tuple(hours[hour] for hour in range(24)),
        by_inbox=dict(inboxes.most_common()),
        by_language=dict(languages.most_common()),
    )


def moments(period: Period) -> list[datetime]:
    """The first moment of every hour or day that the period touches, on the centre's clock."""
    first = period.start.replace(minute=0, second=0, microsecond=0)
    if period.bucket == "hour":
        # Counted in UTC: on the day the clocks change there are 23 hours, or 25.
        at, found = first.astimezone(UTC), []
        while at < period.end:
            found.append(at)
            at += timedelta(hours=1)
        return found
    days = (period.last_day - first.date()).days + 1
    return [first.replace(hour=0) + timedelta(days=n) for n in range(days)]


BEHIND: dict[str, LiteralString] = {
    "opened": BEGUN + "SELECT id FROM begun",
    "written": BEGUN + "SELECT id FROM begun WHERE written",
    "inbox": BEGUN
    + """SELECT begun.id FROM begun JOIN inboxes_inbox i ON i.id = begun.inbox_id
        WHERE begun.written AND i.key = %(detail)s""",
    "language": BEGUN + "SELECT id FROM begun WHERE written AND language = %(detail)s",
    "hour": BEGUN
    + """SELECT id FROM begun WHERE written
        AND extract(hour FROM opened_at AT TIME ZONE %(zone)s)::int::text = %(detail)s""",
}
