"""What each agent did: how much, how soon, and how customers found it."""

from dataclasses import dataclass
from typing import LiteralString

from analytics.reports.scope import Scope, rows

# The conversations that somebody took in the span; of each, the agent's first word after it.
TAKEN: LiteralString = """
WITH taken AS (
    SELECT e.conversation_id AS id, a.uuid::text AS agent, a.id AS agent_id,
        extract(epoch FROM (
            SELECT m.created_at FROM conversations_message m
            WHERE m.conversation_id = e.conversation_id AND m."offset" > e."offset"
                AND m.agent_id = e.agent_id AND NOT m.note
            ORDER BY m.seq LIMIT 1
        ) - e.created_at)::float8 AS seconds
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    JOIN agents_agent a ON a.id = e.agent_id
    WHERE e.kind = 'assigned' AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
), rated AS (
    SELECT DISTINCT ON (e.conversation_id) e.conversation_id AS id,
        (e.data->>'score')::int AS score, (
            SELECT p.agent_id FROM conversations_event p
            WHERE p.conversation_id = e.conversation_id AND p.kind = 'assigned'
                AND p."offset" < e."offset"
            ORDER BY p."offset" DESC LIMIT 1
        ) AS agent_id
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    WHERE e.kind = 'rated' AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
    ORDER BY e.conversation_id, e."offset" DESC
)
"""
_COUNTED: LiteralString = (
    TAKEN
    + """
, work AS (
    SELECT agent_id, count(DISTINCT id) AS handled, count(seconds) AS replied,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS p50
    FROM taken GROUP BY 1
), opinions AS (
    SELECT agent_id, count(*) AS answers, avg(score)::float8 AS average
    FROM rated WHERE agent_id IS NOT NULL GROUP BY 1
), refusals AS (
    SELECT e.data->>'agent' AS agent,
        count(*) FILTER (WHERE e.kind = 'declined') AS declined,
        count(*) FILTER (WHERE e.kind = 'missed') AS missed
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    WHERE e.kind IN ('declined', 'missed')
        AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
    GROUP BY 1
)
SELECT a.uuid::text AS uuid, coalesce(nullif(a.display_name, ''), nullif(a.first_name, ''),
        a.username) AS name,
    coalesce(w.handled, 0) AS handled, w.p50, coalesce(o.answers, 0) AS answers, o.average,
    coalesce(r.declined, 0) AS declined, coalesce(r.missed, 0) AS missed
FROM agents_agent a
LEFT JOIN work w ON w.agent_id = a.id
LEFT JOIN opinions o ON o.agent_id = a.id
LEFT JOIN refusals r ON r.agent = a.uuid::text
WHERE w.agent_id IS NOT NULL OR o.agent_id IS NOT NULL OR r.agent IS NOT NULL
ORDER BY handled DESC, name
"""
)


@dataclass(frozen=True, slots=True)
class Work:
    """One agent in the span. `first_reply_p50`: seconds from taking to their first words."""

    uuid: str
    name: str
    handled: int
    first_reply_p50: float | None
    answers: int
    satisfaction: float | None
    declined: int
    missed: int


def people(scope: Scope) -> tuple[Work, ...]:
    """Everybody who took, declined or missed something, or was rated; busiest first."""
    return tuple(
        Work(
            uuid=row["uuid"],
            name=row["name"],
            handled=row["handled"],
            first_reply_p50=row["p50"],
            answers=row["answers"],
            satisfaction=row["average"],
            declined=row["declined"],
            missed=row["missed"],
        )
        for row in rows(_COUNTED, scope)
    )


_REFUSED: LiteralString = """
WITH refused AS (
    SELECT e.conversation_id AS id, e.kind, e.data->>'agent' AS agent
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    WHERE e.kind IN ('declined', 'missed')
        AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
)
"""
BEHIND: dict[str, LiteralString] = {
    "handled": TAKEN + "SELECT id FROM taken WHERE agent = %(detail)s",
    "declined": _REFUSED + "SELECT id FROM refused WHERE kind = 'declined' AND agent = %(detail)s",
    "missed": _REFUSED + "SELECT id FROM refused WHERE kind = 'missed' AND agent = %(detail)s",
    "rated": TAKEN + "SELECT r.id FROM rated r JOIN agents_agent a ON a.id = r.agent_id "
    "WHERE a.uuid::text = %(detail)s",
}
