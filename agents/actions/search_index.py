"""Keeps the words that the search reads.

Nothing of this happens when a message is stored. A periodic task reads what came since it was here
last; running it twice, or two at once, changes nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef

from agents.models import IndexedCustomer, IndexedMessage, SearchProgress
from agents.rules.search_words import as_vector
from conversations.models import Customer, Message, Upload

AT_ONCE = 1000
_SETTLED_AFTER = timedelta(seconds=60)
_LOOKED_AT_AGAIN = 2000

_WRITE = """
INSERT INTO agents_indexedmessage
    (message_id, conversation_id, inbox_id, agent_id, created_at, words)
SELECT m.id, m.conversation_id, c.inbox_id, m.agent_id, m.created_at, w.words::tsvector
FROM unnest(%(ids)s::bigint[], %(words)s::text[]) AS w(id, words)
JOIN conversations_message m ON m.id = w.id
JOIN conversations_conversation c ON c.id = m.conversation_id
ORDER BY m.id
ON CONFLICT (message_id) DO UPDATE SET words = EXCLUDED.words
"""
_WRITE_CUSTOMERS = """
UPDATE agents_indexedcustomer i SET words = w.words::tsvector, is_stale = false
FROM unnest(%(ids)s::bigint[], %(words)s::text[]) AS w(id, words)
WHERE i.customer_id = w.id
"""


def index_new(*, at: datetime, most: int = 5 * AT_ONCE) -> int:
    """Reads what was not read yet, oldest first; answers how many messages that were."""
    done = 0
    while done < most:
        through = _through()
        batch = _unread(through)
        index_messages(batch)
        _advance(through, at=at)
        done += len(batch)
        if len(batch) < AT_ONCE:
            break
    return done


def index_messages(batch: Sequence[tuple[int, str]]) -> None:
    """(id, text) of some messages; what a machine read in their files is found with them."""
    if not batch:
        return
    inside = _words_in_files([pk for pk, _ in batch])
    batch = [(pk, f"{text}\n{inside[pk]}" if pk in inside else text) for pk, text in batch]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {"ids": [pk for pk, _ in batch], "words": [as_vector(text) for _, text in batch]},
        )


def _words_in_files(message_ids: Sequence[int]) -> dict[int, str]:
    """{message: words of its files}, for those that have any."""
    rows = Message.objects.filter(pk__in=message_ids).exclude(attachments=[])
    files = {
        pk: [one["id"] for one in attached if isinstance(one, dict) and "id" in one]
        for pk, attached in rows.values_list("pk", "attachments")
    }
    if not files:
        return {}
    wanted = {key for keys in files.values() for key in keys}
    read = Upload.objects.filter(uuid__in=wanted, read_state=Upload.Read.DONE)
    words = {str(key): text for key, text in read.values_list("uuid", "read_text")}
    found = {
        pk: "\n".join(words[key] for key in keys if key in words) for pk, keys in files.items()
    }
    return {pk: text for pk, text in found.items() if text}


def index_customers(*, most: int = AT_ONCE) -> int:
    """Reads names and addresses that changed; answers how many."""
    with transaction.atomic():
        stale = list(
            IndexedCustomer.objects.select_for_update(skip_locked=True)
            .filter(is_stale=True)
            .order_by("pk")
            .values_list("pk", flat=True)[:most]
        )
        people = Customer.objects.filter(pk__in=stale).values_list("pk", "name", "email", "phone")
        rows = [(pk, as_vector(" \n ".join(words))) for pk, *words in people]
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(
                    _WRITE_CUSTOMERS,
                    {"ids": [pk for pk, _ in rows], "words": [words for _, words in rows]},
                )
    return len(stale)


def reindex(*, step: Callable[[int], None], at: datetime) -> int:
    """Reads every message and customer again, in the order of their ids."""
    last = done = 0
    while batch := list(
        Message.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "text")[:AT_ONCE]
    ):
        index_messages(batch)
        last = batch[-1][0]
        done += len(batch)
        step(len(batch))
    IndexedCustomer.objects.update(is_stale=True)
    while count := index_customers():
        step(count)
    _advance(0, at=at)
    return done


def _through() -> int:
    progress, _ = SearchProgress.objects.get_or_create(pk=1)
    return progress.through_id


def _unread(through: int) -> list[tuple[int, str]]:
    read = IndexedMessage.objects.filter(pk=OuterRef("pk"))
    return list(
        Message.objects.filter(~Exists(read), pk__gt=through)
        .order_by("pk")
        .values_list("pk", "text")[:AT_ONCE]
    )


def _advance(through: int, *, at: datetime) -> None:
    """Up to here nobody need look again.

    Ids are given out before the commit, so a smaller one may still come: what is younger than a
    minute, and the newest two thousand in any case, are looked at again.
    """
    newest = Message.objects.aggregate(last=Max("pk"))["last"] or 0
    settled = IndexedMessage.objects.filter(
        pk__gt=through, pk__lte=newest - _LOOKED_AT_AGAIN, created_at__lt=at - _SETTLED_AFTER
    ).aggregate(last=Max("pk"))["last"]
    if settled is None:
        return
    first_unread = (
        Message.objects.filter(
            ~Exists(IndexedMessage.objects.filter(pk=OuterRef("pk"))),
            pk__gt=through,
            pk__lte=settled,
        )
        .order_by("pk")
        .values_list("pk", flat=True)
        .first()
    )
    reached = first_unread - 1 if first_unread else settled
    SearchProgress.objects.filter(pk=1, through_id__lt=reached).update(through_id=reached)
