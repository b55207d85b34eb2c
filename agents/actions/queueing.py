"""Into a queue, through it, and out of it again: what customers live through while they wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from agents import events as people
from agents.actions import sla
from agents.actions.withdraw import withdraw
from agents.models import Assignment, Presence, Queue
from agents.reads.policies import PolicyBook
from agents.rules.queue_plan import Waiting, next_due, rank
from agents.rules.registry import Rules, words_for
from conversations import events
from conversations.actions.calling import offer_a_call
from conversations.actions.customer import return_to_bot
from conversations.actions.log import append, hold, move
from conversations.actions.post import say
from conversations.lifecycle import (
    ABANDONED,
    OFFERED,
    QUEUED,
    WAITING,
)
from conversations.models import Conversation, Event
from conversations.phrases import phrase

MOST_HOPS = 20  # a circle of overflowing queues ends here at the latest


def rules_of(conversation: Conversation, queue: Queue | None, book: PolicyBook) -> Rules:
    return book.for_queue(queue, inbox_id=conversation.inbox_id, channel=conversation.inbox.kind)


def join(
    conversation: Conversation,
    queue: Queue,
    *,
    at: datetime,
    book: PolicyBook | None = None,
    last: bool = False,
) -> None:
    """A held conversation waits in a queue; whoever was asked about it or held it no longer does.

    Somebody who waits already goes on waiting. Who was with an agent begins to wait anew, at the place
    that their first wait gave them; `last`: at the end of the line.
    """
    withdraw(conversation, at=at)
    end_assignment(conversation, at=at)
    rules = rules_of(conversation, queue, book or PolicyBook.load())
    fresh = not conversation.is_waiting or conversation.queued_at is None
    queued_at = at if fresh else conversation.queued_at
    assert queued_at is not None
    place = at if last else conversation.place_from or conversation.queued_at or at
    steps = 0 if fresh else conversation.queue_steps
    waiting = Waiting(queued_at, at, conversation.priority, steps)
    been_in = [] if fresh else list(conversation.been_in)
    move(
        conversation,
        QUEUED,
        at=at,
        assignee=None,
        queue=queue,
        queued_at=queued_at,
        entered_at=at,
        place_from=place,
        rank_at=rank(rules, place_from=place, priority=conversation.priority),
        queue_steps=steps,
        told_nobody=False,
        been_in=[*been_in, str(queue.uuid)][-MOST_HOPS:],
        due_at=next_due(rules, waiting, after=at),
        answer_seconds=None,
        promised=None if fresh else conversation.promised,
        **sla.promise(conversation, rules, at=at),
        bot_run=conversation.bot_run + 1,
    )
    events.publish(events.handoff_requested, conversation_id=conversation.pk, queue_id=queue.pk)


def end_assignment(conversation: Conversation, *, at: datetime) -> None:
    """Whoever held it has room again."""
    for assignment in Assignment.objects.filter(conversation=conversation, ended_at=None):
        assignment.ended_at = at
        assignment.save(update_fields=["ended_at"])
        Presence.objects.filter(agent=assignment.agent_id).update(freed_at=at)
        people.publish(people.room_made, agent_id=assignment.agent_id)


def rerank(conversation: Conversation, *, at: datetime) -> None:
    """Its priority changed: so does its place, if it waits, and by when somebody has to answer."""
    rules = rules_of(conversation, conversation.queue, PolicyBook.load())
    fields = sla.promise_anew(conversation, rules, at=at)
    if conversation.state in WAITING and conversation.queued_at is not None:
        fields["rank_at"] = rank(
            rules,
            place_from=conversation.place_from or conversation.queued_at,
            priority=conversation.priority,
        )
    for name, value in fields.items():
        setattr(conversation, name, value)
    if fields:
        conversation.save(update_fields=list(fields))


def keep_place(conversation: Conversation, place: datetime, *, at: datetime) -> None:
    """A held conversation that waits comes where `place` puts it, if that is further in front."""
    if conversation.is_waiting and place < (
        conversation.place_from or conversation.queued_at or at
    ):
        conversation.place_from = place
        conversation.save(update_fields=["place_from"])
        rerank(conversation, at=at)


# --- while they wait ----------------------------------------------------------------------


@transaction.atomic
def step(*, conversation_id: int, at: datetime) -> bool:
    """Does what the queue owes somebody who waits now: a word, another queue, an end."""
    conversation = hold(conversation_id)
    if conversation.state not in WAITING or conversation.due_at is None:
        return False
    if conversation.due_at > at or conversation.queue is None or conversation.queued_at is None:
        return False
    book = PolicyBook.load()
    rules = rules_of(conversation, conversation.queue, book)
    waited = (at - conversation.queued_at).total_seconds()
    _say_what_is_due(conversation, rules, waited, at)
    too_long = rules.max_wait is not None and waited >= rules.max_wait.after
    told = too_long and told_too_long({conversation.pk: conversation.queued_at})
    if too_long and not told and _give_up(conversation, rules, at):
        return True
    if _overflow(conversation, rules, book, at):
        return True
    waiting = Waiting(
        conversation.queued_at,
        conversation.entered_at or conversation.queued_at,
        conversation.priority,
        conversation.queue_steps,
        max_wait_done=too_long,
    )
    conversation.due_at = next_due(rules, waiting, after=at)
    conversation.save(update_fields=["due_at", "queue_steps"])
    # Somebody with fewer skills may be asked now.
    events.publish(
        events.handoff_requested, conversation_id=conversation.pk, queue_id=conversation.queue_id
    )
    return True


def told_too_long(since: Mapping[int, datetime]) -> set[int]:
    """Those of {conversation: waiting since} who were already told that this wait is too long."""
    if not since:
        return set()
    told = Event.objects.filter(conversation__in=since, kind="waited_too_long")
    return {pk for pk, at in told.values_list("conversation_id", "created_at") if at >= since[pk]}


def _say_what_is_due(conversation: Conversation, rules: Rules, waited: float, at: datetime) -> None:
    """Of several overdue messages only the last one is said."""
    due = [m for m in rules.waiting_messages[conversation.queue_steps :] if m.after <= waited]
    if due:
        conversation.queue_steps += len(due)
        say(conversation, words_for(due[-1].text, conversation.language), at=at)


def _give_up(conversation: Conversation, rules: Rules, at: datetime) -> bool:
    """They have waited too long. True if they no longer wait."""
    assert rules.max_wait is not None
    match rules.max_wait.do:
        case "bot":
            withdraw(conversation, at=at)
            append(conversation, "waited_too_long", at=at, do="bot")
            return_to_bot(conversation_id=conversation.pk, at=at)
            return True
        case "abandon":
            withdraw(conversation, at=at)
            append(
                conversation,
                "abandoned",
                at=at,
                by="queue",
                promised=conversation.first_promise,
            )
            say(conversation, phrase("waited_too_long", conversation.language), at=at)
            move(conversation, ABANDONED, at=at, due_at=None, waiting_since=None)
            events.publish(
                events.conversation_resolved, conversation_id=conversation.pk, agent_id=None
            )
            return True
        case _:
            append(conversation, "waited_too_long", at=at, do="callback")
            offer_a_call(conversation, at=at)
            return False


def _overflow(conversation: Conversation, rules: Rules, book: PolicyBook, at: datetime) -> bool:
    """On to another queue, keeping the place; never back to where they have been."""
    if rules.overflow is None or conversation.state == OFFERED or not conversation.entered_at:
        return False
    if (at - conversation.entered_at).total_seconds() < rules.overflow.after:
        return False
    if str(rules.overflow.queue) in conversation.been_in or conversation.hops >= MOST_HOPS:
        return False
    target = Queue.objects.filter(uuid=rules.overflow.queue).first()
    if target is None or conversation.queued_at is None:
        return False
    was = conversation.queue
    path: dict[str, Any] = {"from": was.uuid if was else None, "to": target.uuid}
    conversation.hops += 1
    conversation.save(update_fields=["hops", "queue_steps"])
    append(
        conversation,
        "overflowed",
        at=at,
        **path,
        hops=conversation.hops,
        why="waited",
    )
    join(conversation, target, at=at, book=book)
    return True


MUST_WRITE_UP = frozenset({"discretionary", "time_boxed", "time_boxed_no_early_exit"})


def wrap_up_end(rules: Rules, *, at: datetime) -> datetime | None:
    """When the time for writing up runs out; only the discretionary mode has no end."""
    if rules.wrap_up.mode == "discretionary":
        return None
    return at + timedelta(seconds=rules.wrap_up.seconds)


def answer_due(conversation: Conversation, *, at: datetime) -> datetime | None:
    """When the agent must have answered; None when nothing is asked, or nobody counts."""
    if conversation.waiting_since is None or not conversation.answer_seconds:
        return None
    return at + conversation.answer_time
