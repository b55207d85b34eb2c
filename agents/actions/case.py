"""What people do with whole cases: merge, split, ask a colleague, block a customer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from agents.access import ANSWER
from agents.actions.assign import assign, may_hold, wait_in
from agents.actions.notify import notify
from agents.actions.queueing import keep_place
from agents.models import Agent
from agents.models.attention import Kind
from agents.queries import queue_for_inbox
from conversations.actions import merge as merging
from conversations.actions import standing
from conversations.actions.log import hold
from conversations.actions.participants import take_part
from conversations.actions.post import post
from conversations.actions.split import split
from conversations.drafts import Draft
from conversations.errors import BadWords
from conversations.lifecycle import ENDED
from conversations.models import Conversation, Participant


@transaction.atomic
def merge(*, source_id: int, target_id: int, agent_id: int, at: datetime) -> int:
    """Whoever holds the target takes in what nobody else holds; supervisors may merge any two."""
    source, target = merging.held_pair(source_id, target_id)
    merging.check_merge(source, target)
    agent = Agent.objects.get(pk=agent_id)
    may_hold(target, agent)
    if source.assignee_id and source.state not in ENDED:
        may_hold(source, agent)
    place = (source.place_from or source.queued_at) if source.is_waiting else None
    count = merging.merge(source_id=source_id, target_id=target_id, agent_id=agent_id, at=at)
    if place is not None:
        keep_place(hold(target_id), place, at=at)
    return count


@transaction.atomic
def split_off(
    *, conversation_id: int, offsets: Sequence[int], to_me: bool, agent_id: int, at: datetime
) -> Conversation:
    """A new conversation out of some lines; it waits in its queue, or is at once the agent's."""
    source = hold(conversation_id)
    may_hold(source, Agent.objects.get(pk=agent_id))
    made = split(conversation_id=conversation_id, offsets=offsets, agent_id=agent_id, at=at)
    if to_me:
        assign(made, agent_id=agent_id, at=at, how="split")
    else:
        queue = made.queue or queue_for_inbox(made.inbox_id)
        wait_in(made, queue, at=at)
    return made


@transaction.atomic
def consult(
    *, conversation_id: int, colleague: UUID, question: str, agent_id: int, at: datetime
) -> Participant:
    """A colleague may read the case and write notes in it; the question is a note to them."""
    other = Agent.objects.filter(uuid=colleague, is_active=True).first()
    if other is None or not other.has_perm(ANSWER):
        raise BadWords("There is no such agent.")
    agent = Agent.objects.get(pk=agent_id)
    conversation = hold(conversation_id)
    reason = Participant.Reason.CONSULTED if question else Participant.Reason.ADDED
    take_part(conversation, agent_id=other.pk, reason=reason, by_id=agent_id, at=at)
    if question:
        post(
            Draft(
                conversation_id=conversation_id,
                author_kind="agent",
                author_name=agent.shown_name,
                agent_id=agent_id,
                note=True,
                text=question,
                at=at,
            )
        )
    if other.pk != agent_id:
        notify(
            agent_ids=[other.pk],
            kind=Kind.MENTION,
            conversation=conversation,
            data={"by": agent.shown_name, "reason": reason, "text": question[:160]},
            at=at,
        )
    return Participant.objects.select_related("agent").get(conversation=conversation, agent=other)


@transaction.atomic
def block_customer(*, customer_id: int, reason: str, agent_id: int, at: datetime) -> int:
    """Answers how many conversations ended; whoever held them is free."""
    return len(standing.block(customer_id=customer_id, reason=reason, agent_id=agent_id, at=at))
