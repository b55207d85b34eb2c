"""The bot steps aside, or the customer asks for a person: now it waits in a queue."""

from datetime import datetime

from django.db import transaction

from conversations.actions.log import append, hold
from conversations.actions.post import say
from conversations.lifecycle import BOT
from conversations.models import Handoff
from conversations.people import desk
from conversations.phrases import is_phrase, phrase

_THEIRS = frozenset({"asked", "no_bot"})
"""Nobody decided this: customers did, or there is no bot."""

_TONES = {
    "asked": "asked",
    "keyword": "asked",
    "procedure": "asked",
    "part": "part",
    "complaint": "sorry",
    "frustrated": "sorry",
    "loop": "sorry",
    "failed": "failed",
    "busy": "failed",
    "no_bot": "no_bot",
    "hours": "no_bot",
    "quota": "no_bot",
    "language": "no_bot",
    "file": "no_bot",
    "policy": "no_bot",
    "silent": "silent",
    "transferred": "transferred",
    "lost": "transferred",
}
"""What the customer hears of a reason; of all others, that the bot is not sure."""


@transaction.atomic
def request_handoff(
    *,
    conversation_id: int,
    reason: str,
    summary: str,
    at: datetime,
    run: int | None = None,
    citations: list[dict[str, object]] | None = None,
    queue_id: int | None = None,
) -> Handoff | None:
    """A person is asked for. None if one is on it already, or if this bot's turn is over.

    `queue_id`: where they wait, whatever the rules would say.
    """
    conversation = hold(conversation_id)
    if conversation.state != BOT:
        return None
    if run is not None and conversation.bot_run != run:
        return None
    if conversation.waiting_since is None:
        conversation.waiting_since = at
        conversation.due_at = at
        conversation.save(update_fields=["waiting_since", "due_at"])
    if not desk().enqueue(conversation, at=at, queue_id=queue_id):
        # They were told; the bot goes on with whatever they say next.
        conversation.waiting_since = None
        conversation.due_at = None
        conversation.bot_run += 1
        conversation.save(update_fields=["waiting_since", "due_at", "bot_run"])
        return None
    handoff = Handoff.objects.create(
        conversation=conversation, reason=reason, summary=summary, requested_at=at
    )
    append(
        conversation,
        "handoff",
        at=at,
        actor="customer" if reason in _THEIRS else "bot",
        reason=reason,
        queue=conversation.queue.uuid if conversation.queue else None,
        summary=summary,
    )
    tone = _TONES.get(reason, "unsure")
    why = f"wanted_{tone}"
    first = phrase(why, conversation.language) if is_phrase(why) else ""
    if not desk().say_if_nobody(conversation, at=at, first=first):
        words = phrase(f"handoff_{tone}", conversation.language)
        say(conversation, words, citations=citations or (), at=at)
    return handoff
