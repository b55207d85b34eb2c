"""Which part of the log a report reads, and how it asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from django.db import connection
from django.utils import timezone

from analytics.period import Period

# The conversations that began in the span.
COHORT: LiteralString = """
cohort AS (
    SELECT c.id, c.inbox_id, c.language, e.created_at AS opened_at
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    WHERE e.kind = 'opened' AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
)
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """A span of time, and one inbox or all of them (None). `now` is when somebody asks."""

    period: Period
    now: datetime
    inbox_id: int | None = None

    def previous(self) -> "Scope":
        return Scope(self.period.previous(), self.now, self.inbox_id)

    def values(self) -> dict[str, Any]:
        """The named values of every report's statement."""
        return {
            "start": self.period.start,
            "end": self.period.end,
            "inbox": self.inbox_id,
            "now": self.now,
            "bucket": self.period.bucket,
            "zone": timezone.get_default_timezone_name(),
        }


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds; `count` of nobody has no percentiles."""

    count: int
    p50: float | None
    p90: float | None
    p95: float | None


def spread(count: int, points: list[float] | None) -> Spread:
    """From `percentile_cont(ARRAY[.5, .9, .95])`, which is NULL for no rows."""
    p50, p90, p95 = points or (None, None, None)
    return Spread(count, p50, p90, p95)


def share(part: int, whole: int) -> float | None:
    """Part of a whole, 0 to 1; of nothing it is not known."""
    return part / whole if whole else None


def rows(
    statement: LiteralString, scope: Scope, extra: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The statement's rows by the names of their columns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {**scope.values(), **(extra or {})})
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
