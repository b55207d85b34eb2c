"""What the bot reacts to: each receiver queues a task and nothing else."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from bots import tasks
from conversations import events
from conversations.drafts import Stored
from conversations.later import queue_task


@receiver(events.messages_posted)
def answer_customers(*, messages: Sequence[Stored], **_: Any) -> None:
    """One turn answers everything that a customer said at once."""
    asked = {
        one.draft.conversation_id
        for one in messages
        if one.state == "bot" and one.draft.author_kind == "customer"
    }
    for conversation_id in asked:
        queue_task(tasks.answer, conversation_id=conversation_id)


@receiver(events.bot_needed)
def answer_again(*, conversation_id: int, **_: Any) -> None:
    queue_task(tasks.answer, conversation_id=conversation_id)
