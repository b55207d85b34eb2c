"""Offers end: yes, no, or too late."""

from datetime import datetime

from django.db import transaction

from agents.actions.assign import assign
from agents.actions.presence import set_presence
from agents.actions.withdraw import end_offer
from agents.models import Assignment, Offer, Presence
from agents.queries import is_watched
from agents.reads.policies import PolicyBook
from conversations import events
from conversations.actions.log import append, hold, move
from conversations.errors import NotAllowed
from conversations.lifecycle import OFFERED, QUEUED
from conversations.models import Conversation

MISSED = "missed an offer"


@transaction.atomic
def accept(*, conversation_id: int, agent_id: int, at: datetime) -> Assignment:
    """The agent takes what was offered to them."""
    conversation = hold(conversation_id)
    offer = _open_offer(conversation, agent_id)
    if offer.expires_at <= at:
        raise NotAllowed("This offer has run out.")
    end_offer(offer, Offer.Outcome.ACCEPTED, at=at)
    return assign(conversation, agent_id=agent_id, at=at, how="accepted", why=offer.why)


@transaction.atomic
def decline(*, conversation_id: int, agent_id: int, at: datetime) -> None:
    """The agent says no; the next one is asked."""
    conversation = hold(conversation_id)
    offer = _open_offer(conversation, agent_id)
    end_offer(offer, Offer.Outcome.DECLINED, at=at)
    append(
        conversation, "declined", at=at, actor="agent", agent_id=agent_id, agent=offer.agent.uuid
    )
    back_in_line(conversation, at=at)


def back_in_line(conversation: Conversation, *, at: datetime) -> None:
    """Nobody is asked about it any more: it waits where it was."""
    if conversation.state != OFFERED:
        return
    move(conversation, QUEUED, at=at)
    events.publish(
        events.handoff_requested, conversation_id=conversation.pk, queue_id=conversation.queue_id
    )


def release_offers(*, agent_id: int, at: datetime) -> int:
    """Somebody no longer takes anything: what they were asked about goes to the next at once."""
    asked = Offer.objects.filter(agent=agent_id, ended_at=None)
    return sum(
        _release(conversation_id, agent_id, at=at)
        for conversation_id in list(asked.values_list("conversation_id", flat=True))
    )


@transaction.atomic
def _release(conversation_id: int, agent_id: int, *, at: datetime) -> bool:
    conversation = hold(conversation_id)
    offer = Offer.objects.filter(conversation=conversation, agent=agent_id, ended_at=None).first()
    online = Presence.objects.filter(agent=agent_id, status=Presence.Status.ONLINE).exists()
    if offer is None or online:
        return False
    end_offer(offer, Offer.Outcome.WITHDRAWN, at=at)
    back_in_line(conversation, at=at)
    return True


def expire_offers(*, at: datetime) -> int:
    """Offers nobody answered in time go to the next; who misses some in a row is set away."""
    overdue = Offer.objects.filter(ended_at=None, expires_at__lte=at).values_list(
        "conversation_id", flat=True
    )
    return sum(_expire(conversation_id, at=at) for conversation_id in list(overdue[:500]))


@transaction.atomic
def _expire(conversation_id: int, *, at: datetime) -> bool:
    conversation = hold(conversation_id)
    offer = (
        Offer.objects.select_related("agent")
        .filter(conversation=conversation, ended_at=None, expires_at__lte=at)
        .first()
    )
    if offer is None:
        return False
    end_offer(offer, Offer.Outcome.MISSED, at=at)
    append(conversation, "missed", at=at, agent=offer.agent.uuid)
    # Away before anybody is asked again: a silent console must not get the same one once more.
    _away_after_misses(offer, conversation, at=at)
    back_in_line(conversation, at=at)
    return True


def _away_after_misses(offer: Offer, conversation: Conversation, *, at: datetime) -> None:
    rules = PolicyBook.load().for_agent(offer.agent_id, queue=conversation.queue)
    most = rules.misses_until_away
    if not most or not is_watched(at):  # nobody could have said yes while the server was away
        return
    latest = Offer.objects.filter(agent=offer.agent).exclude(ended_at=None)
    if latest.filter(outcome=Offer.Outcome.ACCEPTED, ended_at__gt=offer.created_at).exists():
        return  # they were busy saying yes to another one
    outcomes = latest.order_by("-ended_at").values_list("outcome", flat=True)[:most]
    online = Presence.objects.filter(agent=offer.agent, status=Presence.Status.ONLINE).exists()
    if online and list(outcomes) == [Offer.Outcome.MISSED] * most:
        set_presence(
            agent_id=offer.agent_id, status=Presence.Status.AWAY, reason=MISSED, at=at, alive=False
        )


def _open_offer(conversation: Conversation, agent_id: int) -> Offer:
    offer = (
        Offer.objects.select_related("agent")
        .filter(conversation=conversation, agent_id=agent_id, ended_at=None)
        .first()
    )
    if offer is None:
        raise NotAllowed("This conversation is not offered to you any more.")
    return offer
