"""How a customer's page stands: what it is greeted with, and whether its conversation is still its own."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from conversations.actions import customer as actions
from conversations.errors import Closed, Merged
from conversations.frames import customer_state
from conversations.lifecycle import CLOSED
from conversations.models import Conversation, Session
from conversations.queries import place_of
from conversations.surveys.inviting import shown_again


def greeting_of(conversation_id: int, *, at: datetime) -> dict[str, Any]:
    """The first frame that its page hears."""
    conversation = Conversation.objects.select_related("inbox", "assignee", "queue").get(
        pk=conversation_id
    )
    place = place_of(conversation, at=at)
    inbox = conversation.inbox
    return {
        **(shown_again(conversation, at=at) if conversation.state in CLOSED else {}),
        **customer_state(conversation, queue=asdict(place) if place else None),
        "type": "welcome",
        "conversation": str(conversation.uuid),
        "seq": conversation.seq,
        "language": conversation.language,
        "read_seq": conversation.agent_read_seq,
        "inbox": {
            "key": inbox.key,
            "name": inbox.name,
            "languages": inbox.languages,
            "appearance": inbox.appearance,
            "typing_preview": inbox.typing_preview,
        },
    }


def go_on(conversation_id: int, *, at: datetime) -> None:
    """Its customer writes again. Raises Closed where that comes too late, and Merged."""
    conversation = still_here(conversation_id)
    if not actions.may_reopen(conversation, at=at):
        raise Closed("This conversation is closed; please start a new one.")
    actions.wake(conversation_id=conversation_id, at=at)


def still_here(conversation_id: int) -> Conversation:
    """Raises Merged if it goes on in another conversation."""
    conversation = Conversation.objects.select_related("inbox", "customer").get(pk=conversation_id)
    if conversation.merged_into_id:
        raise Merged("This conversation goes on in another one.")
    return conversation


def now_if_welcome(session_id: int, *, at: datetime) -> tuple[int, int, bool] | None:
    """The session's conversation, its newest `seq`, and whether what they write may be shown;
    None once it was revoked or ran out, or the inbox was switched off."""
    return (
        Session.objects.filter(
            pk=session_id,
            revoked_at=None,
            expires_at__gt=at,
            inbox__is_active=True,
            customer__is_blocked=False,
        )
        .values_list("conversation_id", "conversation__seq", "inbox__typing_preview")
        .first()
    )
