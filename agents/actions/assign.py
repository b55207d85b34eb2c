"""Who holds a conversation: taken, or passed on to somebody else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agents.actions import sla
from agents.actions.presence import presence_of
from agents.actions.queueing import answer_due, end_assignment, join, rules_of
from agents.actions.withdraw import withdraw
from agents.models import Agent, Assignment, Presence, Queue, Team
from agents.queries import is_here
from agents.reads.loads import inbox_named
from agents.reads.policies import PolicyBook
from agents.reads.pool import candidate_of
from agents.rules.candidates import why_full
from conversations.actions.customer import return_to_bot
from conversations.actions.log import append, hold, move
from conversations.actions.post import post, say
from conversations.drafts import Draft
from conversations.errors import BadWords, CannotMove, NotAllowed
from conversations.lifecycle import ASSIGNED, ENDED, HELD
from conversations.models import Conversation
from conversations.phrases import phrase
from conversations.words import clean_text

UNLIMITED = frozenset({"transferred", "took_over"})
"""A person decided that it goes to this agent, room or not."""


class Full(NotAllowed):
    code = "not_allowed"


def assign(
    conversation: Conversation,
    *,
    agent_id: int,
    at: datetime,
    how: str,
    why: dict[str, Any] | None = None,
    met: bool = False,
) -> Assignment:
    """Gives a held conversation to an agent. Count and claim happen under the agent's lock.

    `met`: the customer was told already that this agent has joined.
    """
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent_id)
    if not agent.is_active:
        raise NotAllowed("This agent is not active.")
    book = PolicyBook.load()
    waited = _waited(conversation, at)
    promised = conversation.first_promise if conversation.is_waiting else None
    before = conversation.assignee_id
    withdraw(conversation, at=at)
    if how not in UNLIMITED:
        _check_room(agent, conversation, book, at=at)
    end_assignment(conversation, at=at)
    rules = rules_of(conversation, conversation.queue, book)
    assignment = Assignment.objects.create(
        conversation=conversation,
        agent=agent,
        started_at=at,
        how=how,
        why=why or {"rule": [how], "chosen": agent.shown_name, "propensity": 1.0},
    )
    Presence.objects.filter(agent=agent).update(last_assigned_at=at)
    conversation.answer_seconds = rules.answer_seconds or None
    move(
        conversation,
        ASSIGNED,
        at=at,
        assignee=agent,
        answer_seconds=conversation.answer_seconds,
        idle_seconds=rules.auto_resolve.after if rules.auto_resolve else None,
        due_at=answer_due(conversation, at=at),
        hinted=None,
        bot_run=conversation.bot_run + 1,
        **sla.go_on(conversation, at=at),
    )
    append(
        conversation,
        "assigned",
        at=at,
        actor="agent",
        agent_id=agent.pk,
        agent_name=agent.shown_name,
        agent=agent.uuid,
        name=agent.shown_name,
        how=how,
        wait_seconds=waited,
        promised=promised,
        queue=conversation.queue.uuid if conversation.queue else None,
    )
    if before != agent.pk and not met:
        say(
            conversation,
            phrase("agent_joined", conversation.language, name=agent.shown_name),
            at=at,
        )
    return assignment


def _waited(conversation: Conversation, at: datetime) -> float | None:
    """How long the customer was in line; None for one who was not."""
    if not conversation.is_waiting or conversation.queued_at is None:
        return None
    return (at - conversation.queued_at).total_seconds()


def _check_room(
    agent: Agent, conversation: Conversation, book: PolicyBook, *, at: datetime
) -> None:
    """Raises Full. One who takes up again what they already hold takes nothing more."""
    if conversation.assignee_id == agent.pk and conversation.state in HELD:
        return
    presence_of(agent, at=at)
    mine = candidate_of(agent.pk, conversation.queue, book, at=at)
    everywhere = rules_of(conversation, conversation.queue, book)
    kind, inbox = conversation.inbox.kind, inbox_named(conversation.inbox.key)
    weight = everywhere.weights.get(kind, 1.0)
    reason = why_full(mine, weight=weight, channel=kind, inbox=inbox)
    if reason and reason != "fair_share_used":
        raise Full("You hold as many conversations as you can, with what is being offered to you.")


@transaction.atomic
def claim(*, conversation_id: int, agent_id: int, at: datetime) -> Assignment | None:
    """An agent pulls a conversation; None if it is theirs already. Raises NotAllowed."""
    conversation = hold(conversation_id)
    if conversation.state in HELD:
        if conversation.assignee_id == agent_id:
            return None
        raise NotAllowed("Somebody else has this conversation.")
    if conversation.state in ENDED:
        append(conversation, "reopened", at=at, actor="agent", agent_id=agent_id)
    return assign(conversation, agent_id=agent_id, at=at, how="claimed")


def may_hold(conversation: Conversation, agent: Agent) -> None:
    """Only whoever holds it, or a supervisor, moves a conversation on."""
    if conversation.assignee_id != agent.pk and not agent.has_perm(
        "conversations.supervise_conversations"
    ):
        if conversation.assignee_id is None:
            raise NotAllowed("Nobody has this conversation: take it first.")
        raise NotAllowed("Somebody else has this conversation.")


@transaction.atomic
def transfer(
    *, conversation_id: int, agent_id: int, kind: str, target: UUID | None, note: str, at: datetime
) -> None:
    """Passes a conversation to an `agent`, a `queue`, a `team`, or back to the `bot`."""
    conversation = hold(conversation_id)
    agent = Agent.objects.get(pk=agent_id)
    may_hold(conversation, agent)
    if conversation.state in ENDED:
        raise CannotMove("This conversation is over; open it again first.")
    add_note(conversation, agent, note, at=at)
    conversation.hops += 1
    conversation.save(update_fields=["hops"])
    path: dict[str, Any] = {"from": conversation.queue.uuid if conversation.queue else None}
    append(
        conversation,
        "transferred",
        at=at,
        actor="agent",
        agent_id=agent.pk,
        agent_name=agent.shown_name,
        **path,
        to={kind: str(target) if target else True},
        hops=conversation.hops,
    )
    match kind:
        case "bot":
            withdraw(conversation, at=at)
            end_assignment(conversation, at=at)
            return_to_bot(conversation_id=conversation.pk, at=at)
        case "agent" if target:
            _to_agent(conversation, target, at=at)
        case "queue" if target:
            queue = Queue.objects.filter(uuid=target).first()
            wait_in(conversation, queue or _unknown("queue"), at=at)
        case "team" if target:
            team = Team.objects.filter(uuid=target).first()
            queue = Queue.objects.filter(team=team).first() if team else None
            wait_in(conversation, queue or _unknown("team's queue"), at=at)
        case _:
            raise BadWords('"to" names an agent, a team, a queue or the bot.')


def add_note(conversation: Conversation, agent: Agent, text: str, *, at: datetime) -> None:
    """What an agent says only to the others about what they do; nothing when it is empty."""
    if not text:
        return
    post(
        Draft(
            conversation_id=conversation.pk,
            author_kind="agent",
            author_name=agent.shown_name,
            agent_id=agent.pk,
            note=True,
            text=clean_text(text),
            at=at,
        )
    )


def _unknown(what: str) -> Queue:
    raise BadWords(f"There is no such {what}.")


def _to_agent(conversation: Conversation, target: UUID, *, at: datetime) -> None:
    other = Agent.objects.filter(uuid=target, is_active=True).first()
    if other is None or not other.has_perm("conversations.answer_conversations"):
        raise BadWords("There is no such agent.")
    if not is_here(other.pk, at=at):
        raise NotAllowed(f"{other.shown_name} is offline.")
    assign(conversation, agent_id=other.pk, at=at, how="transferred")


def wait_in(conversation: Conversation, queue: Queue, *, at: datetime) -> None:
    """A held conversation waits (again) in a queue, and its log says so."""
    join(conversation, queue, at=at)
    append(conversation, "queued", at=at, queue=queue.uuid)
