"""The steps of a case: put on it from a template or by hand, ticked off, taken away."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from conversations.actions.log import append, hold
from conversations.errors import BadWords, NotFound
from conversations.models import ChecklistItem, Conversation
from conversations.words import clean_line

_MOST = 100


@transaction.atomic
def add_steps(
    *, conversation_id: int, texts: Sequence[str], agent_id: int, at: datetime, name: str = ""
) -> list[ChecklistItem]:
    """At the end of the list; `name` is the template's they come from."""
    conversation = hold(conversation_id)
    cleaned = [line for text in texts if (line := clean_line(text, limit=200))]
    if conversation.checklist.count() + len(cleaned) > _MOST:
        raise BadWords(f"A checklist has at most {_MOST} steps.")
    last = conversation.checklist.aggregate(last=Max("position"))["last"] or 0
    made = ChecklistItem.objects.bulk_create(
        ChecklistItem(conversation=conversation, text=text, position=last + n, created_at=at)
        for n, text in enumerate(cleaned, start=1)
    )
    if made:
        what = name or (cleaned[0] if len(cleaned) == 1 else f"{len(cleaned)} steps")
        _log(conversation, "applied" if name else "added", what, agent_id, at)
    return made


@transaction.atomic
def change_step(
    *,
    conversation_id: int,
    key: UUID,
    done: bool | None = None,
    text: str | None = None,
    position: int | None = None,
    agent_id: int,
    at: datetime,
) -> ChecklistItem:
    """Ticks a step off or on again, rewords or moves it; what is None stays."""
    conversation = hold(conversation_id)
    step = _step(conversation, key)
    if text:
        step.text = clean_line(text, limit=200) or step.text
    if position is not None:
        step.position = position
    if done is not None and done != (step.done_at is not None):
        step.done_at = at if done else None
        step.done_by_id = agent_id if done else None
        _log(conversation, "done" if done else "undone", step.text, agent_id, at)
    step.save()
    return step


@transaction.atomic
def remove_step(*, conversation_id: int, key: UUID, agent_id: int, at: datetime) -> None:
    conversation = hold(conversation_id)
    step = _step(conversation, key)
    step.delete()
    _log(conversation, "removed", step.text, agent_id, at)


def _step(conversation: Conversation, key: UUID) -> ChecklistItem:
    step = conversation.checklist.filter(uuid=key).first()
    if step is None:
        raise NotFound("There is no such step.")
    return step


def _log(conversation: Conversation, change: str, text: str, agent_id: int, at: datetime) -> None:
    append(
        conversation,
        "checklist",
        at=at,
        actor="agent",
        agent_id=agent_id,
        change=change,
        text=text,
    )
