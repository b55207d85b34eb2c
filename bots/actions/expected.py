"""How long somebody would wait for a person: what the threshold of the bot moves with."""

import threading
import time
from datetime import datetime

from conversations.models import Conversation
from conversations.people import desk

_FRESH_SECONDS = 2.0
_known: dict[int, tuple[float, float | None]] = {}
_lock = threading.Lock()


def expected_wait(conversation_id: int, *, inbox_id: int, at: datetime) -> float | None:
    """In seconds, as it was for this inbox within the last two; None: nobody can say."""
    with _lock:
        asked, wait = _known.get(inbox_id, (float("-inf"), None))
        if time.monotonic() - asked < _FRESH_SECONDS:
            return wait
    conversation = Conversation.objects.select_related("inbox").get(pk=conversation_id)
    wait = desk().expected_wait(conversation, at=at)
    with _lock:
        _known[inbox_id] = (time.monotonic(), wait)
    return wait
