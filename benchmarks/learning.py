"""How long learning from the log takes. Run it in a house of its own: it makes conversations up.

DATA_DIR=/tmp/learning script/manage shell -c "from benchmarks.learning import main; main(20_000)"
"""

import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import numpy as np
from django.db import connection, transaction

from bots.actions.gaps import count, sort_new
from bots.actions.learn import read_new
from bots.models import Article, Asked, Gap, LearningProgress
from bots.models.passage import DIMENSIONS
from bots.reads.replays import sample
from conversations.models import Conversation, Customer, Event, Message
from inboxes.models import Inbox

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SUBJECTS = 300  # different questions
TOGETHER = 1_000


def main(conversations: int, *, made_up: bool = True) -> None:
    """Prints a table of seconds. Without `made_up` those of an earlier run are read again."""
    if made_up:
        _made_up(conversations)
    Asked.objects.all().delete()
    LearningProgress.objects.all().delete()
    print("| | seconds | a conversation, ms |\n|---|---|---|")
    _timed("the log is read", conversations, _read)
    _vectors()
    _timed("unanswered questions are put together", conversations, _sort)
    _timed("they are counted", conversations, lambda: count(at=NOW))
    article = Article.objects.filter(state="published").first()
    if article is not None:
        given = list(article.passages.values_list("vector", flat=True))[:20]
        _timed(
            f"a replay draws its questions ({len(given)} passages)",
            conversations,
            lambda: sample(
                article=article.uuid,
                vectors=[np.asarray(one) for one in given],
                since=NOW - timedelta(weeks=8),
                seed="x",
                near_most=150,
                rest_most=60,
            ),
        )
    print(f"\n{Asked.objects.count()} questions, {Gap.objects.count()} gaps; memory at most "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")  # fmt: skip


def _timed(what: str, conversations: int, do: Callable[[], object]) -> None:
    begun = time.monotonic()
    do()
    seconds = time.monotonic() - begun
    print(f"| {what} | {seconds:.1f} | {1000 * seconds / conversations:.2f} |", flush=True)


def _read() -> None:
    while read_new(at=NOW):
        pass


def _sort() -> None:
    while sort_new():
        pass


def _made_up(conversations: int) -> None:
    dice = random.Random(3)
    inbox, _ = Inbox.objects.get_or_create(key="made-up", defaults={"name": "Made up"})
    customer = Customer.objects.create(name="Made Up", created_at=NOW)
    for begin in range(0, conversations, TOGETHER):
        with transaction.atomic():
            rows = [
                Conversation(
                    inbox=inbox, customer=customer, state="resolved", seq=2, offset=4,
                    opened_at=(at := NOW - timedelta(minutes=dice.randrange(60 * 24 * 70))),
                    last_message_at=at, resolved_at=at,
                )
                for _ in range(min(TOGETHER, conversations - begin))
            ]  # fmt: skip
            Conversation.objects.bulk_create(rows)
            lines = [line for row in rows for line in _lines(row, dice)]
            Message.objects.bulk_create([message for message, _ in lines if message])
            Event.objects.bulk_create([event for _, event in lines])


def _lines(row: Conversation, dice: random.Random) -> Iterator[tuple[Message | None, Event]]:
    question = f"How can I change subject {dice.randrange(SUBJECTS)} of my account, please?"
    unsure = dice.random() < 0.3
    said = [("customer", question), ("agent" if unsure else "bot", "It is in your settings.")]
    for number, (author, text) in enumerate(said, 1):
        at = row.opened_at + timedelta(minutes=number)
        message = Message(
            conversation=row, client_id=uuid4(), seq=number, offset=2 * number - 1,
            author_kind=author, text=text, created_at=at,
        )  # fmt: skip
        yield (
            message,
            Event(
                conversation=row, offset=2 * number - 1, kind="message", actor_kind=author,
                message=message, created_at=at,
            ),
        )  # fmt: skip
        kind = ("handoff" if unsure else "noted") if number == 1 else ("resolved" if unsure else "bot_answered")  # fmt: skip
        data = {"reason": "no_article"} if kind == "handoff" else {"decision": "answer"}
        yield (
            None,
            Event(
                conversation=row, offset=2 * number, kind=kind, actor_kind="bot", data=data,
                created_at=at,
            ),
        )  # fmt: skip


def _vectors() -> None:
    """Made up, too, by subject: encoding takes what the encoder takes (docs/performance.md)."""
    dice = np.random.default_rng(3)
    middles = dice.normal(size=(SUBJECTS, DIMENSIONS))
    last = 0
    while rows := list(Asked.objects.filter(pk__gt=last, vector=None).order_by("pk")[:TOGETHER]):
        for row in rows:
            subject = int("".join(filter(str.isdigit, row.text)) or 0) % SUBJECTS
            vector = middles[subject] + 0.5 * dice.normal(size=DIMENSIONS)
            row.vector = (vector / np.linalg.norm(vector)).astype(np.float32)
        Asked.objects.bulk_update(rows, ["vector"])
        last = rows[-1].pk
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE bots_asked")
