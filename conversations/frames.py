"""Rows → what travels over the sockets, exactly as the protocol says."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson

from conversations.drafts import Json, Stored
from conversations.lifecycle import QUEUED, WRAP_UP, shown
from conversations.live import Push, agent_room, customer_room, oversight_room, thread_room
from conversations.models import Conversation, Event, Message
from conversations.waiters import Waiter


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC, to the millisecond."""
    if at is None:
        return None
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    # Four times as quick as `isoformat`; a card has seven.
    return f"{orjson.dumps(at)[1:20].decode()}.{at.microsecond // 1000:03}Z"


def _message(source: Any, *, seq: int | None, created_at: datetime, client_id: uuid.UUID) -> Json:
    """`source` is a Draft or a Message: both have the same words for what was said."""
    return {
        "type": "message",
        "id": str(client_id),
        "seq": seq,
        "author": {"kind": source.author_kind, "name": source.author_name},
        "text": source.text,
        "attachments": source.attachments,
        "citations": source.citations,
        "suggestions": source.suggestions,
        "reply_to": source.reply_to,
        "created_at": moment(created_at),
    }


def _for_agents(
    frame: Json, *, conversation: uuid.UUID, offset: int, note: bool, whisper: bool
) -> Json:
    shown = {**frame, "conversation": str(conversation), "offset": offset, "note": note}
    return {**shown, "whisper": True} if whisper else shown


def customer_message(message: Message) -> Json:
    return _message(
        message, seq=message.seq, created_at=message.created_at, client_id=message.client_id
    )


def agent_message(message: Message, *, conversation: uuid.UUID) -> Json:
    frame = _for_agents(
        customer_message(message),
        conversation=conversation,
        offset=message.offset,
        note=message.note,
        whisper=message.whispered_to_id is not None,
    )
    # A copy says where it was said first.
    return {**frame, "origin": message.origin} if message.origin else frame


def agent_event(event: Event, *, conversation: uuid.UUID, actor: str = "") -> Json:
    return {
        "type": "event",
        "conversation": str(conversation),
        "offset": event.offset,
        "kind": event.kind,
        "actor": {"kind": event.actor_kind, "name": actor},
        "data": event.data,
        "trace": event.trace,
        "created_at": moment(event.created_at),
    }


def own_line(kind: str, *, trace: str, at: datetime) -> Json:
    """`agent_event` of lines that the house itself writes into many logs at once: what they share.
    Each has a `conversation`, an `offset` and its `data` besides."""
    return {
        "type": "event",
        "kind": kind,
        "actor": {"kind": "system", "name": ""},
        "trace": trace,
        "created_at": moment(at),
    }


def hidden_line(event: Event, *, conversation: uuid.UUID) -> Json:
    """The place of a line that this agent may not read: the count goes on, nothing is told."""
    return {
        "type": "event",
        "conversation": str(conversation),
        "offset": event.offset,
        "kind": "hidden",
        "actor": {"kind": "system", "name": ""},
        "data": {},
        "created_at": moment(event.created_at),
    }


def message_pushes(stored: Iterable[Stored]) -> list[Push]:
    """To the conversation's customer and to its agents; a note only to the latter; a whisper only
    to the agent it is for, and to supervisors."""
    pushes = []
    for one in stored:
        draft = one.draft
        frame = _message(draft, seq=one.seq, created_at=one.created_at, client_id=draft.client_id)
        if not draft.note:
            pushes.append(Push((customer_room(draft.conversation_id),), frame, one.seq))
        pushes.append(
            Push(
                _rooms_of(one),
                _for_agents(
                    frame,
                    conversation=one.conversation_uuid,
                    offset=one.offset,
                    note=draft.note,
                    whisper=draft.whispered_to is not None,
                ),
                one.offset,
                draft.conversation_id,
            )
        )
    return pushes


def _rooms_of(one: Stored) -> tuple[str, ...]:
    draft = one.draft
    if draft.whispered_to is not None:
        return oversight_room(draft.conversation_id), agent_room(draft.whispered_to)
    thread = thread_room(draft.conversation_id)
    return (thread, agent_room(one.assignee_id)) if one.assignee_id else (thread,)


def customer_state(conversation: Conversation, *, queue: Json | None = None) -> Json:
    """Who has it now. `queue` is {"position", "wait_seconds"} while waiting, once counted."""
    assignee = conversation.assignee
    return {
        "type": "state",
        "state": shown(conversation.state),
        "agent": {"name": assignee.shown_name} if assignee else None,
        "queue": queue,
    }


def waiting_state(queue: Json) -> Json:
    """The same of somebody who waits in a queue, so that nobody has it yet."""
    return {"type": "state", "state": shown(QUEUED), "agent": None, "queue": queue}


def conversation_card(conversation: Conversation | Waiter) -> Json:
    """What a list in the console shows of a conversation."""
    assignee = conversation.assignee
    return {
        "type": "conversation",
        "conversation": str(conversation.uuid),
        "state": shown(conversation.state),
        "stage": conversation.state,
        "inbox": {"key": conversation.inbox.key, "name": conversation.inbox.name},
        "customer": {
            "id": str(conversation.customer.uuid),
            "name": conversation.customer.name,
            "email": conversation.customer.email,
        },
        "assignee": {"id": str(assignee.uuid), "name": assignee.shown_name} if assignee else None,
        "queue": {"id": str(conversation.queue.uuid), "name": conversation.queue.name}
        if conversation.queue
        else None,
        "language": conversation.language,
        "priority": conversation.priority,
        "labels": conversation.labels,
        "needs": conversation.needs,
        "attributes": conversation.attributes,
        "merged_into": str(conversation.merged_into_id) if conversation.merged_into_id else None,
        "muted": conversation.muted_at is not None,
        "sentiment": conversation.sentiment,
        "last_message": {"text": conversation.preview, "author": conversation.preview_kind},
        "last_message_at": moment(conversation.last_message_at),
        "waiting_since": moment(conversation.waiting_since),
        "first_reply_at": moment(conversation.first_reply_at),
        "answer_by": moment(conversation.answer_by),
        "queued_at": moment(conversation.queued_at),
        "snoozed_until": moment(conversation.snoozed_until),
        "wrap_up_until": moment(conversation.due_at) if conversation.state == WRAP_UP else None,
        "disposition": conversation.disposition,
        "opened_at": moment(conversation.opened_at),
        "resolved_at": moment(conversation.resolved_at),
        "seq": conversation.seq,
        "offset": conversation.offset,
        "unread": max(0, conversation.seq - conversation.agent_read_seq),
    }
