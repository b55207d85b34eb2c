"""What the bot settled alone: an answer that stood, not a customer who gave up.

A conversation counts for the bot only if its last word answered the customer's last question and
nobody else was needed. Silence after a question that was not answered is the bot's failure, and
so is an answer that the customer rated 1 or 2.
"""

from dataclasses import dataclass
from typing import LiteralString

from analytics.reports.scope import COHORT, Scope, rows, share

VERDICTS: LiteralString = (
    "WITH"
    + COHORT
    + """
, log AS (
    SELECT e.conversation_id AS id,
        max(e."offset") FILTER (WHERE e.kind = 'message' AND e.actor_kind = 'customer') AS asked,
        max(e.created_at) FILTER (WHERE e.kind = 'message' AND e.actor_kind = 'customer')
            AS asked_at,
        max(e."offset") FILTER (
            WHERE e.kind = 'bot_answered' AND e.data->>'decision' = 'answer'
        ) AS answered,
        -- Whoever says thanks was helped by what was said before.
        max(e."offset") FILTER (
            WHERE e.kind = 'bot_answered' AND e.data->>'reason' IN ('thanks', 'goodbye')
        ) AS thanked,
        max(e."offset") FILTER (WHERE e.kind = 'resolved' AND e.data->>'by' = 'silence') AS silent,
        bool_or(e.kind IN ('handoff', 'queued', 'assigned')) AS person,
        bool_or(e.kind IN ('resolved', 'abandoned') AND e.data->>'by' = 'customer') AS ended,
        (array_agg((e.data->>'score')::int ORDER BY e."offset" DESC)
            FILTER (WHERE e.kind = 'rated'))[1] AS score
    FROM cohort JOIN conversations_event e ON e.conversation_id = cohort.id
    GROUP BY 1
), verdicts AS (
    SELECT id, CASE
        WHEN person THEN 'person'
        WHEN answered > asked AND score <= 2 THEN 'unhappy'
        WHEN answered IS NOT NULL AND thanked > asked AND coalesce(score, 3) > 2 THEN 'confirmed'
        WHEN answered > asked AND (score >= 4 OR ended) THEN 'confirmed'
        WHEN answered > asked AND silent > answered THEN 'silent'
        WHEN answered > asked THEN 'assumed'
        WHEN asked_at > %(now)s - interval '2 minutes' THEN 'pending'
        ELSE 'unanswered' END AS verdict
    FROM log WHERE asked IS NOT NULL
)
"""
)
_COUNTED: LiteralString = VERDICTS + "SELECT verdict, count(*) AS n FROM verdicts GROUP BY 1"


@dataclass(frozen=True, slots=True)
class BotShare:
    """Conversations in which the customer wrote, by how they went. `share` is 0 to 1."""

    conversations: int
    confirmed: int  # answered, and the customer said so: rated 4 or 5, or ended it themselves
    assumed: int  # answered, and then silence
    silent: int  # answered, asked whether it helped or left alone for long, and closed in silence
    unhappy: int  # answered, and rated 1 or 2
    unanswered: int  # the last question got no answer, and nobody was asked to help
    person: int  # a person was needed
    pending: int  # the bot is still answering
    share: float | None

    @property
    def solved(self) -> int:
        return self.confirmed + self.assumed


def bot_share(scope: Scope) -> BotShare:
    counts = {row["verdict"]: row["n"] for row in rows(_COUNTED, scope)}
    confirmed, assumed = counts.get("confirmed", 0), counts.get("assumed", 0)
    everything, pending = sum(counts.values()), counts.get("pending", 0)
    return BotShare(
        conversations=everything,
        confirmed=confirmed,
        assumed=assumed,
        silent=counts.get("silent", 0),
        unhappy=counts.get("unhappy", 0),
        unanswered=counts.get("unanswered", 0),
        person=counts.get("person", 0),
        pending=pending,
        share=share(confirmed + assumed, everything - pending),
    )


_ONE: LiteralString = VERDICTS + "SELECT id FROM verdicts WHERE verdict = %(detail)s"
_SOLVED: LiteralString = (
    VERDICTS + "SELECT id FROM verdicts WHERE verdict IN ('confirmed', 'assumed')"
)
BEHIND: dict[str, LiteralString] = {"solved": _SOLVED, "verdict": _ONE}
