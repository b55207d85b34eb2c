"""Turns that a worker had begun and did not live to end."""

from datetime import datetime

from django.db.models import F

from conversations.actions.post import BOT_OWES_WITHIN
from conversations.lifecycle import BOT
from conversations.models import Conversation


def left_by_the_dead(*, since: datetime, at: datetime) -> int:
    """Makes due at once what was begun before `since` and has shown no sign of life after it; how many
    conversations that are. The sweep does the rest, and counts the attempt.

    Only for whoever knows that nobody else answers: a turn that lives elsewhere would be begun anew. What
    nobody has begun is left alone, since its task is still in the queue.
    """
    left = Conversation.objects.filter(
        state=BOT,
        waiting_since__lt=since,
        due_at__gt=at,
        due_at__lte=since + BOT_OWES_WITHIN,
    ).exclude(due_at__lte=F("waiting_since") + BOT_OWES_WITHIN)
    return left.update(due_at=at)
