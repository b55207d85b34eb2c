"""How much of the bot is left: answers and tokens of an inbox, and answers to one customer."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum

from bots.models import BotProfile, BotUsage
from conversations.models import Event

# The day's row is locked while the month is added up, so that two at once are not both the last one.
_COUNT_ONE = """
INSERT INTO bots_botusage AS u (inbox_id, day, answers, by_model, tokens)
SELECT %(inbox)s, %(day)s, 0, 0, 0 ON CONFLICT (inbox_id, day) DO NOTHING
"""
_SPEND = """
UPDATE bots_botusage u SET answers = u.answers + 1
WHERE inbox_id = %(inbox)s AND day = %(day)s
    AND (%(a_day)s::int IS NULL OR u.answers < %(a_day)s::int)
    AND (%(a_month)s::int IS NULL OR u.answers + (
        SELECT coalesce(sum(o.answers), 0) FROM bots_botusage o
        WHERE o.inbox_id = %(inbox)s AND o.day >= %(first)s AND o.day < %(day)s
    ) < %(a_month)s::int)
RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class Used:
    """Today, and this month with today."""

    answers_a_day: int = 0
    answers_a_month: int = 0
    tokens_a_day: int = 0
    tokens_a_month: int = 0


LIMITS = ("answers_a_day", "answers_a_month", "tokens_a_day", "tokens_a_month")


def used(inbox_id: int, *, at: datetime) -> Used:
    today = at.astimezone(UTC).date()
    days = BotUsage.objects.filter(inbox=inbox_id, day__gte=today.replace(day=1), day__lte=today)
    month = days.aggregate(answers=Sum("answers"), tokens=Sum("tokens"))
    now = days.filter(day=today).aggregate(answers=Sum("answers"), tokens=Sum("tokens"))
    return Used(
        now["answers"] or 0, month["answers"] or 0, now["tokens"] or 0, month["tokens"] or 0
    )


def used_up(profile: BotProfile, inbox_id: int, *, at: datetime) -> str | None:
    """The name of a limit that is reached; None while something is left of each."""
    limits = {name: getattr(profile, name) for name in LIMITS}
    if all(limit is None for limit in limits.values()):
        return None
    so_far = used(inbox_id, at=at)
    for name, limit in limits.items():
        if limit is not None and getattr(so_far, name) >= limit:
            return name
    return None


def spend_answer(profile: BotProfile, inbox_id: int, *, at: datetime) -> bool:
    """One answer more; False, and nothing is counted, if none is left."""
    today = at.astimezone(UTC).date()
    place: dict[str, Any] = {"inbox": inbox_id, "day": today}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ONE, place)
        cursor.execute(
            _SPEND,
            place
            | {
                "first": today.replace(day=1),
                "a_day": profile.answers_a_day,
                "a_month": profile.answers_a_month,
            },
        )
        return cursor.fetchone() is not None


def count_answer(inbox_id: int, *, at: datetime) -> None:
    """One that no limit stops is counted, too."""
    spend_answer(BotProfile(), inbox_id, at=at)


def count_tokens(inbox_id: int, *, tokens: int, at: datetime) -> None:
    """What the model wrote for an answer that was counted before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bots_botusage SET by_model = by_model + 1, tokens = tokens + %s"
            " WHERE inbox_id = %s AND day = %s",
            [tokens, inbox_id, at.astimezone(UTC).date()],
        )


def too_many_for(profile: BotProfile, customer_id: int, *, at: datetime) -> bool:
    """Whether this customer had as many answers in the last hour as one may have."""
    most = profile.customer_answers_an_hour
    if most is None:
        return False
    lately = Event.objects.filter(
        conversation__customer=customer_id,
        kind="bot_answered",
        created_at__gt=at - timedelta(hours=1),
    )
    return lately[:most].count() >= most
