"""How much of the bot was used: answers, tokens, what was done with less, and persons asked for."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString

from django.db.models import Sum

from analytics.reports.scope import Scope, rows
from analytics.reports.volume import moments
from bots.models import BotUsage

_TURNS: LiteralString = """
WITH turns AS (
    SELECT e.conversation_id AS id, e.kind, e.actor_kind, e.data, i.key AS inbox,
        date_trunc(%(bucket)s, e.created_at, %(zone)s) AS at
    FROM conversations_event e
    JOIN conversations_conversation c ON c.id = e.conversation_id
    JOIN inboxes_inbox i ON i.id = c.inbox_id
    WHERE e.kind IN ('bot_answered', 'bot_degraded', 'handoff')
        AND e.created_at >= %(start)s AND e.created_at < %(end)s
        AND (%(inbox)s::bigint IS NULL OR c.inbox_id = %(inbox)s)
)
"""
_COUNTED: LiteralString = (
    _TURNS
    + """
SELECT at, inbox, kind, data->>'by' AS by, data->>'step' AS step, data ? 'quota' AS spent,
    count(*) AS n
FROM turns GROUP BY 1, 2, 3, 4, 5, 6
"""
)


@dataclass(frozen=True, slots=True)
class UsagePoint:
    at: datetime
    answers: int
    by_model: int
    handoffs: int


@dataclass(frozen=True, slots=True)
class UsageLine:
    """`beyond` are answers that had to do without the model, since a quota was used up."""

    inbox: str
    answers: int
    by_model: int
    beyond: int
    handoffs: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Usage:
    """`tokens` are counted by days of UTC, those that the period touches. `less`: {step: answers}."""

    answers: int
    by_model: int
    tokens: int
    handoffs: int
    less: dict[str, int]
    inboxes: tuple[UsageLine, ...]
    points: tuple[UsagePoint, ...]


def usage(scope: Scope) -> Usage:
    by_moment: dict[datetime, Counter[str]] = {}
    by_inbox: dict[str, Counter[str]] = {}
    less: Counter[str] = Counter()
    for row in rows(_COUNTED, scope):
        if row["kind"] == "bot_degraded":
            less[row["step"] or "quote"] += row["n"]
            continue
        names = ["handoffs"] if row["kind"] == "handoff" else ["answers"]
        names += ["by_model"] if row["by"] == "model" else []
        names += ["beyond"] if row["spent"] else []
        for name in names:
            by_moment.setdefault(row["at"], Counter())[name] += row["n"]
            by_inbox.setdefault(row["inbox"], Counter())[name] += row["n"]
    tokens = _tokens(scope)
    empty: Counter[str] = Counter()
    lines = tuple(
        UsageLine(
            key,
            by_inbox.get(key, empty)["answers"],
            by_inbox.get(key, empty)["by_model"],
            by_inbox.get(key, empty)["beyond"],
            by_inbox.get(key, empty)["handoffs"],
            tokens.get(key, 0),
        )
        for key in sorted({*by_inbox, *tokens})
    )
    return Usage(
        answers=sum(line.answers for line in lines),
        by_model=sum(line.by_model for line in lines),
        tokens=sum(tokens.values()),
        handoffs=sum(line.handoffs for line in lines),
        less=dict(less),
        inboxes=lines,
        points=tuple(
            UsagePoint(at, counts["answers"], counts["by_model"], counts["handoffs"])
            for at in moments(scope.period)
            for counts in [by_moment.get(at, empty)]
        ),
    )


def _tokens(scope: Scope) -> dict[str, int]:
    first = scope.period.start.astimezone(UTC).date()
    last = scope.period.last_day
    days = BotUsage.objects.filter(day__gte=first, day__lte=last)
    if scope.inbox_id is not None:
        days = days.filter(inbox=scope.inbox_id)
    found = days.order_by().values_list("inbox__key").annotate(n=Sum("tokens"))
    return {key: n for key, n in found if n}


BEHIND: dict[str, LiteralString] = {
    "answers": _TURNS + "SELECT DISTINCT id FROM turns WHERE kind = 'bot_answered'",
    "inbox": _TURNS
    + "SELECT DISTINCT id FROM turns WHERE kind = 'bot_answered' AND inbox = %(detail)s",
    "less": _TURNS
    + "SELECT DISTINCT id FROM turns WHERE kind = 'bot_degraded' AND data->>'step' = %(detail)s",
}
