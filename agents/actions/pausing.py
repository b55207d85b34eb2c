"""Conversations that rest and go on: opened again, put to sleep, on hold."""

from datetime import datetime

from django.db import transaction

from agents import events as people
from agents.actions import sla
from agents.actions.assign import assign, may_hold
from agents.actions.queueing import answer_due
from agents.models import Agent
from conversations.actions.log import append, hold, move
from conversations.actions.post import say
from conversations.errors import BadWords
from conversations.lifecycle import ASSIGNED, CLOSED, ON_HOLD, SNOOZED
from conversations.phrases import phrase


@transaction.atomic
def reopen(*, conversation_id: int, agent_id: int, at: datetime) -> None:
    """An agent takes up again what was over: it is theirs."""
    conversation = hold(conversation_id)
    if conversation.state not in CLOSED:
        return
    append(conversation, "reopened", at=at, actor="agent", agent_id=agent_id)
    assign(conversation, agent_id=agent_id, at=at, how="reopened")


@transaction.atomic
def snooze(*, conversation_id: int, agent_id: int, until: datetime | None, at: datetime) -> None:
    """Sleeps until a time, but never longer than until the customer writes; None: only until then."""
    if until is not None and until <= at:
        raise BadWords("Snooze until a time that is still to come.")
    conversation = hold(conversation_id)
    may_hold(conversation, Agent.objects.get(pk=agent_id))
    paused = sla.pause(conversation)
    move(conversation, SNOOZED, at=at, snoozed_until=until, due_at=until, **paused)
    append(
        conversation,
        "snoozed",
        at=at,
        actor="agent",
        agent_id=agent_id,
        until=until.isoformat() if until else None,
    )
    # What sleeps is no load: there may be room for somebody who waits.
    if conversation.assignee_id:
        people.publish(people.room_made, agent_id=conversation.assignee_id)


@transaction.atomic
def put_on_hold(*, conversation_id: int, agent_id: int, at: datetime) -> None:
    """The agent keeps it and looks something up: no clock runs until they or the customer go on."""
    conversation = hold(conversation_id)
    may_hold(conversation, Agent.objects.get(pk=agent_id))
    if conversation.state == ON_HOLD:
        return
    move(conversation, ON_HOLD, at=at, due_at=None, **sla.pause(conversation))
    append(conversation, "on_hold", at=at, actor="agent", agent_id=agent_id)
    say(conversation, phrase("on_hold", conversation.language), at=at)


@transaction.atomic
def take_off_hold(*, conversation_id: int, agent_id: int, at: datetime) -> None:
    """The agent goes on."""
    conversation = hold(conversation_id)
    may_hold(conversation, Agent.objects.get(pk=agent_id))
    if conversation.state != ON_HOLD:
        return
    due = answer_due(conversation, at=at)
    move(conversation, ASSIGNED, at=at, due_at=due, **sla.go_on(conversation, at=at))
    append(conversation, "off_hold", at=at, actor="agent", agent_id=agent_id)
