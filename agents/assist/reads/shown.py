"""The suggestions of a conversation as the console shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from agents.assist.models import Suggestion


def reply_shape(one: Suggestion) -> dict[str, Any]:
    return {
        "id": str(one.uuid),
        "text": one.text,
        "citations": one.sources,
        "confidence": round(one.confidence, 3),
        "by": one.by,
        "language": one.language,
    }


def suggestions_frame(key: UUID, seq: int, replies: Iterable[Suggestion]) -> dict[str, Any]:
    """What an agent's consoles hear; without replies: nothing is suggested any more."""
    return {
        "type": "suggestions",
        "conversation": str(key),
        "seq": seq,
        "replies": [reply_shape(one) for one in replies],
    }


def open_replies(conversation_id: int, *, agent_id: int | None = None) -> Sequence[Suggestion]:
    """Those of the newest turn that nobody has decided on, in the order shown."""
    rows = Suggestion.objects.filter(conversation=conversation_id, outcome="", kind="reply")
    if agent_id is not None:
        rows = rows.filter(agent=agent_id)
    found = list(rows.select_related("turn").order_by("-turn__seq", "place", "pk")[:10])
    return [one for one in found if one.turn_id == found[0].turn_id]
