"""What of a conversation may say how the customer found it: read from its log, up to its end."""

from collections.abc import Sequence
from typing import Any, LiteralString

from django.db import connection
from django.utils import timezone

from agents.prediction.table import Table

_FACTS: LiteralString = """
SELECT c.id, i.key AS inbox, split_part(c.language, '-', 1) AS language, c.disposition,
    round(c.sentiment::numeric, 2) AS mood,
    extract(hour FROM c.opened_at AT TIME ZONE %(zone)s)::int AS hour,
    extract(isodow FROM c.opened_at AT TIME ZONE %(zone)s)::int AS weekday,
    round(extract(epoch FROM c.resolved_at - c.opened_at) / 60, 1) AS minutes,
    m.customer AS customer_messages, m.bot AS bot_messages, m.agent AS agent_messages,
    m.length AS customer_characters, m.last AS last_word,
    round(extract(epoch FROM m.answered_at - m.asked_at)::numeric, 1) AS first_answer_seconds,
    round(extract(epoch FROM m.person_at - e.wanted_at)::numeric, 1) AS waited_seconds,
    CASE WHEN m.agent > 0 THEN 'person' WHEN m.bot > 0 THEN 'bot' ELSE 'nobody' END AS answered_by,
    e.handoffs, e.reason AS handoff_reason, e.transfers, e.reopened, e.missed AS missed_offers
FROM conversations_conversation c
JOIN inboxes_inbox i ON i.id = c.inbox_id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE author_kind = 'customer') AS customer,
        count(*) FILTER (WHERE author_kind = 'bot') AS bot,
        count(*) FILTER (WHERE author_kind = 'agent') AS agent,
        coalesce(sum(length(text)) FILTER (WHERE author_kind = 'customer'), 0) AS length,
        min(created_at) FILTER (WHERE author_kind = 'customer') AS asked_at,
        min(created_at) FILTER (WHERE author_kind IN ('bot', 'agent')) AS answered_at,
        min(created_at) FILTER (WHERE author_kind = 'agent') AS person_at,
        (array_agg(author_kind ORDER BY "offset" DESC)
            FILTER (WHERE author_kind IN ('customer', 'bot', 'agent')))[1] AS last
    FROM conversations_message
    WHERE conversation_id = c.id AND NOT note AND created_at <= c.resolved_at
) m
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'handoff') AS handoffs,
        count(*) FILTER (WHERE kind = 'transferred') AS transfers,
        count(*) FILTER (WHERE kind = 'reopened') AS reopened,
        count(*) FILTER (WHERE kind = 'missed') AS missed,
        min(created_at) FILTER (WHERE kind = 'handoff') AS wanted_at,
        (array_agg(data->>'reason' ORDER BY "offset" DESC) FILTER (WHERE kind = 'handoff'))[1] AS reason
    FROM conversations_event
    WHERE conversation_id = c.id AND created_at <= c.resolved_at
) e
WHERE c.id = ANY(%(ids)s) AND c.resolved_at IS NOT NULL
"""


def facts_of(conversation_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """By conversation: the columns of a table, "" where nothing is known."""
    with connection.cursor() as cursor:
        cursor.execute(
            _FACTS, {"ids": list(conversation_ids), "zone": timezone.get_default_timezone_name()}
        )
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row.pop("id"): {name: _cell(value) for name, value in row.items()} for row in rows}


def table_of(rows: Sequence[dict[str, str]], **more: list[str]) -> Table:
    """Rows in time order as the learner wants them; `more` are further columns, such as the outcome."""
    names = list(rows[0]) if rows else []
    columns = {name: [row[name] for row in rows] for name in names}
    return Table({**columns, **more}, list(range(len(rows))), [])


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
