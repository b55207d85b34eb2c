"""What one look at a queue in which ten thousand wait costs."""

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from agents.actions.promises import keep_promises
from agents.models import Agent, Assignment, Presence, Queue, QueuePace
from agents.rules.waits import Pace
from agents.socket.places import Places
from conversations.models import Conversation, Customer, Event
from conversations.queries import places
from inboxes.models import Inbox

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WAITING, AGENTS, ROUNDS = 10_000, 500, 30


def crowd() -> dict[str, Any]:
    """Milliseconds of a round of promises, and of one process's look for its sockets."""
    queue = _fill()
    moment, first = NOON, []
    line = Conversation.objects.queued().filter(queue=queue)
    while line.filter(promised__isnull=True).exists():
        moment += timedelta(seconds=1)
        _somebody_is_taken(queue, at=moment)
        first.append(_milliseconds(keep_promises, at=moment))
    rounds, looks, frames = [], [], []
    room = Places()
    here = set(line.values_list("pk", flat=True))
    for _ in range(ROUNDS):
        moment += timedelta(seconds=1)
        _somebody_is_taken(queue, at=moment)
        rounds.append(_milliseconds(keep_promises, at=moment))
        began = time.perf_counter()
        due = room.due(here, now=moment.timestamp())
        found = places(queue.pk, at=moment, among=due)
        pushes = room.news(queue.pk, found, staffed=True, now=moment.timestamp())
        looks.append((time.perf_counter() - began) * 1000)
        frames.append(len(pushes))
    return {
        "waiting": WAITING,
        "agents": AGENTS,
        "rounds until all know": len(first),
        "such a round": _spread(first),
        "a round": _spread(rounds),
        "all sockets in one process, a look": _spread(looks[1:]),
        "frames a second": round(statistics.fmean(frames[1:])),
        "most frames in one": max(frames[1:]),
    }


def _milliseconds(what: Any, *, at: datetime) -> float:
    began = time.perf_counter()
    what(at=at)
    return (time.perf_counter() - began) * 1000


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
    }


def _fill() -> Queue:
    inbox = Inbox.objects.create(key="crowd", name="Crowd")
    queue = Queue.objects.create(name="Crowd")
    pace = Pace(given=30, worked=30 * 500, quick=1.5, quick_seen=9, last=NOON.timestamp())
    QueuePace.objects.create(queue=queue, row=pace.row(), learned_until=NOON)
    agents = [Agent(username=f"crowd-{n}", capacity=1) for n in range(AGENTS)]
    Agent.objects.bulk_create(agents)
    queue.members.set(agents)
    Presence.objects.bulk_create(
        Presence(agent=agent, status="online", since=NOON, seen_at=NOON + timedelta(hours=1))
        for agent in agents
    )
    customer = Customer.objects.create(name="Everybody", created_at=NOON)
    since = [NOON - timedelta(seconds=n / 10) for n in range(WAITING, 0, -1)]
    Conversation.objects.bulk_create(
        Conversation(
            inbox=inbox, customer=customer, state="queued", queue=queue, opened_at=moment,
            last_message_at=moment, queued_at=moment, entered_at=moment, rank_at=moment,
        )
        for moment in since
    )  # fmt: skip
    held = Conversation.objects.bulk_create(
        Conversation(
            inbox=inbox, customer=customer, state="assigned", queue=queue, assignee=agent,
            opened_at=NOON, last_message_at=NOON,
        )
        for agent in agents
    )  # fmt: skip
    Assignment.objects.bulk_create(
        Assignment(conversation=talk, agent=agent, started_at=NOON)
        for talk, agent in zip(held, agents, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE conversations_conversation")
    return queue


def _somebody_is_taken(queue: Queue, *, at: datetime) -> None:
    """The first in line changes places with one who was served; the log says so."""
    first = Conversation.objects.queued().filter(queue=queue).in_turn().first()
    served = Assignment.objects.filter(ended_at=None).order_by("started_at").first()
    assert first is not None
    assert served is not None
    Conversation.objects.filter(pk=served.conversation_id).update(state="resolved", resolved_at=at)
    Assignment.objects.filter(pk=served.pk).update(ended_at=at)
    Assignment.objects.create(conversation=first, agent_id=served.agent_id, started_at=at)
    Conversation.objects.filter(pk=first.pk).update(
        state="assigned", assignee_id=served.agent_id, offset=first.offset + 1
    )
    waited = (at - (first.queued_at or at)).total_seconds()
    data = {"wait_seconds": waited, "promised": first.first_promise}
    Event.objects.create(
        conversation=first, offset=first.offset + 1, kind="assigned", actor_kind="agent",
        data=data, created_at=at,
    )  # fmt: skip
