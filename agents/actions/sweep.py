"""The safety net: whatever is overdue, whoever was lost, is picked up within seconds."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from agents.actions.assign import give_back
from agents.actions.offers import expire_offers, route_waiting
from agents.models import Presence
from agents.queries import gone_agents
from conversations import events
from conversations.actions.customer import plain_summary, wake
from conversations.actions.handoff import request_handoff
from conversations.actions.log import hold
from conversations.actions.post import BOT_OWES_WITHIN
from conversations.lifecycle import BOT, SNOOZED
from conversations.models import Conversation, Handoff

logger = logging.getLogger(__name__)

BOT_TRIES = 2
_AT_ONCE = 200


def sweep(*, at: datetime) -> dict[str, int]:
    """One round; answers what was picked up. Each part stands alone: one failure stops no other."""
    parts: dict[str, Callable[[], int]] = {
        "bot": lambda: sum(_remind_bot(pk, at=at) for pk in _overdue(BOT, at=at)),
        "woken": lambda: sum(wake(conversation_id=pk, at=at) for pk in _overdue(SNOOZED, at=at)),
        "expired": lambda: expire_offers(at=at),
        "given_back": lambda: _give_back_all(at=at),
        "offered": lambda: route_waiting(at=at),
    }
    done: dict[str, int] = {}
    for name, part in parts.items():
        try:
            done[name] = part()
        except Exception:
            logger.exception("A part of the sweep failed", extra={"part": name})
    if any(done.values()):
        logger.info("Swept", extra=done)
    return done


def _overdue(state: str, *, at: datetime) -> list[int]:
    return list(
        Conversation.objects.filter(due_at__lte=at, state=state)
        .order_by("due_at")
        .values_list("pk", flat=True)[:_AT_ONCE]
    )


@transaction.atomic
def _remind_bot(conversation_id: int, *, at: datetime) -> bool:
    """The bot is asked once more; after that a person is."""
    conversation = hold(conversation_id)
    if conversation.state != BOT or conversation.due_at is None or conversation.due_at > at:
        return False
    if conversation.bot_attempts + 1 >= BOT_TRIES:
        request_handoff(
            conversation_id=conversation.pk,
            reason=Handoff.Reason.FAILED,
            summary=plain_summary(conversation.pk),
            at=at,
        )
        return True
    conversation.bot_attempts += 1
    conversation.due_at = at + BOT_OWES_WITHIN
    conversation.save(update_fields=["bot_attempts", "due_at"])
    events.publish(events.bot_needed, conversation_id=conversation.pk)
    return True


def _give_back_all(*, at: datetime) -> int:
    count = 0
    for agent_id in gone_agents(at=at):
        Presence.objects.filter(agent_id=agent_id, seen_at__lt=at - timedelta(seconds=20)).exclude(
            status=Presence.Status.OFFLINE
        ).update(status=Presence.Status.OFFLINE, reason="connection lost", since=at)
        held = Conversation.objects.filter(assignee_id=agent_id, state="assigned")
        for pk in list(held.values_list("pk", flat=True)):
            count += give_back(conversation_id=pk, agent_id=agent_id, at=at)
    return count
