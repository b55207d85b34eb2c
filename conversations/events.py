"""What can happen, told to the rooms above once it is true."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import Signal

messages_posted = Signal()  # messages: list[Stored], new ones only
handoff_requested = Signal()  # conversation_id, queue_id: a person is needed
conversation_moved = Signal()  # conversation_id, state: somebody else has it now
conversation_resolved = Signal()  # conversation_id
call_wanted = Signal()  # conversation_id: the customer asked to be called
mood_fell = Signal()  # conversation_id, offset: the customer's last messages read as unhappy ones
bot_needed = Signal()  # conversation_id: the bot owes an answer (again)


def publish_all(event: Signal, facts: Sequence[Mapping[str, Any]]) -> None:
    """`publish` for each of these, in order."""

    def tell() -> None:
        for one in facts:
            event.send_robust(sender=None, **one)

    transaction.on_commit(tell, robust=True)


def publish(event: Signal, **facts: Any) -> None:
    """Tell the listeners after the transaction is safe, never before."""
    transaction.on_commit(partial(event.send_robust, sender=None, **facts), robust=True)
