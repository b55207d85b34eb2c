"""Who may write to us, and what may disturb us: blocking a customer, muting a conversation."""

from datetime import datetime
from functools import partial

from django.db import transaction

from conversations import events
from conversations.actions.log import append, hold, move, tell
from conversations.errors import NotFound
from conversations.lifecycle import ENDED, RESOLVED
from conversations.models import Conversation, Customer
from conversations.people import desk


@transaction.atomic
def block(*, customer_id: int, reason: str, agent_id: int, at: datetime) -> list[int]:
    """They can write no more; what was open is resolved. Answers the conversations that ended.

    All their conversations are held first, so none can be opened again meanwhile. Saying so twice
    changes nothing.
    """
    customer = _customer(customer_id)
    if customer.is_blocked:
        return []
    keys = customer.conversations.order_by("pk").values_list("pk", flat=True)
    held = [hold(pk) for pk in keys]
    customer.is_blocked = True
    customer.save(update_fields=["is_blocked"])
    ended = [talk for talk in held if talk.state not in ENDED]
    for talk in ended or held[-1:]:
        say = partial(append, talk, at=at, actor="agent", agent_id=agent_id)
        say("blocked", reason=reason)
        if talk.state in ENDED:
            continue
        desk().leave(talk, at=at, for_good=True)
        assignee = talk.assignee_id
        say("resolved", by="agent", disposition="blocked")
        move(
            talk,
            RESOLVED,
            at=at,
            due_at=None,
            waiting_since=None,
            queued_at=None,
            bot_run=talk.bot_run + 1,
        )
        events.publish(events.conversation_resolved, conversation_id=talk.pk, agent_id=assignee)
    return [talk.pk for talk in ended]


@transaction.atomic
def unblock(*, customer_id: int, agent_id: int, at: datetime) -> None:
    """They may write again. Saying so twice changes nothing."""
    customer = _customer(customer_id)
    if not customer.is_blocked:
        return
    customer.is_blocked = False
    customer.save(update_fields=["is_blocked"])
    latest = customer.conversations.order_by("-pk").values_list("pk", flat=True).first()
    if latest is not None:
        append(hold(latest), "unblocked", at=at, actor="agent", agent_id=agent_id)


def _customer(customer_id: int) -> Customer:
    customer = Customer.objects.select_for_update(no_key=True).filter(pk=customer_id).first()
    if customer is None:
        raise NotFound("There is no such customer.")
    return customer


@transaction.atomic
def mute(*, conversation_id: int, on: bool, agent_id: int, at: datetime) -> Conversation:
    """A muted conversation notifies nobody; everything else goes on. Twice changes nothing."""
    conversation = hold(conversation_id)
    if (conversation.muted_at is not None) != on:
        conversation.muted_at = at if on else None
        conversation.save(update_fields=["muted_at"])
        kind = "muted" if on else "unmuted"
        append(conversation, kind, at=at, actor="agent", agent_id=agent_id)
        tell(conversation)
    return conversation
