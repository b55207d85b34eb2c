"""What waits is brought to who is free: some at once, counted and claimed under the same locks.

Conversations are locked before agents, everywhere; agents in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from agents import external
from agents.actions.assign import assign
from agents.actions.nobody import is_closed, nobody_in, say_nobody
from agents.actions.offering import Choice, offer
from agents.actions.queueing import rules_of
from agents.models import Queue
from agents.queries import queues_served_by
from agents.reads.loads import load_rules, loads_of
from agents.reads.policies import PolicyBook, hours_of
from agents.reads.pool import outline, pool_of, works_of
from agents.rules.candidates import Candidate, Work, why_full
from agents.rules.registry import Rules
from agents.rules.routing import Decision, Round, decide
from conversations.actions.log import hold
from conversations.actions.waiting import ahead, claim
from conversations.models import Conversation
from conversations.prepared import numbers, rows
from conversations.waiters import Line, Waiter

TOGETHER = 50  # conversations claimed in one transaction
LOOKED_AT = 2_000  # conversations looked at in one call when those in front fit nobody


@dataclass(frozen=True)
class Pass:
    """What one transaction did. `unplaced` waits on and need not be looked at again now."""

    round: Round
    offered: int = 0
    claimed: int = 0
    unplaced: Sequence[int] = ()
    full: bool = False


def route_waiting(
    *,
    at: datetime,
    queue_id: int | None = None,
    agent_id: int | None = None,
    most: int = 1_000,
) -> int:
    """Offers what waits to who is free; answers how many offers were made.

    One queue, or those that one agent serves who has room again, or all of them.
    """
    if queue_id is not None:
        queues = Queue.objects.filter(pk=queue_id)
    elif agent_id is not None:
        queues = queues_served_by(agent_id)
    else:
        queues = Queue.objects.all()
    if queue_id is None:
        queues = queues.filter(Exists(Conversation.objects.queued().filter(queue=OuterRef("pk"))))
    book = PolicyBook.load()
    made = 0
    for queue in queues:
        if made < most:
            only = None if agent_id is None else [agent_id]
            made += _route_queue(queue, book, at=at, only=only, most=most - made)
    return made


def _route_queue(
    queue: Queue, book: PolicyBook, *, at: datetime, only: Collection[int] | None, most: int
) -> int:
    rules = book.for_queue(queue)
    if rules.mode == "manual" or is_closed(rules, at=at):
        if only is None and nobody_in(queue, rules, at=at):
            _say_nobody_is_here(queue, book, at=at)
        return 0
    if rules.webhook and only is None:
        external.ask_about(queue, rules.webhook, at=at)
    made, unplaced = 0, list[int]()
    these: list[int] | None = None
    while made < most and len(unplaced) < LOOKED_AT and these != []:
        done = _pass(
            queue, rules, book, at=at, only=only, skip=unplaced, these=these, most=most - made
        )
        made += done.offered
        unplaced += done.unplaced
        if done.full or not done.claimed:
            break
        these = _beyond(queue, rules, done.round, unplaced, at=at) if unplaced else None
    return made


def _beyond(
    queue: Queue, rules: Rules, deciding: Round, unplaced: Collection[int], *, at: datetime
) -> list[int]:
    """Those in front fit nobody: who waits behind them and might, without touching the others."""
    tried = set(unplaced)
    return [
        one.pk
        for one in ahead(_line(queue), most=LOOKED_AT)
        if one.pk not in tried and not deciding.hopeless(outline(one, rules, at=at))
    ]


def _line(queue: Queue) -> Line:
    return Line(queue.pk, str(queue.uuid), queue.name)


@transaction.atomic
def _pass(
    queue: Queue,
    rules: Rules,
    book: PolicyBook,
    *,
    at: datetime,
    only: Collection[int] | None,
    skip: Collection[int],
    these: Sequence[int] | None,
    most: int,
) -> Pass:
    pool = pool_of(queue, book, at=at, only=only)
    deciding = Round(pool, rules)
    if not pool and only is None:
        _say_nobody_is_here(queue, book, at=at)
    room = _slots(pool, rules)
    if not room:
        return Pass(deciding, full=True)
    claimed = claim(_line(queue), most=min(room, most, TOGETHER), skip=skip, these=these)
    if not claimed:
        return Pass(deciding)
    decisions, unplaced = _decide_all(claimed, deciding, rules, at=at)
    kept = _still_true(decisions, rules, at=at)
    if rules.mode == "direct":
        for waiter, agent, why in kept:
            assign(hold(waiter.pk), agent_id=agent.agent_id, at=at, how="routed", why=why)
    else:
        offer(kept, queue, at=at)
    placed = {choice.waiter.pk for choice in kept}
    lost = [choice.waiter.pk for choice, _ in decisions if choice.waiter.pk not in placed]
    # Who lost their agent to another worker is tried again with a fresh count, unless we made none.
    return Pass(deciding, len(kept), len(claimed), unplaced if kept else [*unplaced, *lost])


def _slots(pool: Sequence[Candidate], rules: Rules) -> int:
    """How many more of the lightest kind these agents could take."""
    lightest = min([*rules.weights.values(), 1.0]) or 0.01
    return sum(
        max(1, int((candidate.capacity - candidate.load) / lightest + 1e-9))
        for candidate in pool
        if not why_full(candidate, weight=lightest)
    )


Chosen = tuple[Choice, Work]


def _decide_all(
    claimed: Sequence[Waiter], deciding: Round, rules: Rules, *, at: datetime
) -> tuple[list[Chosen], list[int]]:
    """One after the other in turn, each seeing what those before it took."""
    works = works_of(claimed, rules, at=at)
    decisions: list[Chosen] = []
    unplaced = []
    for waiter in claimed:
        work = works[waiter.pk]
        decision = deciding.decide(work)
        if decision.chosen is None:
            unplaced.append(waiter.pk)
            continue
        deciding.take(work, decision.chosen.agent_id)
        decisions.append((Choice(waiter, decision.chosen, decision.why), work))
    return decisions, unplaced


_LOCK = """
SELECT a.id FROM agents_agent a JOIN agents_presence p ON p.agent_id = a.id
WHERE a.id = ANY(%(agents)s::bigint[]) AND a.is_active AND p.status = 'online'
ORDER BY a.id FOR NO KEY UPDATE OF a
"""


def _still_true(decisions: Sequence[Chosen], rules: Rules, *, at: datetime) -> list[Choice]:
    """Locks the chosen agents and counts again: two workers never overfill one."""
    wanted = {choice.agent.agent_id for choice, _ in decisions}
    locked = [pk for (pk,) in rows(_LOCK, {"agents": numbers(wanted)})]
    loads = loads_of(locked, at=at, **load_rules(rules))
    kept = []
    for choice, work in decisions:
        load = loads.get(choice.agent.agent_id)
        if load is None:
            continue
        now = choice.agent._replace(load=load.active, open=load.open, held=load.held)
        if not why_full(now, weight=work.weight, channel=work.channel, inbox=work.inbox):
            load.add(work.channel, work.inbox, weight=work.weight)
            kept.append(choice)
    return kept


@transaction.atomic
def _say_nobody_is_here(queue: Queue, book: PolicyBook, *, at: datetime) -> None:
    """Once for each wait: the customer is told, and offered a call or a mail."""
    untold = Conversation.objects.queued().filter(queue=queue, told_nobody=False).in_turn()
    locked = untold.select_for_update(skip_locked=True, of=("self",), no_key=True)
    for conversation in locked.select_related("inbox", "customer")[:TOGETHER]:
        conversation.queue = queue
        say_nobody(conversation, rules_of(conversation, queue, book), at=at)


def held_back(conversation: Conversation, *, at: datetime) -> str:
    """Why nobody is asked whoever is free: `manual` (somebody has to take it), `closed`; or empty."""
    if conversation.queue is None or not conversation.is_waiting:
        return ""
    rules = rules_of(conversation, conversation.queue, PolicyBook.load())
    if rules.mode == "manual":
        return "manual"
    hours = hours_of(rules.hours) if rules.hours else None
    return "closed" if hours is not None and not hours.is_open(at) else ""


def explain_waiting(conversation: Conversation, *, at: datetime) -> Decision | None:
    """What routing would decide about it now, without doing it: why it still waits."""
    if conversation.queue is None or not conversation.is_waiting:
        return None
    book = PolicyBook.load()
    rules = rules_of(conversation, conversation.queue, book)
    pool = pool_of(conversation.queue, book, at=at)
    return decide(works_of([conversation], rules, at=at)[conversation.pk], pool, rules)
