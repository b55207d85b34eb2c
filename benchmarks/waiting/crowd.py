"""What one look at a queue in which ten thousand wait costs."""

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from agents.actions.promises import keep_promises
from agents.models import Agent, Presence, Queue, QueuePace
from agents.places import Places
from agents.waits import Pace
from conversations.models import Conversation, Customer
from conversations.queries import places
from inboxes.models import Inbox

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WAITING, AGENTS, ROUNDS = 10_000, 500, 30


def crowd() -> dict[str, Any]:
    """Milliseconds of a round of promises, and of one process's look for its sockets."""
    queue = _fill()
    moment, first = NOON, []
    while Conversation.objects.filter(queue=queue, promised__isnull=True).exists():
        moment += timedelta(seconds=1)
        first.append(_milliseconds(keep_promises, at=moment))
    rounds, looks, frames = [], [], []
    room = Places()
    here = set(Conversation.objects.filter(queue=queue).values_list("pk", flat=True))
    for _ in range(ROUNDS):
        moment += timedelta(seconds=1)
        _somebody_is_taken(queue)
        rounds.append(_milliseconds(keep_promises, at=moment))
        began = time.perf_counter()
        found = places(queue.pk, at=moment, among=here)
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
    pace = Pace(given=30, worked=30 * 300, quick=1.5, quick_seen=9, last=NOON.timestamp() - 5)
    QueuePace.objects.create(queue=queue, row=pace.row(), learned_until=NOON)
    agents = [Agent(username=f"crowd-{n}", capacity=3) for n in range(AGENTS)]
    queue.members.set(Agent.objects.bulk_create(agents))
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
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE conversations_conversation")
    return queue


def _somebody_is_taken(queue: Queue) -> None:
    first = Conversation.objects.queued().filter(queue=queue).in_turn().first()
    assert first is not None
    Conversation.objects.filter(pk=first.pk).update(state="bot", queue=None)
