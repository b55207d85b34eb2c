"""The steps of a procedure become the checklist of a case, where they are ticked, reworded and kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from agents.assist.reads.guides import guide_for
from conversations.actions.checklist import add_steps
from conversations.errors import NotFound
from conversations.models import ChecklistItem, Conversation


@transaction.atomic
def put_on_the_case(
    conversation: Conversation, *, agent_id: int, ticks: frozenset[int], at: datetime
) -> None:
    """What was gathered stands there ticked, by nobody: the bot did it; `ticks` are the agent's. What
    is on the checklist already is not put there twice. Raises NotFound."""
    guide = guide_for(conversation, at=at)
    if guide is None:
        raise NotFound("There is no procedure for this conversation.")
    steps = [(one.line()[:200], one.done, place) for place, one in enumerate(guide.items)]
    known = set(conversation.checklist.values_list("text", flat=True))
    fresh = [step for step in steps if step[0] not in known]
    made = add_steps(
        conversation_id=conversation.pk,
        texts=[text for text, _, _ in fresh],
        name=guide.name,
        agent_id=agent_id,
        at=at,
    )
    for row, (_, done, place) in zip(made, fresh, strict=True):
        if done or place in ticks:
            row.done_at, row.done_by_id = at, None if done else agent_id
    ChecklistItem.objects.bulk_update(made, ["done_at", "done_by"])
