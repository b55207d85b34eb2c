"""How customers feel: each of their messages is read once, in batches, when nobody waits for it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from django.db.models import Max, Min, QuerySet

from bots.knowledge.text import language_of
from bots.language.embedding import one_thread_each
from bots.language.gauges import FEELINGS, FEELINGS_SECONDS
from bots.models import MessageFeeling
from bots.privacy.vault import Vault
from bots.reads.feelings import heard_of
from bots.sentiment.course import Course, Heard, course
from conversations.actions.mood import set_mood
from conversations.errors import NotFound
from conversations.models import Message

if TYPE_CHECKING:
    from bots.sentiment.reader import Reader

AT_ONCE = 256  # messages that are read together
BEHIND = 2_000  # places: who began to write earlier may have committed later
BACK = timedelta(days=30)  # what is older when reading begins is left unread
LAST = 40  # messages of a conversation that its mood is made of

_loading = Lock()


def reader(*, weights: str | None = None, threads: int = 1) -> "Reader":
    """Loaded once; `ModelUnavailable` when it can't be had."""
    with _loading:
        return _reader(weights, threads)


@cache
def _reader(weights: str | None, threads: int) -> "Reader":
    one_thread_each()
    import torch

    from bots.sentiment.reader import Reader
    from bots.sentiment.weights import load

    torch.set_num_threads(1)
    return Reader(
        load(Path(weights)) if weights else None,
        language_of=partial(language_of, otherwise=""),
        threads=threads,
    )


def read_new(*, with_reader: "Callable[[], Reader]", clock: Callable[[], datetime]) -> int:
    """Reads what customers have written and nobody has read yet, until nothing is left; answers how many
    messages. The weights are loaded only if there is something to read."""
    total = 0
    while messages := list(unread(at=clock())[:AT_ONCE]):
        _read(messages, with_reader(), at=clock())
        total += len(messages)
    return total


def unread(*, at: datetime) -> QuerySet[Message]:
    """Customers' own words without a feeling, oldest first; copies of what was said elsewhere are not
    read twice."""
    through = MessageFeeling.objects.aggregate(last=Max("message_id"))["last"]
    if through is None:
        recent = Message.objects.filter(created_at__gte=at - BACK)
        through = (recent.aggregate(first=Min("pk"))["first"] or 0) + BEHIND
    rows = Message.objects.filter(
        pk__gte=through - BEHIND,
        author_kind=Message.Author.CUSTOMER,
        feeling__isnull=True,
        origin__isnull=True,
        note=False,
    )
    return rows.exclude(text="").order_by("pk").only("pk", "conversation_id", "text")


def _read(messages: Sequence[Message], by: "Reader", *, at: datetime) -> None:
    """Personal data stay outside: the model reads placeholders."""
    with FEELINGS_SECONDS.time():
        feelings = by.read([Vault().redacted(one.text) for one in messages])
    MessageFeeling.objects.bulk_create(
        [
            MessageFeeling(
                message=message,
                conversation_id=message.conversation_id,
                label=feeling.label,
                negative=feeling.negative,
                neutral=feeling.neutral,
                positive=feeling.positive,
                language=feeling.language,
                version=by.version,
                at=at,
            )
            for message, feeling in zip(messages, feelings, strict=True)
        ],
        ignore_conflicts=True,
    )
    for feeling in feelings:
        FEELINGS.labels(feeling.label).inc()
    fresh = {one.pk for one in messages}
    for conversation_id in sorted({one.conversation_id for one in messages}):
        settle(conversation_id, fresh=fresh, at=at)


def settle(conversation_id: int, *, fresh: set[int] | None = None, at: datetime) -> None:
    """The mood of a conversation out of its messages. Only a fall at one of the `fresh` messages is
    news; what a person has said of a message counts for it."""
    rows = _heard(conversation_id)
    if not rows:
        return
    found = course([heard for _, heard in rows])
    news = bool(found.fell) and rows[found.fell[-1]][0] in (fresh or set())
    try:
        set_mood(
            conversation_id=conversation_id,
            score=round(found.score, 3),
            fell=_told(found) if news else None,
            at=at,
        )
    except NotFound:  # erased meanwhile
        return


def course_of(conversation_id: int) -> Course | None:
    rows = _heard(conversation_id)
    return course([heard for _, heard in rows]) if rows else None


def _heard(conversation_id: int) -> list[tuple[int, Heard]]:
    rows = MessageFeeling.objects.filter(conversation=conversation_id).select_related("appeal")
    newest = list(rows.order_by("-message_id")[:LAST])
    return [(one.message_id, heard_of(one)) for one in reversed(newest)]


def _told(found: Course) -> dict[str, float | int]:
    return {
        "score": round(found.score, 3),
        "chance": round(found.unhappy, 3),
        "messages": found.run,
    }
