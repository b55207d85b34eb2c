"""A conversation ends, and what the agent still does about it afterwards.

Modes of the rule `wrap_up`: *requested* ends at once unless the agent asks for time; *optional* gives
time that nobody has to use; *discretionary* waits for the agent however long; *time_boxed* until its
time runs out, then the default code is taken; *time_boxed_no_early_exit* is not left before that.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from agents.actions.assign import add_note, may_hold
from agents.actions.queueing import MUST_WRITE_UP, end_assignment, wrap_up_end
from agents.actions.withdraw import withdraw
from agents.models import Agent, Queue, StateReason, WrapUpCode
from agents.reads.policies import PolicyBook
from agents.rules.registry import Rules
from conversations import events
from conversations.actions.attributes import require_filled
from conversations.actions.customer import ask_how_it_was
from conversations.actions.log import append, hold, move
from conversations.errors import BadWords
from conversations.lifecycle import ASSIGNED, CLOSED, ENDED, ON_HOLD, RESOLVED, WRAP_UP
from conversations.models import Conversation


def codes_for(queue: Queue | None) -> list[WrapUpCode]:
    """What an agent may choose from in this queue."""
    mine = Q(queues=None) | (Q(queues=queue) if queue else Q())
    return list(WrapUpCode.objects.filter(mine, is_active=True).distinct())


def choices() -> dict[str, list[dict[str, Any]]]:
    """All wrap-up codes with the queues they are for (none: all), and all reasons for being away."""
    codes = WrapUpCode.objects.filter(is_active=True).prefetch_related("queues")
    reasons = StateReason.objects.filter(is_active=True)
    return {
        "codes": [
            {**code.frame(), "queues": [str(queue.uuid) for queue in code.queues.all()]}
            for code in codes
        ],
        "reasons": [{"name": r.name, "status": r.status, "is_work": r.is_work} for r in reasons],
    }


def wrap_up_rules(agent_id: int) -> list[dict[str, Any]]:
    """What this agent has to do after a talk, for each queue and for none."""
    book = PolicyBook.load()
    rules = {
        queue: book.for_agent(agent_id, queue=queue).wrap_up
        for queue in (None, *Queue.objects.all()[:500])
    }
    return [
        {
            "queue": str(queue.uuid) if queue else None,
            "mode": rule.mode,
            "seconds": rule.seconds,
            "required": rule.required,
        }
        for queue, rule in rules.items()
    ]


@transaction.atomic
def resolve(
    *,
    conversation_id: int,
    agent_id: int,
    disposition: str,
    note: str,
    at: datetime,
    wrap_up: bool = False,
) -> None:
    """The agent is done talking; the customer is asked how it was. Saying so twice changes nothing.

    `disposition` is a wrap-up code or empty; `wrap_up` asks for time to write it up.
    """
    conversation = hold(conversation_id)
    if conversation.state in ENDED:
        return
    agent = Agent.objects.get(pk=agent_id)
    may_hold(conversation, agent)
    require_filled(conversation)
    rules = _rules(conversation)
    _check_code(conversation, disposition)
    if conversation.state == WRAP_UP:
        finish_wrap_up(
            conversation_id=conversation.pk, agent_id=agent_id, code=disposition, note=note, at=at
        )
        return
    add_note(conversation, agent, note, at=at)
    withdraw(conversation, at=at)
    if conversation.state in {ASSIGNED, ON_HOLD} and _goes_on(rules, disposition, asked=wrap_up):
        append(conversation, "wrapping_up", at=at, actor="agent", agent_id=agent_id, by="agent",
               disposition=disposition)  # fmt: skip
        move(conversation, WRAP_UP, at=at, due_at=wrap_up_end(rules, at=at), waiting_since=None,
             disposition=disposition)  # fmt: skip
        _told(conversation, agent_id, at=at)
        return
    if rules.wrap_up.required and not disposition:
        raise BadWords("Say how it ended: choose a wrap-up code.")
    conversation.disposition = disposition
    _end(conversation, agent=agent, at=at, by="agent")
    _told(conversation, agent_id, at=at)


@transaction.atomic
def finish_wrap_up(
    *, conversation_id: int, agent_id: int, code: str, note: str, at: datetime
) -> None:
    """The agent has written it up. Doing it twice changes nothing."""
    conversation = hold(conversation_id)
    if conversation.state in ENDED:
        return
    agent = Agent.objects.get(pk=agent_id)
    may_hold(conversation, agent)
    if conversation.state != WRAP_UP:
        raise BadWords("This conversation is not being written up.")
    _check_code(conversation, code)
    rules = _rules(conversation)
    add_note(conversation, agent, note, at=at)
    conversation.disposition = code or conversation.disposition
    early = conversation.due_at is not None and conversation.due_at > at
    if early and rules.wrap_up.mode == "time_boxed_no_early_exit":
        conversation.save(update_fields=["disposition"])
        return
    if rules.wrap_up.required and not conversation.disposition:
        raise BadWords("Say how it ended: choose a wrap-up code.")
    _end(conversation, agent=agent, at=at, by="agent")


@transaction.atomic
def end_wrap_up(*, conversation_id: int, at: datetime, gone: bool = False) -> bool:
    """The time is over, or the agent is gone: what was not said is the default code."""
    conversation = hold(conversation_id)
    if conversation.state != WRAP_UP:
        return False
    if not gone and (conversation.due_at is None or conversation.due_at > at):
        return False
    if not conversation.disposition and _rules(conversation).wrap_up.mode in MUST_WRITE_UP:
        default = WrapUpCode.objects.filter(is_default=True, is_active=True).first()
        conversation.disposition = default.code if default else ""
    _end(conversation, agent=conversation.assignee, at=at, by="time")
    return True


def _goes_on(rules: Rules, disposition: str, *, asked: bool) -> bool:
    """Whether there is something left to write up."""
    match rules.wrap_up.mode:
        case "time_boxed_no_early_exit":
            return True
        case "discretionary" | "time_boxed":
            return not disposition
        case "optional":
            return asked or not disposition
        case _:
            return asked


def _end(conversation: Conversation, *, agent: Agent | None, at: datetime, by: str) -> None:
    end_assignment(conversation, at=at)
    append(
        conversation,
        "resolved",
        at=at,
        actor="agent" if by == "agent" else "system",
        agent_id=agent.pk if agent else None,
        agent_name=agent.shown_name if agent else "",
        by="agent",
        disposition=conversation.disposition,
        **({"default": True} if by == "time" else {}),
    )
    move(
        conversation,
        RESOLVED,
        at=at,
        due_at=None,
        waiting_since=None,
        queued_at=None,
        disposition=conversation.disposition,
        bot_run=conversation.bot_run + 1,
    )


def _told(conversation: Conversation, agent_id: int, *, at: datetime) -> None:
    assert conversation.state in CLOSED
    ask_how_it_was(conversation, at=at)
    events.publish(events.conversation_resolved, conversation_id=conversation.pk, agent_id=agent_id)


def _rules(conversation: Conversation) -> Rules:
    book = PolicyBook.load()
    if conversation.assignee_id is None:
        return book.for_queue(conversation.queue, inbox_id=conversation.inbox_id)
    return book.for_agent(conversation.assignee_id, queue=conversation.queue)


def _check_code(conversation: Conversation, code: str) -> None:
    known = [one.code for one in codes_for(conversation.queue)]
    if code and code not in known:
        raise BadWords(f"A disposition is one of {', '.join(known)}.")
