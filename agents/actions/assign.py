"""Who holds a conversation: taken, passed on, put to sleep, finished, or lost and given back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agents import events as people
from agents.actions.withdraw import withdraw
from agents.models import Agent, Assignment, Presence, Queue, Team
from agents.queries import holding_of, with_load
from conversations import events, live
from conversations.actions.attributes import require_filled
from conversations.actions.customer import ask_how_it_was, return_to_bot
from conversations.actions.log import append, hold, move, tell
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.errors import BadWords, NotAllowed
from conversations.labels import settled
from conversations.lifecycle import ASSIGNED, QUEUED, RESOLVED, SNOOZED
from conversations.models import Conversation, Handoff
from conversations.phrases import phrase
from conversations.queries import exclusive_labels, queue_for_inbox
from conversations.words import clean_line, clean_text

DISPOSITIONS = ("", "solved", "not_solved", "spam", "other")


class Full(NotAllowed):
    code = "not_allowed"


def assign(conversation: Conversation, *, agent_id: int, at: datetime, how: str) -> Assignment:
    """Gives a held conversation to an agent. Count and claim happen under the agent's lock."""
    agent = Agent.objects.select_for_update().get(pk=agent_id)
    if not agent.is_active:
        raise NotAllowed("This agent is not active.")
    waited = (at - conversation.queued_at).total_seconds() if conversation.queued_at else None
    if how != "transferred":
        holding = holding_of(with_load(Agent.objects.filter(pk=agent_id)).get())
        if holding >= agent.capacity:
            raise Full("You hold as many conversations as you can.")
    withdraw(conversation, at=at)
    _end_assignment(conversation, at=at)
    assignment = Assignment.objects.create(conversation=conversation, agent=agent, started_at=at)
    Presence.objects.filter(agent=agent).update(last_assigned_at=at)
    conversation.assignee = agent
    move(
        conversation,
        ASSIGNED,
        at=at,
        assignee_id=agent.pk,
        queued_at=None,
        due_at=None,
        bot_run=conversation.bot_run + 1,
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
        queue=conversation.queue.uuid if conversation.queue else None,
    )
    post(
        Draft(
            conversation_id=conversation.pk,
            author_kind="system",
            text=phrase("agent_joined", conversation.language, name=agent.shown_name),
            at=at,
        )
    )
    return assignment


@transaction.atomic
def claim(*, conversation_id: int, agent_id: int, at: datetime) -> Assignment | None:
    """An agent pulls a conversation; None if it is theirs already. Raises NotAllowed."""
    conversation = hold(conversation_id)
    if conversation.state == ASSIGNED:
        if conversation.assignee_id == agent_id:
            return None
        raise NotAllowed("Somebody else has this conversation.")
    return assign(conversation, agent_id=agent_id, at=at, how="claimed")


def may_hold(conversation: Conversation, agent: Agent) -> None:
    """Only whoever holds it, or a supervisor, moves a conversation on."""
    if conversation.assignee_id != agent.pk and not agent.has_perm(
        "conversations.supervise_conversations"
    ):
        raise NotAllowed("Somebody else has this conversation.")


@transaction.atomic
def transfer(
    *, conversation_id: int, agent_id: int, kind: str, target: UUID | None, note: str, at: datetime
) -> None:
    """Passes a conversation to an `agent`, a `queue`, a `team`, or back to the `bot`."""
    conversation = hold(conversation_id)
    agent = Agent.objects.get(pk=agent_id)
    may_hold(conversation, agent)
    if note:
        post(
            Draft(
                conversation_id=conversation.pk,
                author_kind="agent",
                author_name=agent.shown_name,
                agent_id=agent.pk,
                note=True,
                text=clean_text(note),
                at=at,
            )
        )
    append(
        conversation,
        "transferred",
        at=at,
        actor="agent",
        agent_id=agent.pk,
        agent_name=agent.shown_name,
        to={kind: str(target) if target else True},
    )
    match kind:
        case "bot":
            withdraw(conversation, at=at)
            _end_assignment(conversation, at=at)
            return_to_bot(conversation_id=conversation.pk, at=at)
        case "agent" if target:
            _to_agent(conversation, target, at=at)
        case "queue" if target:
            queue = Queue.objects.filter(uuid=target).first()
            enqueue(conversation, queue or _unknown("queue"), at=at, queued_at=at)
        case "team" if target:
            team = Team.objects.filter(uuid=target).first()
            queue = Queue.objects.filter(team=team).first() if team else None
            enqueue(conversation, queue or _unknown("team's queue"), at=at, queued_at=at)
        case _:
            raise BadWords('"to" names an agent, a team, a queue or the bot.')


def _unknown(what: str) -> Queue:
    raise BadWords(f"There is no such {what}.")


def _to_agent(conversation: Conversation, target: UUID, *, at: datetime) -> None:
    other = Agent.objects.filter(uuid=target, is_active=True).first()
    if other is None or not other.has_perm("conversations.answer_conversations"):
        raise BadWords("There is no such agent.")
    presence = Presence.objects.filter(agent=other).first()
    if presence is None or presence.status == Presence.Status.OFFLINE:
        raise NotAllowed(f"{other.shown_name} is offline.")
    assign(conversation, agent_id=other.pk, at=at, how="transferred")


def enqueue(conversation: Conversation, queue: Queue, *, at: datetime, queued_at: datetime) -> None:
    """A held conversation waits (again) in a queue; `queued_at` keeps an earlier place."""
    withdraw(conversation, at=at)
    _end_assignment(conversation, at=at)
    conversation.assignee = None
    conversation.queue = queue
    move(
        conversation,
        QUEUED,
        at=at,
        assignee_id=None,
        queue_id=queue.pk,
        queued_at=queued_at,
        due_at=None,
        bot_run=conversation.bot_run + 1,
    )
    append(conversation, "queued", at=at, queue=queue.uuid)
    events.publish(events.handoff_requested, conversation_id=conversation.pk, queue_id=queue.pk)


@transaction.atomic
def resolve(
    *, conversation_id: int, agent_id: int, disposition: str, note: str, at: datetime
) -> None:
    """The agent is done; the customer is asked how it was. Saying so twice changes nothing."""
    if disposition not in DISPOSITIONS:
        raise BadWords(f"A disposition is one of {', '.join(filter(None, DISPOSITIONS))}.")
    conversation = hold(conversation_id)
    if conversation.state == RESOLVED:
        return
    agent = Agent.objects.get(pk=agent_id)
    may_hold(conversation, agent)
    require_filled(conversation)
    if note:
        post(
            Draft(
                conversation_id=conversation.pk,
                author_kind="agent",
                author_name=agent.shown_name,
                agent_id=agent.pk,
                note=True,
                text=clean_text(note),
                at=at,
            )
        )
    withdraw(conversation, at=at)
    _end_assignment(conversation, at=at)
    append(
        conversation,
        "resolved",
        at=at,
        actor="agent",
        agent_id=agent.pk,
        agent_name=agent.shown_name,
        by="agent",
        disposition=disposition,
    )
    move(
        conversation,
        RESOLVED,
        at=at,
        due_at=None,
        waiting_since=None,
        queued_at=None,
        bot_run=conversation.bot_run + 1,
    )
    ask_how_it_was(conversation)
    events.publish(events.conversation_resolved, conversation_id=conversation.pk, agent_id=agent.pk)


@transaction.atomic
def reopen(*, conversation_id: int, agent_id: int, at: datetime) -> None:
    """An agent takes a resolved conversation up again: it is theirs."""
    conversation = hold(conversation_id)
    if conversation.state != RESOLVED:
        return
    append(conversation, "reopened", at=at, actor="agent", agent_id=agent_id)
    assign(conversation, agent_id=agent_id, at=at, how="reopened")


@transaction.atomic
def snooze(*, conversation_id: int, agent_id: int, until: datetime, at: datetime) -> None:
    """Sleeps until a time, or until the customer writes."""
    if until <= at:
        raise BadWords("Snooze until a time that is still to come.")
    conversation = hold(conversation_id)
    may_hold(conversation, Agent.objects.get(pk=agent_id))
    move(conversation, SNOOZED, at=at, snoozed_until=until, due_at=until)
    append(
        conversation, "snoozed", at=at, actor="agent", agent_id=agent_id, until=until.isoformat()
    )


@transaction.atomic
def give_back(*, conversation_id: int, agent_id: int, at: datetime) -> bool:
    """The agent's connection is gone: the customer goes to the head of the line again."""
    conversation = hold(conversation_id)
    if conversation.state != ASSIGNED or conversation.assignee_id != agent_id:
        return False

    queue = conversation.queue or queue_for_inbox(conversation.inbox_id)
    since = (
        Assignment.objects.filter(conversation=conversation, ended_at=None)
        .values_list("started_at", flat=True)
        .first()
    )
    Handoff.objects.create(
        conversation=conversation,
        reason="transferred",
        requested_at=at,
        summary=conversation.preview,
    )
    enqueue(conversation, queue, at=at, queued_at=since or at)
    post(
        Draft(
            conversation_id=conversation.pk,
            author_kind="system",
            text=phrase("agent_gone", conversation.language),
            at=at,
        )
    )
    return True


@transaction.atomic
def label(
    *,
    conversation_id: int,
    agent_id: int,
    labels: list[str] | None,
    priority: int | None,
    at: datetime,
) -> None:
    """Sets labels or priority; what is None stays as it is."""
    conversation = hold(conversation_id)
    changed: dict[str, object] = {}
    if labels is not None:
        names = [clean_line(name, limit=40) for name in labels if name.strip()]
        conversation.labels = settled(names, exclusive_labels())[:20]
        changed["labels"] = conversation.labels
    if priority is not None:
        conversation.priority = priority
        changed["priority"] = priority
    if changed:
        conversation.save(update_fields=list(changed))
        append(conversation, "edited", at=at, actor="agent", agent_id=agent_id, changes=changed)
        tell(conversation)


def mark_read(*, conversation: Conversation, seq: int) -> None:
    """The agents have seen everything up to `seq`; the customer sees that they did."""
    updated = Conversation.objects.filter(
        pk=conversation.pk, agent_read_seq__lt=seq, seq__gte=seq
    ).update(agent_read_seq=seq)
    if updated:
        live.announce(
            [
                live.Push(
                    (live.customer_room(conversation.pk),),
                    {"type": "read", "seq": seq},
                )
            ]
        )


def _end_assignment(conversation: Conversation, *, at: datetime) -> None:

    for assignment in Assignment.objects.filter(conversation=conversation, ended_at=None):
        assignment.ended_at = at
        assignment.save(update_fields=["ended_at"])
        people.publish(people.room_made, agent_id=assignment.agent_id)
