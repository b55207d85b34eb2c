"""How long customers waited in line for a person, and whether that was soon enough.

A wait begins when a conversation enters a queue and ends with the next thing that takes it out:
an agent (served), the end of the conversation (gave up), or another place (moved on).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from analytics.reports.scope import Scope, Spread, rows, share, spread
from analytics.reports.volume import moments

WAITS: LiteralString = """
WITH waits AS (
    SELECT e.conversation_id AS id, e.created_at AS since, q.name AS queue, q.uuid AS queue_uuid,
        q.target_seconds AS target, CASE ending.kind
            WHEN 'assigned' THEN 'served'
            WHEN 'resolved' THEN 'abandoned'
            WHEN 'abandoned' THEN 'abandoned'
            WHEN 'transferred' THEN 'moved'
            WHEN 'queued' THEN 'moved'
            ELSE 'waiting' END AS outcome,
        extract(epoch FROM coalesce(ending.created_at, %(now)s) - e.created_at)::float8 AS seconds
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    LEFT JOIN agents_queue q ON q.uuid::text = e.data->>'queue'
    LEFT JOIN LATERAL (
        SELECT n.kind, n.created_at FROM conversations_event n
        WHERE n.conversation_id = e.conversation_id AND n."offset" > e."offset"
            AND n.kind IN ('assigned', 'resolved', 'abandoned', 'transferred', 'queued')
        ORDER BY n."offset" LIMIT 1
    ) ending ON true
    WHERE e.kind IN ('handoff', 'queued')
        AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
), judged AS (
    SELECT *,
        outcome = 'served' AND seconds <= target AS within,
        -- Who gave up, or still waits, within the time does not count against us (yet).
        outcome = 'served' OR (outcome IN ('abandoned', 'waiting') AND seconds > target) AS counts
    FROM waits
)
"""
_COLUMNS: LiteralString = """
    count(*) AS entered,
    count(*) FILTER (WHERE outcome = 'served') AS served,
    count(*) FILTER (WHERE outcome = 'abandoned') AS abandoned,
    count(*) FILTER (WHERE outcome = 'waiting') AS waiting,
    count(*) FILTER (WHERE outcome = 'moved') AS moved,
    count(*) FILTER (WHERE within) AS within,
    count(*) FILTER (WHERE counts AND target IS NOT NULL) AS counted,
    percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY seconds)
        FILTER (WHERE outcome = 'served') AS points,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)
        FILTER (WHERE outcome = 'abandoned') AS abandoned_p50,
    max(seconds) FILTER (WHERE outcome = 'served') AS longest
"""
_COUNTED: LiteralString = (
    WAITS
    + """
, timed AS (
    SELECT *, date_trunc(%(bucket)s, since, %(zone)s) AS at FROM judged
)
SELECT at, queue, queue_uuid, target, grouping(at) = 0 AS is_point, grouping(queue) = 0 AS is_queue,
"""
    + _COLUMNS
    + """
FROM timed GROUP BY GROUPING SETS ((), (at), (queue, queue_uuid, target)) ORDER BY queue
"""
)


@dataclass(frozen=True, slots=True)
class Line:
    """Waits in one queue, or in all. `level` is 0 to 1: the share served within the target.

    Counted against the target: everybody served, and who gave up or still waits beyond it.
    """

    queue: str
    queue_uuid: str
    target_seconds: int | None
    entered: int
    served: int
    abandoned: int
    waiting: int
    moved: int
    within: int
    counted: int
    level: float | None
    wait: Spread
    longest: float | None
    abandoned_p50: float | None


@dataclass(frozen=True, slots=True)
class Point:
    at: datetime
    level: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Waiting:
    total: Line
    queues: tuple[Line, ...]
    points: tuple[Point, ...]


def waiting(scope: Scope) -> Waiting:
    found = rows(_COUNTED, scope)
    whole = next(row for row in found if not row["is_point"] and not row["is_queue"])
    by_moment = {row["at"]: _line(row) for row in found if row["is_point"]}
    return Waiting(
        total=_line(whole),
        queues=tuple(_line(row) for row in found if row["is_queue"]),
        points=tuple(_point(at, by_moment.get(at)) for at in moments(scope.period)),
    )


def _line(row: dict[str, Any]) -> Line:
    return Line(
        queue=row["queue"] or "",
        queue_uuid=str(row["queue_uuid"] or ""),
        target_seconds=row["target"],
        entered=row["entered"],
        served=row["served"],
        abandoned=row["abandoned"],
        waiting=row["waiting"],
        moved=row["moved"],
        within=row["within"],
        counted=row["counted"],
        level=share(row["within"], row["counted"]),
        wait=spread(row["served"], row["points"]),
        longest=row["longest"],
        abandoned_p50=row["abandoned_p50"],
    )


def _point(at: datetime, line: Line | None) -> Point:
    if line is None:
        return Point(at, None, None, None)
    return Point(at, line.level, line.wait.p50, line.wait.p90)


_IN_QUEUE: LiteralString = " AND (%(detail)s = '' OR queue_uuid::text = %(detail)s)"
# `slow` is told the seconds and, after a space, the queue.
_SLOW: LiteralString = """
SELECT id FROM judged WHERE outcome = 'served'
    AND seconds >= split_part(%(detail)s, ' ', 1)::float8
    AND split_part(%(detail)s, ' ', 2) IN ('', queue_uuid::text)
"""
BEHIND: dict[str, LiteralString] = {
    "entered": WAITS + "SELECT id FROM judged WHERE true" + _IN_QUEUE,
    "served": WAITS + "SELECT id FROM judged WHERE outcome = 'served'" + _IN_QUEUE,
    "abandoned": WAITS + "SELECT id FROM judged WHERE outcome = 'abandoned'" + _IN_QUEUE,
    "waiting": WAITS + "SELECT id FROM judged WHERE outcome = 'waiting'" + _IN_QUEUE,
    "within": WAITS + "SELECT id FROM judged WHERE within" + _IN_QUEUE,
    "slow": WAITS + _SLOW,
}
