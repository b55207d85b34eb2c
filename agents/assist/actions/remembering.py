"""Reads what customers say of themselves: a periodic task, off the way of every message. Twice, or two at
once, changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from agents.assist.models import MemoryProgress
from agents.assist.rules.facts import facts_in
from bots.privacy.finding import find
from conversations.actions.memory import Told, remember
from conversations.models import Message

AT_ONCE = 500
_SETTLED_AFTER = timedelta(seconds=60)
_read: set[int] = set()  # by this process, of what is not settled yet
Row = tuple[int, int, int, int | None, datetime, str]


def read_new(*, at: datetime) -> int:
    """Answers how many facts were new. Ids are given out before the commit, so that what is younger than
    a minute is read once more."""
    progress, _ = MemoryProgress.objects.get_or_create(pk=1)
    last, fresh = progress.through_id, 0
    while batch := _unread(last):
        new = [row for row in batch if row[0] not in _read]
        fresh += remember([told for row in new for told in _told(row)], at=at)
        _read.update(row[0] for row in new)
        last = batch[-1][0]
        settled = [row[0] for row in batch if row[4] < at - _SETTLED_AFTER]
        if settled:
            rows = MemoryProgress.objects.filter(pk=1, through_id__lt=settled[-1])
            rows.update(through_id=settled[-1])
            _read.difference_update(settled)
        if len(batch) < AT_ONCE:
            break
    return fresh


def _unread(after: int) -> list[Row]:
    return list(
        Message.objects.filter(
            pk__gt=after, author_kind="customer", note=False, origin__isnull=True,
            conversation__customer__remembers=True,
        )
        .order_by("pk")
        .values_list(
            "pk", "conversation__customer", "conversation", "seq", "created_at", "text"
        )[:AT_ONCE]
    )  # fmt: skip


def _told(row: Row) -> list[Told]:
    """Without anything that personal data is found in: a card is not a size."""
    _, customer, conversation, seq, at, text = row
    return [
        Told(customer, one.kind, one.about, one.value, conversation, seq, at)
        for one in facts_in(text)
        if not find(one.value)
    ]
