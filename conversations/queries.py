"""Reads of the common tongue: plain answers, no surprises in a template."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from conversations.models import Conversation, Label, Message


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, as the bot and summaries read it."""

    author: str  # customer | bot | agent | system
    text: str
    sent_at: datetime


def transcript(conversation_id: int, *, last: int = 20) -> Sequence[Line]:
    """The latest lines that the customer can see, oldest first."""
    rows = (
        Message.objects.filter(conversation_id=conversation_id, note=False)
        .order_by("-seq")
        .values_list("author_kind", "text", "created_at")[:last]
    )
    return [Line(*row) for row in reversed(rows)]


def messages_after(conversation_id: int, *, after: int, limit: int = 200) -> list[Message]:
    """What the customer missed, in order."""
    return list(
        Message.objects.filter(conversation_id=conversation_id, seq__gt=after).order_by("seq")[
            :limit
        ]
    )


def newest_numbers(conversation_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """{conversation id: (seq, offset)} as they stand."""
    rows = Conversation.objects.filter(pk__in=conversation_ids).values_list("pk", "seq", "offset")
    return {pk: (seq, offset) for pk, seq, offset in rows}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in a queue, and what is left of the wait they were told: half of those
    who are told `wait_low` to `wait_high` seconds are through before the first, four of five before
    the second, which is `wait_seconds` too. Who was told nothing: None."""

    position: int
    wait_seconds: int | None = None
    wait_low: int | None = None
    wait_high: int | None = None


_IN_TURN = """
SELECT id, place, (promised->>'low')::float8, (promised->>'high')::float8, promised->>'at' FROM (
    SELECT id, promised, row_number() OVER (ORDER BY rank_at, id) AS place
    FROM conversations_conversation
    WHERE queue_id = %(queue)s AND state IN ('queued', 'offered')
) line
"""


def places(
    queue_id: int, *, at: datetime, among: Collection[int] | None = None
) -> dict[int, Place]:
    """{conversation id: place} of everybody who waits in a queue, or of some of them."""
    only = "" if among is None else "WHERE id = ANY(%(among)s)"
    with connection.cursor() as cursor:
        cursor.execute(_IN_TURN + only, {"queue": queue_id, "among": list(among or ())})
        return {pk: _place(at, *told) for pk, *told in cursor.fetchall()}


def _place(
    at: datetime, position: int, low: float | None, high: float | None, told_at: str | None
) -> Place:
    if low is None or high is None or told_at is None:
        return Place(position)
    passed = (at - datetime.fromisoformat(told_at)).total_seconds()
    least, most = max(0, round(low - passed)), max(0, round(high - passed))
    return Place(position, wait_seconds=most, wait_low=least, wait_high=most)


def place_of(conversation: Conversation, *, at: datetime) -> Place | None:
    if not conversation.is_waiting or conversation.queue_id is None:
        return None
    found = places(conversation.queue_id, at=at, among=[conversation.pk])
    return found.get(conversation.pk)


def minutes_of(low: float, high: float) -> tuple[int, int]:
    """A range of seconds in whole minutes, outwards: never none, and never upside down."""
    least = max(1, int(low // 60))
    return least, max(least, -int(-high // 60))


def exclusive_labels() -> dict[str, str]:
    """{label, small: its group} of the labels that exclude each other."""
    rows = Label.objects.filter(is_exclusive=True).values_list("name", "group")
    return {name.casefold(): group for name, group in rows}
