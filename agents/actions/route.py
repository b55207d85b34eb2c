"""What waits is brought to who is free: some at once, counted and claimed under the same locks.

Conversations are locked before agents, everywhere; agents in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import orjson
from django.db import connection, transaction

from agents import events as people
from agents import external
from agents.actions.assign import assign
from agents.actions.queueing import rules_of
from agents.loads import loads_of
from agents.models import Agent, Offer, Presence, Queue
from agents.policies import PolicyBook, hours_of
from agents.pool import pool_of, works_of
from agents.queries import offer_frames, queues_served_by
from agents.routing import Candidate, Decision, Work, decide, has_room
from agents.rules import Rules
from conversations import live
from conversations.actions.log import append, hold, move_many
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.lifecycle import OFFERED
from conversations.live import Push, agent_room
from conversations.models import Conversation
from conversations.phrases import phrase
from inboxes.models import Inbox

TOGETHER = 50  # conversations claimed in one transaction
LOOKED_AT = 2_000  # conversations looked at in one call when those in front fit nobody


@dataclass
class Pass:
    """What one transaction did. `unplaced` waits on and need not be looked at again now."""

    offered: int = 0
    claimed: int = 0
    unplaced: list[int] = field(default_factory=list)
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
        waiting = Conversation.objects.queued().order_by().values("queue").distinct()
        queues = queues.filter(pk__in=waiting)
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
    if rules.mode == "manual":
        return 0
    hours = hours_of(rules.hours) if rules.hours else None
    if hours is not None and not hours.is_open(at):
        return 0
    if rules.webhook and only is None:
        external.ask_about(queue, rules.webhook, at=at)
    made, unplaced = 0, list[int]()
    while made < most and len(unplaced) < LOOKED_AT:
        done = _pass(queue, rules, book, at=at, only=only, skip=unplaced, most=most - made)
        made += done.offered
        unplaced += done.unplaced
        if done.full or not done.claimed:
            break
    return made


@transaction.atomic
def _pass(
    queue: Queue,
    rules: Rules,
    book: PolicyBook,
    *,
    at: datetime,
    only: Collection[int] | None,
    skip: Collection[int],
    most: int,
) -> Pass:
    pool = pool_of(queue, book, at=at, only=only)
    if not pool:
        if only is None:
            _say_nobody_is_here(queue, at=at)
        return Pass(full=True)
    room = sum(_slots(candidate, rules) for candidate in pool)
    if not room:
        return Pass(full=True)
    claimed = _claim(queue, skip, min(room, most, TOGETHER))
    if not claimed:
        return Pass()
    decisions, unplaced = _decide_all(claimed, pool, rules, at=at)
    kept = _still_true(decisions, rules, at=at)
    lost = [c.pk for c, _, _ in decisions if c.pk not in {k.pk for k, _, _ in kept}]
    if rules.mode == "direct":
        for conversation, decision, _ in kept:
            assert decision.chosen is not None
            assign(
                hold(conversation.pk),
                agent_id=decision.chosen.agent_id,
                at=at,
                how="routed",
                why=decision.why,
            )
    else:
        _offer(kept, queue, at=at)
    # Who lost their agent to another worker is tried again with a fresh count, unless we made none.
    return Pass(len(kept), len(claimed), unplaced if kept else [*unplaced, *lost])


def _slots(candidate: Candidate, rules: Rules) -> int:
    """How many more of the lightest kind this agent could take."""
    lightest = min([*rules.weights.values(), 1.0]) or 0.01
    if has_room(candidate, weight=lightest, channel=""):
        return 0
    return max(1, int((candidate.capacity - candidate.load) / lightest + 1e-9))


def _claim(queue: Queue, skip: Collection[int], most: int) -> list[Conversation]:
    """The first ones in turn that nobody else is looking at, locked."""
    waiting = Conversation.objects.queued().filter(queue=queue).exclude(pk__in=skip).in_turn()
    locked = waiting.select_for_update(skip_locked=True, of=("self",), no_key=True)
    found = list(locked.select_related("customer")[:most])
    inboxes = Inbox.objects.in_bulk({c.inbox_id for c in found})
    for conversation in found:
        conversation.queue, conversation.inbox = queue, inboxes[conversation.inbox_id]
    return found


Chosen = tuple[Conversation, Decision, Work]


def _decide_all(
    claimed: Sequence[Conversation], pool: Sequence[Candidate], rules: Rules, *, at: datetime
) -> tuple[list[Chosen], list[int]]:
    """One after the other in turn, each seeing what those before it took."""
    works = works_of(claimed, rules, at=at)
    candidates = {c.agent_id: c for c in pool}
    decisions: list[Chosen] = []
    unplaced = []
    for conversation in claimed:
        work = works[conversation.pk]
        decision = decide(work, list(candidates.values()), rules)
        if decision.chosen is None:
            unplaced.append(conversation.pk)
            continue
        chosen = decision.chosen
        candidates[chosen.agent_id] = _with_one_more(chosen, work)
        decisions.append((conversation, decision, work))
    return decisions, unplaced


def _with_one_more(candidate: Candidate, work: Work) -> Candidate:
    held = candidate.by_channel.get(work.channel, 0)
    return replace(
        candidate,
        load=candidate.load + work.weight,
        open=candidate.open + 1,
        by_channel={**candidate.by_channel, work.channel: held + 1},
        recent=candidate.recent + 1,
        since_offer=0.0,
    )


def _still_true(decisions: Sequence[Chosen], rules: Rules, *, at: datetime) -> list[Chosen]:
    """Locks the chosen agents and counts again: two workers never overfill one."""
    ids = {d.chosen.agent_id for _, d, _ in decisions if d.chosen}
    locked = list(
        Agent.objects.filter(pk__in=ids, is_active=True, presence__status=Presence.Status.ONLINE)
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
        .values_list("pk", flat=True)
    )
    online = set(locked)
    loads = loads_of(locked, at=at, weights=rules.weights, stale_after=rules.stale_after)
    kept = []
    for conversation, decision, work in decisions:
        chosen = decision.chosen
        if chosen is None or chosen.agent_id not in online:
            continue
        load = loads[chosen.agent_id]
        now = replace(chosen, load=load.active, open=load.open, by_channel=load.by_channel)
        if not has_room(now, weight=work.weight, channel=work.channel):
            load.add(work.channel, weight=work.weight)
            kept.append((conversation, decision, work))
    return kept


def _offer(kept: Sequence[Chosen], queue: Queue, *, at: datetime) -> None:
    if not kept:
        return
    offers = [
        Offer(
            conversation=conversation,
            agent_id=decision.chosen.agent_id,
            created_at=at,
            expires_at=at + timedelta(seconds=queue.offer_seconds),
            why=decision.why,
        )
        for conversation, decision, _ in kept
        if decision.chosen
    ]
    _keep(offers)
    agents = {offer.agent_id for offer in offers}
    Presence.objects.filter(agent__in=agents).update(last_offered_at=at)
    facts = [
        {"agent": decision.chosen.key, "name": decision.chosen.name}
        for _, decision, _ in kept
        if decision.chosen
    ]
    move_many([offer.conversation for offer in offers], OFFERED, "offered", facts, at=at)
    live.announce_on_commit(
        [Push((agent_room(offer.agent_id),), frame) for offer, frame in offer_frames(offers)]
    )
    for offer in offers:
        people.publish(
            people.offer_made, agent_id=offer.agent_id, conversation_id=offer.conversation_id
        )


_INSERT = """
INSERT INTO agents_offer (uuid, conversation_id, agent_id, created_at, expires_at, outcome, why)
SELECT uuid, conversation_id, agent_id, created_at, expires_at, '', why
FROM jsonb_to_recordset(%s::jsonb) AS o (
    uuid uuid, conversation_id bigint, agent_id bigint, created_at timestamptz,
    expires_at timestamptz, why jsonb
)
"""


def _keep(offers: Sequence[Offer]) -> None:
    """All rows as one value: reasons are long, and quoting each cost more than the rest together."""
    fields = ("uuid", "conversation_id", "agent_id", "created_at", "expires_at", "why")
    rows = [{name: getattr(offer, name) for name in fields} for offer in offers]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [orjson.dumps(rows).decode()])


def _say_nobody_is_here(queue: Queue, *, at: datetime) -> None:
    """Once for each wait: the customer is told, and offered a call or a mail."""
    untold = Conversation.objects.queued().filter(queue=queue, told_nobody=False).in_turn()
    locked = untold.select_for_update(skip_locked=True, of=("self",), no_key=True)
    for conversation in locked.select_related("inbox", "customer")[:TOGETHER]:
        conversation.told_nobody = True
        conversation.save(update_fields=["told_nobody"])
        append(conversation, "nobody_here", at=at)
        post(
            Draft(
                conversation_id=conversation.pk,
                author_kind="system",
                text=phrase("nobody_here", conversation.language),
                at=at,
            )
        )


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
