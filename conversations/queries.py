"""Reads of the common tongue: plain answers, no surprises in a template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.models import Conversation, Event, Label, Message


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
    """Where somebody stands in a queue. Nobody knows how long it takes: None."""

    position: int
    wait_seconds: int | None


def places(queue_id: int, *, at: datetime) -> dict[int, Place]:
    """{conversation id: place} of everybody who waits in a queue."""
    ids = (
        Conversation.objects.waiting()
        .filter(queue_id=queue_id)
        .in_turn()
        .values_list("pk", flat=True)
    )
    pace = seconds_between_answers(queue_id, at=at)
    return {
        pk: Place(n, None if pace is None else round(n * pace)) for n, pk in enumerate(ids, start=1)
    }


def place_of(conversation: Conversation, *, at: datetime) -> Place | None:
    if not conversation.is_waiting or conversation.queue_id is None:
        return None
    return places(conversation.queue_id, at=at).get(conversation.pk)


def seconds_between_answers(queue_id: int, *, at: datetime) -> float | None:
    """How often somebody was taken out of this queue lately; None if it was too seldom to say."""
    taken = list(
        Event.objects.filter(
            kind="assigned",
            conversation__queue_id=queue_id,
            created_at__gte=at - timedelta(hours=1),
            created_at__lte=at,
        )
        .order_by("-created_at")
        .values_list("created_at", flat=True)[:20]
    )
    if len(taken) < 3:
        return None
    return (taken[0] - taken[-1]).total_seconds() / (len(taken) - 1)


def exclusive_labels() -> dict[str, str]:
    """{label, small: its group} of the labels that exclude each other."""
    rows = Label.objects.filter(is_exclusive=True).values_list("name", "group")
    return {name.casefold(): group for name, group in rows}
