"""Which articles carried the answers, and how many questions found none."""

from dataclasses import dataclass
from typing import LiteralString

from analytics.reports.scope import Scope, rows

CITED: LiteralString = """
WITH turns AS (
    SELECT e.conversation_id AS id, e.data
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    WHERE e.kind = 'bot_answered' AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
), cited AS (
    SELECT turns.id, article.key
    FROM turns CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE jsonb_typeof(data->'articles') WHEN 'array' THEN data->'articles' ELSE '[]' END
    ) AS article(key)
    WHERE data->>'decision' = 'answer'
), missed AS (
    SELECT e.conversation_id AS id
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    WHERE e.kind = 'handoff' AND e.data->>'reason' IN (
            'unsure', 'failed', 'no_article', 'low_chance', 'person_free', 'unsupported', 'loop',
            'silent'
        )
        AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
)
"""
_TOP: LiteralString = (
    CITED
    + """
, counted AS (
    SELECT key, count(*) AS answers, count(DISTINCT id) AS conversations
    FROM cited GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10
)
SELECT counted.*, a.id AS article_id, a.title
FROM counted
LEFT JOIN bots_article a ON a.uuid::text = counted.key OR a.external_id = counted.key
ORDER BY counted.answers DESC, counted.key
"""
)
_TURNS: LiteralString = (
    CITED
    + """
SELECT (SELECT count(*) FROM turns WHERE data->>'decision' = 'answer') AS answered,
    (SELECT count(*) FROM turns) AS turns, (SELECT count(*) FROM missed) AS unanswered
"""
)


@dataclass(frozen=True, slots=True)
class Cited:
    """An article in the bot's answers. One that was deleted has no title: None."""

    key: str
    title: str | None
    article_id: int | None
    answers: int
    conversations: int


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`unanswered`: handed to a person because the bot had no answer to stand by, or failed."""

    turns: int
    answered: int
    unanswered: int
    top: tuple[Cited, ...]


def knowledge(scope: Scope) -> Knowledge:
    counts = rows(_TURNS, scope)[0]
    return Knowledge(
        turns=counts["turns"],
        answered=counts["answered"],
        unanswered=counts["unanswered"],
        top=tuple(
            Cited(
                key=row["key"],
                title=row["title"],
                article_id=row["article_id"],
                answers=row["answers"],
                conversations=row["conversations"],
            )
            for row in rows(_TOP, scope)
        ),
    )


BEHIND: dict[str, LiteralString] = {
    "cited": CITED + "SELECT id FROM cited WHERE key = %(detail)s",
    "answered": CITED + "SELECT id FROM turns WHERE data->>'decision' = 'answer'",
    "unanswered": CITED + "SELECT id FROM missed",
}
