"""Conversations that come back: their agent has gone, or the customer's words return them."""

from datetime import datetime

from django.db import transaction

from agents.actions.assign import wait_in
from agents.models import Assignment, Offer
from agents.queries import queue_for_inbox
from conversations.actions.log import append, hold
from conversations.actions.post import say
from conversations.lifecycle import ASSIGNED, ON_HOLD
from conversations.models import Conversation, Handoff
from conversations.phrases import phrase


@transaction.atomic
def give_back(*, conversation_id: int, agent_id: int, at: datetime) -> bool:
    """The agent's connection is gone: the customer goes to the head of the line again."""
    conversation = hold(conversation_id)
    if conversation.state not in {ASSIGNED, ON_HOLD} or conversation.assignee_id != agent_id:
        return False
    _lose(conversation, "agent_gone", at=at)
    return True


@transaction.atomic
def take_back(*, conversation_id: int, at: datetime) -> bool:
    """The agent did not answer in time: somebody else is asked, and not this one first."""
    conversation = hold(conversation_id)
    late = conversation.due_at is not None and conversation.due_at <= at
    if conversation.state != ASSIGNED or not late or conversation.waiting_since is None:
        return False
    agent = conversation.assignee
    assert agent is not None
    append(conversation, "taken_back", at=at, agent=agent.uuid, name=agent.shown_name)
    Offer.objects.create(
        conversation=conversation,
        agent=agent,
        created_at=at,
        expires_at=at,
        ended_at=at,
        outcome=Offer.Outcome.MISSED,
        why={"rule": ["answer_seconds"]},
    )
    _lose(conversation, "taken_back", at=at)
    return True


def _lose(conversation: Conversation, sentence: str, *, at: datetime) -> None:
    """An agent loses it through no wish of theirs: it keeps the place it had in line."""
    queue = conversation.queue or queue_for_inbox(conversation.inbox_id)
    if conversation.queued_at is None:
        # It was taken without ever waiting: then it stands where it would if it had.
        conversation.place_from = (
            Assignment.objects.filter(conversation=conversation, ended_at=None)
            .values_list("started_at", flat=True)
            .first()
        )
    Handoff.objects.create(
        conversation=conversation,
        reason=Handoff.Reason.LOST,
        requested_at=at,
        summary=_so_far(conversation),
    )
    wait_in(conversation, queue, at=at)
    say(conversation, phrase(sentence, conversation.language), at=at)


def _so_far(conversation: Conversation) -> str:
    """For the next agent: what the bot gathered for the first one, and what the customer said last."""
    told = (
        Handoff.objects.filter(conversation=conversation)
        .exclude(reason=Handoff.Reason.LOST)
        .order_by("-pk")
        .values_list("summary", flat=True)
        .first()
    )
    last = conversation.preview
    return " · ".join(one for one in (told, "" if told and last in told else last) if one)
