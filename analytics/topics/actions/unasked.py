"""Conversations that the bot never saw: what the customer said first is what they are about.

They are read once, when they are over, in the order in which they ended; how far that has come is kept with the
topics it made, in one transaction. Should the bot be asked in one of them later, its questions take over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from analytics.topics.models import About
from bots.knowledge.corpus import corpus
from bots.knowledge.text import has_words, language_of
from bots.knowledge.vectors import Encoders
from bots.learning.clusters import around
from bots.models import Asked, LearningProgress
from bots.reads.asked_log import Log, logs
from conversations.lifecycle import CLOSED
from conversations.models import Conversation

NAME = "unasked"
TOGETHER = 200  # conversations at once
BACK = timedelta(days=90)  # of a house's past, the first time
SETTLED = timedelta(minutes=10)  # the bot's own questions are read by then
SAID = 3  # messages of the customer, from the first
LONGEST = 500  # characters of them


@transaction.atomic
def gather_unasked(*, at: datetime, encoders: Encoders) -> int:
    """The next ones that ended without the bot; answers how many have a subject now."""
    LearningProgress.objects.get_or_create(name=NAME)
    progress = LearningProgress.objects.select_for_update().get(name=NAME)
    over = Conversation.objects.filter(
        state__in=CLOSED, merged_into=None, resolved_at__lte=at - SETTLED,
        resolved_at__gt=max(progress.through_at or at - BACK, at - BACK),
    ).order_by("resolved_at", "pk")  # fmt: skip
    some = list(over.values_list("pk", "resolved_at")[:TOGETHER])
    if not some:
        return 0
    # Several may have ended in one moment: all of them, or none.
    last = some[-1][1]
    ids = set(over.filter(resolved_at__lte=last).values_list("pk", flat=True))
    for rows in (About.objects.all(), Asked.objects.all()):
        ids -= set(rows.filter(conversation__in=ids).values_list("conversation_id", flat=True))
    made = _made(logs(ids), encoders)
    About.objects.bulk_create(made, ignore_conflicts=True)
    progress.through_at = last
    progress.save(update_fields=["through_at"])
    return len(made)


def said_first(log: Log) -> str:
    """Without personal data; "" where there are no words."""
    said = [line.text for line in log.anonymous() if line.author == "customer" and line.text]
    text = " ".join(said[:SAID]).replace("\0", " ").strip()[:LONGEST]
    return text if has_words(text) else ""


def language_said(log: Log, text: str) -> str:
    return language_of(text, otherwise=log.language.split("-")[0].lower())[:16]


def _made(found: Sequence[Log], encoders: Encoders) -> list[About]:
    told = [(log, text) for log in found if (text := said_first(log))]
    if not told:
        return []
    vectors = encoders.every.queries([text for _, text in told])
    seen = around(np.asarray(vectors, dtype=np.float32), corpus().middle)
    opened = dict(
        Conversation.objects.filter(pk__in=[log.conversation_id for log, _ in told]).values_list(
            "pk", "opened_at"
        )
    )
    return [
        About(
            conversation_id=log.conversation_id,
            inbox_id=log.inbox_id,
            at=opened[log.conversation_id],
            language=language_said(log, text),
            vector=vector,
            encoder=encoders.every.name,
            questions=0,
        )
        for (log, text), vector in zip(told, seen, strict=True)
    ]
