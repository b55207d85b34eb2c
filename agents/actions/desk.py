"""What the common tongue asks of people: lines to wait in, who comes back to whom, what is left to write up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from agents.actions import sla
from agents.actions.nobody import nobody_in, say_nobody
from agents.actions.queueing import (
    MUST_WRITE_UP,
    answer_due,
    end_assignment,
    join,
    rules_of,
    wrap_up_end,
)
from agents.actions.staff import expected_wait
from agents.actions.withdraw import withdraw
from agents.models import Queue
from agents.queries import is_here, queue_for_inbox
from agents.reads.policies import PolicyBook
from agents.rules.joining import queue_by
from agents.rules.registry import Rules, words_for
from conversations.actions.log import append, move
from conversations.actions.post import say
from conversations.lifecycle import ASSIGNED, ON_HOLD, SNOOZED, WRAP_UP
from conversations.models import Conversation
from conversations.people import Left
from conversations.phrases import phrase
from conversations.queries import transcript

_SAID = 20  # of the last messages count for which queue they join


class PeoplesDesk:
    """See `conversations.people.Desk`."""

    def enqueue(
        self, conversation: Conversation, *, at: datetime, queue_id: int | None = None
    ) -> bool:
        book = PolicyBook.load()
        named = Queue.objects.filter(pk=queue_id).first() if queue_id else None
        queue = named or _queue_for(conversation, book)
        rules = rules_of(conversation, queue, book)
        other = _other(rules)
        theirs = rules_of(conversation, other, book)
        _hold(queue if rules.limit else None, other if theirs.limit else None)
        if _is_full(queue, rules):
            assert rules.limit is not None
            append(conversation, "queue_full", at=at, queue=queue.uuid)
            if other is None or _is_full(other, theirs):
                words = words_for(rules.limit.text, conversation.language)
                say(conversation, words or phrase("queue_full", conversation.language), at=at)
                return False
            conversation.hops += 1
            conversation.save(update_fields=["hops"])
            path: dict[str, Any] = {"from": queue.uuid, "to": other.uuid}
            append(conversation, "overflowed", at=at, **path, hops=conversation.hops, why="full")
            queue = other
        join(conversation, queue, at=at, book=book)
        return True

    def expected_wait(self, conversation: Conversation, *, at: datetime) -> float | None:
        book = PolicyBook.load()
        return expected_wait(_queue_for(conversation, book), book, at=at)

    def say_if_nobody(self, conversation: Conversation, *, at: datetime, first: str) -> bool:
        queue = conversation.queue
        if queue is None:
            return False
        rules = rules_of(conversation, queue, PolicyBook.load())
        if not nobody_in(queue, rules, at=at):
            return False
        say_nobody(conversation, rules, at=at, first=first)
        return True

    def silence(self, conversation: Conversation) -> int | None:
        rule = rules_of(conversation, None, PolicyBook.load()).auto_resolve
        return rule.after if rule and rule.bot_too else None

    def resume(self, conversation: Conversation, *, at: datetime, by: str) -> None:
        kind = {SNOOZED: "woken", ON_HOLD: "off_hold", WRAP_UP: "reopened"}[conversation.state]
        append(conversation, kind, at=at, actor=by)
        if conversation.assignee_id and is_here(conversation.assignee_id, at=at):
            due = answer_due(conversation, at=at)
            move(conversation, ASSIGNED, at=at, due_at=due, **sla.go_on(conversation, at=at))
            return
        queue = conversation.queue or queue_for_inbox(conversation.inbox_id)
        # Long asleep is no reason to come before those who wait now.
        join(conversation, queue, at=at, last=kind == "woken")
        append(conversation, "queued", at=at, queue=queue.uuid)

    def leave(self, conversation: Conversation, *, at: datetime, for_good: bool = False) -> Left:
        withdraw(conversation, at=at)
        if conversation.state in {ASSIGNED, ON_HOLD} and conversation.assignee_id and not for_good:
            rules = PolicyBook.load().for_agent(conversation.assignee_id, queue=conversation.queue)
            if rules.wrap_up.mode in MUST_WRITE_UP:
                return Left(written_up=True, until=wrap_up_end(rules, at=at))
        end_assignment(conversation, at=at)
        return Left()


def _queue_for(conversation: Conversation, book: PolicyBook) -> Queue:
    """By what the customer said since it was opened, as the rules have it; else by the inbox."""
    if cases := rules_of(conversation, None, book).joins:
        lines = transcript(conversation.pk, last=_SAID)
        said = "\n".join(line.text for line in lines if line.author == "customer")
        language, labels = conversation.language, conversation.labels
        key = queue_by(cases, said=said, language=language, labels=labels)
        queue = Queue.objects.filter(uuid=key).first() if key else None
        if queue is not None:
            return queue
    return queue_for_inbox(conversation.inbox_id)


def _other(rules: Rules) -> Queue | None:
    """Where those go for whom there is no room."""
    if rules.limit is None or rules.limit.queue is None:
        return None
    return Queue.objects.filter(uuid=rules.limit.queue).first()


def _hold(*queues: Queue | None) -> None:
    """So that two who come at once are not both the last one; in the order of their ids, since two full
    queues may lead to each other."""
    wanted = [queue.pk for queue in queues if queue is not None]
    if wanted:
        list(Queue.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))


def _is_full(queue: Queue, rules: Rules) -> bool:
    """Of a held queue."""
    if rules.limit is None:
        return False
    waiting = Conversation.objects.waiting().filter(queue=queue)[: rules.limit.waiting].count()
    return waiting >= rules.limit.waiting
