"""What agents began to write is kept on the server, so that another device goes on with it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from agents.models import Agent, SavedDraft
from conversations import live
from conversations.frames import moment
from conversations.live import Push, agent_room, thread_room
from conversations.uploads import attachments_of
from conversations.words import TEXT_LIMIT, clean_text

# A draft is used up by a message of the same person that begins with it.
_FORGET_SENT = """
DELETE FROM agents_saveddraft WHERE id IN (
    SELECT d.id FROM agents_saveddraft d
    JOIN conversations_conversation c ON c.id = d.conversation_id
    JOIN conversations_message m ON m.conversation_id = d.conversation_id
    WHERE c.last_message_at >= d.updated_at AND m.created_at >= d.updated_at
        AND m.author_kind = 'agent' AND (m.agent_id = d.agent_id OR d.agent_id IS NULL)
        AND (d.text <> '' OR m.attachments @> d.attachments) AND starts_with(m.text, d.text)
)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """`replaced` is what stood there in a version that whoever wrote had not seen; else None."""

    draft: SavedDraft | None
    replaced: dict[str, Any] | None


def draft_frame(draft: SavedDraft, *, key: uuid.UUID) -> dict[str, Any]:
    return {
        "type": "draft",
        "conversation": str(key),
        "shared": draft.agent_id is None,
        "text": draft.text,
        "attachments": draft.attachments,
        "version": draft.version,
        "by": {"id": str(draft.by.uuid), "name": draft.by.shown_name},
        "updated_at": moment(draft.updated_at),
    }


def draft_of(conversation_id: int, agent: Agent, *, shared: bool) -> SavedDraft | None:
    drafts = SavedDraft.objects.select_related("by")
    return drafts.filter(conversation_id=conversation_id, agent=None if shared else agent).first()


@transaction.atomic
def save_draft(
    *,
    conversation_id: int,
    key: uuid.UUID,
    agent: Agent,
    shared: bool,
    text: str,
    attachments: Sequence[uuid.UUID],
    version: int | None,
    at: datetime,
) -> Kept:
    """The last write wins. Who wrote without having seen the latest version gets it back.

    An empty draft is none: it is forgotten.
    """
    text = clean_text(text)
    files = attachments_of(conversation_id, attachments)
    if not text and not files:
        return Kept(None, _forgotten(conversation_id, key, agent, shared=shared, version=version))
    draft, made = SavedDraft.objects.select_for_update(of=("self",)).get_or_create(
        conversation_id=conversation_id,
        agent=None if shared else agent,
        defaults={"by": agent, "text": text, "attachments": files, "updated_at": at},
    )
    replaced = None
    if not made:
        if version != draft.version and draft.text != text:
            replaced = draft_frame(draft, key=key)
        draft.by, draft.text, draft.attachments = agent, text, files
        draft.version += 1
        draft.updated_at = at
        draft.save()
    _tell(draft_frame(draft, key=key), draft.conversation_id, agent, shared=shared)
    return Kept(draft, replaced)


def _forgotten(
    conversation_id: int, key: uuid.UUID, agent: Agent, *, shared: bool, version: int | None
) -> dict[str, Any] | None:
    draft = draft_of(conversation_id, agent, shared=shared)
    if draft is None:
        return None
    frame = draft_frame(draft, key=key)
    gone = {**frame, "text": "", "attachments": [], "version": draft.version + 1}
    draft.delete()
    _tell(gone, conversation_id, agent, shared=shared)
    return frame if version is not None and version != frame["version"] else None


def put_back(
    *, conversation_id: int, agent_id: int, text: str, files: list[Any], at: datetime
) -> None:
    """Words that were not sent after all: in front of whatever the agent began since then."""
    draft, made = SavedDraft.objects.select_for_update(of=("self",)).get_or_create(
        conversation_id=conversation_id,
        agent_id=agent_id,
        defaults={"by_id": agent_id, "text": text, "attachments": files, "updated_at": at},
    )
    if not made:
        draft.text = f"{text}\n\n{draft.text}".strip()[:TEXT_LIMIT]
        draft.attachments = [*files, *draft.attachments][:10]
        draft.version += 1
        draft.updated_at = at
        draft.save()
    agent, conversation = draft.by, draft.conversation
    _tell(draft_frame(draft, key=conversation.uuid), conversation_id, agent, shared=False)


def forget_sent_drafts() -> int:
    """Drafts whose words have been sent are gone; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_SENT)
        return int(cursor.rowcount)


def _tell(frame: dict[str, Any], conversation_id: int, agent: Agent, *, shared: bool) -> None:
    """The agent's other devices; of a shared draft, whoever has the conversation open."""
    room = thread_room(conversation_id) if shared else agent_room(agent.pk)
    live.announce_on_commit([Push((room,), frame)])
