"""What is known of waits and of attempts before they came to an end, read off the log: nothing of what came after.

The names of the facts are words, because they are what agents read as reasons.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from agents.prediction.table import Table

BACK = timedelta(days=365)
MOST = 20_000  # rows a fit reads, the newest
TARGET = "came"

_WAITS = """
SELECT * FROM (
    SELECT e.conversation_id, e.created_at AS at, c.language, e.data->>'reason' AS reason,
        coalesce(q.name, '') AS queue,
        (SELECT count(*) FROM conversations_message m WHERE m.conversation_id = c.id
            AND m.author_kind = 'customer' AND m.created_at <= e.created_at) AS said,
        (SELECT count(*) FROM conversations_conversation o WHERE o.customer_id = c.customer_id
            AND o.opened_at < c.opened_at) AS talks,
        (SELECT count(*) FROM conversations_callback b
            JOIN conversations_conversation o ON o.id = b.conversation_id
            WHERE o.customer_id = c.customer_id AND b.created_at < e.created_at) AS calls,
        (SELECT count(*) FROM conversations_event o WHERE o.kind = 'handoff'
            AND o.created_at > e.created_at - interval '15 minutes'
            AND o.created_at < e.created_at) AS rush,
        (SELECT CASE WHEN o.kind = 'assigned' THEN 'no' ELSE 'yes' END FROM conversations_event o
            WHERE o.conversation_id = e.conversation_id AND o."offset" > e."offset"
            AND (o.kind IN ('assigned', 'callback')
                OR o.kind = 'abandoned' AND coalesce(o.data->>'by', '') = 'customer')
            ORDER BY o."offset" LIMIT 1) AS came
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    LEFT JOIN agents_queue q ON q.uuid::text = e.data->>'queue'
    WHERE e.kind = 'handoff' AND {which}
    ORDER BY e.created_at DESC LIMIT %s
) waits WHERE {ended} ORDER BY at
"""

_ATTEMPTS = """
SELECT t.at, t.number, k.time_zone, c.language, coalesce(q.name, '') AS queue, w.phone,
    w.created_at AS asked, k.wanted_at IS NOT NULL AND abs(extract(epoch FROM t.at - k.wanted_at)) < 3600 AS chosen,
    (SELECT count(*) FROM callbacks_attempt o JOIN callbacks_call ok ON ok.id = o.call_id
        JOIN conversations_callback ow ON ow.id = ok.wish_id
        JOIN conversations_conversation oc ON oc.id = ow.conversation_id
        WHERE oc.customer_id = c.customer_id AND o.at < t.at AND o.outcome = 'reached') AS reached,
    (SELECT count(*) FROM callbacks_attempt o JOIN callbacks_call ok ON ok.id = o.call_id
        JOIN conversations_callback ow ON ow.id = ok.wish_id
        JOIN conversations_conversation oc ON oc.id = ow.conversation_id
        WHERE oc.customer_id = c.customer_id AND o.at < t.at
        AND o.outcome IN ('no_answer', 'busy', 'voicemail')) AS missed,
    CASE WHEN t.outcome = 'reached' THEN 'yes' ELSE 'no' END AS came
FROM callbacks_attempt t
JOIN callbacks_call k ON k.id = t.call_id
JOIN conversations_callback w ON w.id = k.wish_id
JOIN conversations_conversation c ON c.id = w.conversation_id
LEFT JOIN agents_queue q ON q.id = k.queue_id
WHERE t.outcome IN ('reached', 'no_answer', 'busy', 'voicemail') AND t.at > %s AND t.at <= %s
ORDER BY t.at DESC LIMIT %s
"""

_CALLS = """
SELECT k.id, k.attempts + 1 AS number, k.time_zone, c.language, coalesce(q.name, '') AS queue, w.phone,
    w.created_at AS asked, k.wanted_at,
    (SELECT count(*) FROM callbacks_attempt o JOIN callbacks_call ok ON ok.id = o.call_id
        JOIN conversations_callback ow ON ow.id = ok.wish_id
        JOIN conversations_conversation oc ON oc.id = ow.conversation_id
        WHERE oc.customer_id = c.customer_id AND o.outcome = 'reached') AS reached,
    (SELECT count(*) FROM callbacks_attempt o JOIN callbacks_call ok ON ok.id = o.call_id
        JOIN conversations_callback ow ON ow.id = ok.wish_id
        JOIN conversations_conversation oc ON oc.id = ow.conversation_id
        WHERE oc.customer_id = c.customer_id AND o.outcome IN ('no_answer', 'busy', 'voicemail')) AS missed
FROM callbacks_call k
JOIN conversations_callback w ON w.id = k.wish_id
JOIN conversations_conversation c ON c.id = w.conversation_id
LEFT JOIN agents_queue q ON q.id = k.queue_id
WHERE k.id = ANY(%s)
"""

Facts = dict[str, str]


class Known(NamedTuple):
    facts: Facts
    came: bool


def waits(*, at: datetime) -> list[Known]:
    """Waits that are over, in the order of time."""
    sql = _WAITS.format(which="e.created_at > %s AND e.created_at <= %s", ended="came IS NOT NULL")
    return [Known(_wait(row), row["came"] == "yes") for row in _rows(sql, [at - BACK, at, MOST])]


def waiting(conversations: Sequence[int]) -> dict[int, Facts]:
    """Of those who wait now: the facts of their last handover."""
    sql = _WAITS.format(which="e.conversation_id = ANY(%s)", ended="true")
    return {
        row["conversation_id"]: _wait(row) for row in _rows(sql, [list(conversations), MOST])
    }  # the last one of each, as they are in the order of time


def _wait(row: Mapping[str, Any]) -> Facts:
    return {
        "hour (UTC)": str(row["at"].hour),
        "weekday": f"{row['at']:%a}".lower(),
        "queue": row["queue"],
        "language": row["language"],
        "handed over because": row["reason"] or "",
        "messages before": _up_to(row["said"]),
        "conversations before": _up_to(row["talks"]),
        "calls asked for before": _up_to(row["calls"]),
        "others in these 15 minutes": _up_to(row["rush"], 50),
    }


def attempts(*, at: datetime) -> list[Known]:
    """Attempts that are over, in the order of time."""
    rows = _rows(_ATTEMPTS, [at - BACK, at, MOST])
    return [
        Known(_attempt(row, row["at"], chosen=row["chosen"]), row["came"] == "yes")
        for row in reversed(rows)
    ]


def calls(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What is known of each call before its next attempt; see `attempt_at`."""
    return {row["id"]: row for row in _rows(_CALLS, [list(ids)])}


def attempt_at(row: Mapping[str, Any], at: datetime) -> Facts:
    """The facts of an attempt at this moment."""
    wanted = row["wanted_at"]
    return _attempt(row, at, chosen=wanted is not None and abs(at - wanted) < timedelta(hours=1))


def _attempt(row: Mapping[str, Any], at: datetime, *, chosen: bool) -> Facts:
    local = at.astimezone(ZoneInfo(row["time_zone"]))
    return {
        "hour where they are": str(local.hour),
        "weekday where they are": f"{local:%a}".lower(),
        "attempt": _up_to(row["number"]),
        "hours since they asked": _up_to(round((at - row["asked"]).total_seconds() / 3600), 72),
        "at the time they chose": "yes" if chosen else "no",
        "queue": row["queue"],
        "language": row["language"],
        "number begins": row["phone"][:3] if row["phone"].startswith("+") else "inland",
        "reached before": _up_to(row["reached"]),
        "missed before": _up_to(row["missed"]),
    }


def _up_to(count: int, most: int = 10) -> str:
    """Counted no further: what only grows would tell the day, and the next day is always a new one."""
    return str(min(count, most))


def table_of(rows: Sequence[Facts], came: Sequence[bool] | None = None) -> Table:
    names = list(rows[0]) if rows else []
    columns = {name: [row[name] for row in rows] for name in names}
    if came is not None:
        columns[TARGET] = ["yes" if one else "no" for one in came]
    return Table(columns, list(range(len(rows))), [])


def _rows(sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
