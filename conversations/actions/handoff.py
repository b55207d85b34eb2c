"""The bot steps aside, or the customer asks for a person: now it waits in a queue."""

from datetime import datetime

from django.db import transaction

from conversations import events
from conversations.actions.log import append, hold, move
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.models import Conversation, Handoff
from conversations.phrases import phrase
from conversations.queries import queue_for_inbox


@transaction.atomic
def request_handoff(
    *,
    conversation_id: int,
    reason: str,
    summary: str,
    at: datetime,
    run: int | None = None,
    citations: list[dict[str, object]] | None = None,
) -> Handoff | None:
    """A person is asked for. None if one is on it already, or if this bot's turn is over."""
    conversation = hold(conversation_id)
    if conversation.state in {Conversation.State.QUEUED, Conversation.State.ASSIGNED}:
        return None
    if run is not None and (conversation.bot_run != run or conversation.state != "bot"):
        return None
    queue = queue_for_inbox(conversation.inbox_id)
    handoff = Handoff.objects.create(
        conversation=conversation, reason=reason, summary=summary, requested_at=at
    )
    if conversation.waiting_since is None:
        conversation.waiting_since = at
    move(
        conversation,
        Conversation.State.QUEUED,
        at=at,
        queue_id=queue.pk,
        queued_at=at,
        assignee_id=None,
        due_at=None,
        waiting_since=conversation.waiting_since,
        bot_run=conversation.bot_run + 1,
    )
    append(
        conversation,
        "handoff",
        at=at,
        actor="bot" if reason in {"unsure", "failed"} else "customer",
        reason=reason,
        queue=queue.uuid,
        summary=summary,
    )
    post(
        Draft(
            conversation_id=conversation.pk,
            author_kind="system",
            text=phrase(f"handoff_{reason}", conversation.language),
            citations=list(citations or []),
            at=at,
        )
    )
    events.publish(events.handoff_requested, conversation_id=conversation.pk, queue_id=queue.pk)
    return handoff
