"""Waiting customers are offered to agents: yes, no, or too late."""

from datetime import datetime, timedelta

from django.db import transaction

from agents import events as people
from agents.actions.assign import assign
from agents.actions.withdraw import end_offer
from agents.models import Agent, Assignment, Offer, Presence, Queue
from agents.queries import anybody_online, candidates, offer_frame
from agents.routing import choose, explain
from conversations import live
from conversations.actions.log import append, hold
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.errors import NotAllowed
from conversations.live import Push, agent_room
from conversations.models import Conversation, Event
from conversations.phrases import phrase

_MISSES_UNTIL_AWAY = 3


def route_waiting(*, at: datetime, queue_id: int | None = None, most: int = 100) -> int:
    """Offers what waits to who is free, one by one; answers how many offers were made."""
    made = 0
    skipped: set[int] = set()
    for _ in range(most):
        outcome = _offer_next(at=at, queue_id=queue_id, skip=skipped)
        if outcome is None:
            break
        if isinstance(outcome, Offer):
            made += 1
        else:
            skipped.add(outcome)
    return made


@transaction.atomic
def _offer_next(*, at: datetime, queue_id: int | None, skip: set[int]) -> Offer | int | None:
    """The first one nobody is asked about yet. Its id when nobody is free; None: all served."""
    waiting = (
        Conversation.objects.queued()
        .exclude(pk__in=Offer.objects.filter(ended_at=None).values("conversation"))
        .exclude(pk__in=skip)
    )
    if queue_id:
        waiting = waiting.filter(queue_id=queue_id)
    conversation = (
        waiting.in_turn()
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("queue", "inbox", "customer")
        .first()
    )
    if conversation is None or conversation.queue is None:
        return None
    if Offer.objects.filter(conversation=conversation, ended_at=None).exists():
        return conversation.pk  # offered between our snapshot and our lock
    queue = conversation.queue
    found = candidates(queue, conversation, at=at)
    chosen = choose(found)
    if chosen is None:
        _say_nobody_is_here(conversation, queue, at=at)
        return conversation.pk
    # Count and claim under one lock: two workers never overfill one agent.
    Agent.objects.select_for_update().get(pk=chosen.agent_id)
    again = next(
        (c for c in candidates(queue, conversation, at=at) if c.agent_id == chosen.agent_id), None
    )
    if again is None or not again.has_room:
        return conversation.pk
    offer = Offer.objects.create(
        conversation=conversation,
        agent_id=chosen.agent_id,
        created_at=at,
        expires_at=at + timedelta(seconds=queue.offer_seconds),
        why=explain(found, chosen),
    )
    append(conversation, "offered", at=at, agent=offer.agent.uuid)
    live.announce_on_commit([Push((agent_room(chosen.agent_id),), offer_frame(offer))])
    people.publish(people.offer_made, agent_id=chosen.agent_id, conversation_id=conversation.pk)
    return offer


def _say_nobody_is_here(conversation: Conversation, queue: Queue, *, at: datetime) -> None:
    """Once for each time in the queue: the customer is told, and offered a call or a mail."""
    if anybody_online(queue, at=at):
        return
    told = Event.objects.filter(
        conversation=conversation, kind="nobody_here", created_at__gte=conversation.queued_at
    )
    if conversation.queued_at is None or told.exists():
        return
    append(conversation, "nobody_here", at=at)
    post(
        Draft(
            conversation_id=conversation.pk,
            author_kind="system",
            text=phrase("nobody_here", conversation.language),
            at=at,
        )
    )


@transaction.atomic
def accept(*, conversation_id: int, agent_id: int, at: datetime) -> Assignment:
    """The agent takes what was offered to them."""
    conversation = hold(conversation_id)
    offer = _open_offer(conversation, agent_id)
    if offer.expires_at <= at:
        raise NotAllowed("This offer has run out.")
    end_offer(offer, Offer.Outcome.ACCEPTED, at=at)
    return assign(conversation, agent_id=agent_id, at=at, how="accepted")


@transaction.atomic
def decline(*, conversation_id: int, agent_id: int, at: datetime) -> None:
    """The agent says no; the next one is asked."""
    conversation = hold(conversation_id)
    offer = _open_offer(conversation, agent_id)
    end_offer(offer, Offer.Outcome.DECLINED, at=at)
    append(
        conversation, "declined", at=at, actor="agent", agent_id=agent_id, agent=offer.agent.uuid
    )


def expire_offers(*, at: datetime) -> int:
    """Offers nobody answered in time go to the next; who misses several in a row is set away."""
    overdue = Offer.objects.filter(ended_at=None, expires_at__lte=at).values_list(
        "conversation_id", flat=True
    )
    return sum(_expire(conversation_id, at=at) for conversation_id in list(overdue))


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
    latest = Offer.objects.filter(agent=offer.agent).exclude(ended_at=None)
    outcomes = list(
        latest.order_by("-ended_at")[:_MISSES_UNTIL_AWAY].values_list("outcome", flat=True)
    )
    if outcomes == [Offer.Outcome.MISSED] * _MISSES_UNTIL_AWAY:
        Presence.objects.filter(agent=offer.agent, status=Presence.Status.ONLINE).update(
            status=Presence.Status.AWAY, reason="missed offers", since=at
        )
        live.announce_on_commit(
            [
                Push(
                    (agent_room(offer.agent_id),),
                    {
                        "type": "presence",
                        "agent": {"id": str(offer.agent.uuid), "name": offer.agent.shown_name},
                        "status": "away",
                        "reason": "missed offers",
                    },
                )
            ]
        )
    return True


def _open_offer(conversation: Conversation, agent_id: int) -> Offer:
    offer = (
        Offer.objects.select_related("agent")
        .filter(conversation=conversation, agent_id=agent_id, ended_at=None)
        .first()
    )
    if offer is None:
        raise NotAllowed("This conversation is not offered to you any more.")
    return offer
