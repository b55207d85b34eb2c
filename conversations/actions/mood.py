"""How a customer's words read, as an estimate: shown in lists, and told where it has fallen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from conversations import events, live
from conversations.actions.log import append, hold
from conversations.frames import conversation_card
from conversations.live import Push, agent_room, queue_room, thread_room


@transaction.atomic
def set_mood(
    *, conversation_id: int, score: float | None, fell: Mapping[str, Any] | None, at: datetime
) -> bool:
    """`score` is -1 … 1. `fell`: why supervisors should look, as the data of a `mood` line of the log.

    Answers whether anything changed. Raises NotFound.
    """
    conversation = hold(conversation_id)
    if conversation.sentiment == score and fell is None:
        return False
    conversation.sentiment = score
    conversation.save(update_fields=["sentiment"])
    if fell is not None:
        line = append(conversation, "mood", at=at, quiet=True, **fell)
        events.publish(events.mood_fell, conversation_id=conversation_id, offset=line.offset)
    rooms = [thread_room(conversation.pk), live.EVERYTHING_ROOM]
    rooms += [agent_room(conversation.assignee_id)] if conversation.assignee_id else []
    rooms += [queue_room(conversation.queue_id)] if conversation.queue_id else []
    live.announce_on_commit([Push(tuple(rooms), conversation_card(conversation))])
    return True
