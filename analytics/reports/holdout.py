"""What suggestions gain, by chance and not by clicks: conversations that had them beside those that were drawn
to have none."""

from dataclasses import dataclass
from typing import LiteralString

from analytics.reports.scope import Scope, rows
from conversations.intervals import apart, median, median_interval

# Of each conversation the first answered moment for which there was something to suggest: one figure of each,
# independent of the others. From the customer's words to the agent's answer.
_ANSWERED: LiteralString = """
SELECT DISTINCT ON (t.conversation_id) t.withheld > 0 AS without,
    greatest(extract(epoch FROM m.created_at - t.at)::float + t.seconds, 0) AS seconds
FROM assist_helpturn t
JOIN LATERAL (
    SELECT created_at FROM conversations_message
    WHERE conversation_id = t.conversation_id AND seq > t.seq AND author_kind = 'agent'
        AND agent_id = t.agent_id AND NOT note
    ORDER BY seq LIMIT 1
) m ON true
WHERE t.at >= %(start)s AND t.at < %(end)s AND (t.proposed > 0 OR t.withheld > 0)
    AND t.outcome IN ('used', 'own') AND (%(inbox)s::bigint IS NULL OR t.inbox_id = %(inbox)s)
ORDER BY t.conversation_id, t.seq
"""
Interval = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Arm:
    """`seconds`: the median from the customer's words to the agent's answer."""

    conversations: int
    seconds: float | None
    seconds_between: Interval


@dataclass(frozen=True, slots=True)
class HoldOut:
    """`saved`: by how many seconds an answer comes sooner with suggestions (less than nothing: later);
    `saved_between` where either median has an interval (95 %, by the two intervals' distances)."""

    shown: Arm
    withheld: Arm
    saved: float | None
    saved_between: Interval


def hold_out(scope: Scope) -> HoldOut:
    values: dict[bool, list[float]] = {False: [], True: []}
    for row in rows(_ANSWERED, scope):
        values[row["without"]].append(row["seconds"])
    shown, withheld = _arm(values[False]), _arm(values[True])
    saved = None
    if shown.seconds is not None and withheld.seconds is not None:
        saved = withheld.seconds - shown.seconds
    return HoldOut(shown, withheld, saved, _between(withheld, shown))


def _arm(values: list[float]) -> Arm:
    return Arm(len(values), median(values), median_interval(values))


def _between(one: Arm, other: Arm) -> Interval:
    """Of a difference, by the distances of both intervals' ends from their middles (MOVER)."""
    if one.seconds is None or other.seconds is None:
        return None
    if one.seconds_between is None or other.seconds_between is None:
        return None
    _, *ends = apart(one.seconds, one.seconds_between, other.seconds, other.seconds_between)
    return ends[0], ends[1]
