"""Copies messages into another conversation: each names where it was said."""

from collections.abc import Sequence
from datetime import datetime

from conversations import live
from conversations.frames import agent_message, customer_message
from conversations.live import Push, customer_room, oversight_room, thread_room
from conversations.models import Conversation, Event, Message
from conversations.words import preview_of

_AT_ONCE = 500


def copy_messages(
    messages: Sequence[Message], source: Conversation, target: Conversation, *, at: datetime
) -> int:
    """Into a held conversation, at the end of its log; answers how many there were.

    A message keeps the id that its sender gave it, so sending it once more, or copying it back,
    stores nothing twice. In the log it is `copied`, not `message`: reports count what was said once.
    """
    known = set(
        Message.objects.filter(
            conversation=target, client_id__in=[m.client_id for m in messages]
        ).values_list("client_id", flat=True)
    )
    target.refresh_from_db(fields=["seq", "offset"])
    copies = [_copy(m, source, target) for m in messages if m.client_id not in known]
    if not copies:
        return 0
    Message.objects.bulk_create(copies, batch_size=_AT_ONCE)
    Event.objects.bulk_create(
        (
            Event(
                conversation=target,
                offset=copy.offset,
                kind="copied",
                actor_kind=copy.author_kind,
                agent_id=copy.agent_id,
                message=copy,
                created_at=at,
            )
            for copy in copies
        ),
        batch_size=_AT_ONCE,
    )
    _project(copies, target)
    _announce(copies, target)
    return len(copies)


def _copy(message: Message, source: Conversation, target: Conversation) -> Message:
    target.offset += 1
    if not message.note:
        target.seq += 1
    return Message(
        conversation=target,
        client_id=message.client_id,
        seq=None if message.note else target.seq,
        offset=target.offset,
        author_kind=message.author_kind,
        author_name=message.author_name,
        agent_id=message.agent_id,
        note=message.note,
        whispered_to_id=message.whispered_to_id,
        text=message.text,
        attachments=message.attachments,
        citations=message.citations,
        origin=message.origin or {"conversation": str(source.uuid), "offset": message.offset},
        created_at=message.created_at,
    )


def _project(copies: Sequence[Message], target: Conversation) -> None:
    said = [c for c in copies if not c.note and c.author_kind != Message.Author.SYSTEM]
    if said and (said[-1].created_at >= target.last_message_at or not target.preview):
        target.last_message_at = max(said[-1].created_at, target.last_message_at)
        target.preview = preview_of(said[-1].text)
        target.preview_kind = said[-1].author_kind
    target.save(update_fields=["seq", "offset", "last_message_at", "preview", "preview_kind"])


def _announce(copies: Sequence[Message], target: Conversation) -> None:
    """Only the last ones: every socket sees the gap before them and reads what it misses."""
    last = copies[-1]
    pushes = [
        Push(
            # Who may not read a whisper sees the gap with the next line.
            ((oversight_room if last.whispered_to_id else thread_room)(target.pk),),
            agent_message(last, conversation=target.uuid),
            last.offset,
            target.pk,
        )
    ]
    said = [copy for copy in copies if not copy.note]
    if said:
        pushes.append(Push((customer_room(target.pk),), customer_message(said[-1]), said[-1].seq))
    live.announce_on_commit(pushes)
