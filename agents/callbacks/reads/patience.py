"""How patient this centre's own customers are, read off the log."""

from datetime import datetime, timedelta

from django.db import connection

from agents.callbacks.rules.patience import Patience, Wait, fit_patience

BACK = timedelta(days=60)
MOST = 50_000  # waits, the newest
FRESH = timedelta(minutes=10)

# Who was let go by the queue did not give up: how patient they were is known up to that moment only.
_WAITS = """
SELECT extract(epoch FROM e.created_at - began.at)::float8,
    e.kind = 'abandoned' AND coalesce(e.data->>'by', '') = 'customer'
FROM conversations_event e
CROSS JOIN LATERAL (
    SELECT max(b.created_at) AS at FROM conversations_event b
    WHERE b.conversation_id = e.conversation_id AND b."offset" < e."offset"
        AND b.kind IN ('handoff', 'queued')
) began
WHERE e.kind IN ('assigned', 'abandoned') AND e.created_at > %s AND e.created_at <= %s
    AND began.at IS NOT NULL
ORDER BY e.created_at DESC LIMIT %s
"""

_known: dict[str, tuple[datetime, Patience | None]] = {}


def waits(*, at: datetime) -> list[Wait]:
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, [at - BACK, at, MOST])
        return [Wait(seconds, gave_up) for seconds, gave_up in cursor.fetchall()]


def patience(*, at: datetime) -> Patience | None:
    """Fitted anew every ten minutes; None while too few have given up."""
    if (kept := _known.get("now")) and abs(at - kept[0]) < FRESH:
        return kept[1]
    found = fit_patience(waits(at=at))
    _known["now"] = (at, found)
    return found


def forget() -> None:
    _known.clear()
