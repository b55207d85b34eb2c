"""How often a person was asked for, and why."""

from dataclasses import dataclass
from typing import LiteralString

from analytics.reports.scope import Scope, rows

HANDED: LiteralString = """
WITH handed AS (
    SELECT e.conversation_id AS id, e.data->>'reason' AS reason
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    WHERE e.kind = 'handoff' AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
)
"""
_COUNTED: LiteralString = (
    HANDED + "SELECT reason, count(*) AS n FROM handed GROUP BY 1 ORDER BY n DESC, reason"
)


@dataclass(frozen=True, slots=True)
class Handoffs:
    """`by_reason`: {reason: how often}, most frequent first."""

    total: int
    by_reason: dict[str, int]


def handoffs(scope: Scope) -> Handoffs:
    by_reason = {row["reason"]: row["n"] for row in rows(_COUNTED, scope)}
    return Handoffs(total=sum(by_reason.values()), by_reason=by_reason)


BEHIND: dict[str, LiteralString] = {
    "all": HANDED + "SELECT id FROM handed",
    "reason": HANDED + "SELECT id FROM handed WHERE reason = %(detail)s",
}
