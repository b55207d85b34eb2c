"""Who is here for a queue, and how long somebody would wait for them."""

from __future__ import annotations

from datetime import datetime

from agents.models import Presence, Queue, QueuePace
from agents.queries import online, serving
from agents.reads.loads import load_rules, loads_of
from agents.reads.policies import PolicyBook, hours_of
from agents.rules.waits import Line, Pace
from conversations.models import Conversation


def staff_of(queue: Queue, book: PolicyBook, *, at: datetime) -> tuple[float, float]:
    """How many conversations the agents who are here can hold, and how many more they could take
    now. Nothing while the queue is closed."""
    rules = book.for_queue(queue)
    hours = hours_of(rules.hours) if rules.hours else None
    if hours is not None and not hours.is_open(at):
        return 0.0, 0.0
    present = serving(queue).filter(presence__in=Presence.objects.filter(online(at)))
    room = dict(present.values_list("pk", "capacity"))
    loads = loads_of(list(room), at=at, **load_rules(rules))
    free = sum(max(0.0, room[pk] - loads[pk].active) for pk in room)
    return float(sum(room.values())), free


def expected_wait(queue: Queue, book: PolicyBook, *, at: datetime) -> float | None:
    """Seconds that somebody who joined now would wait, in the middle; None: nobody can say."""
    row = QueuePace.objects.filter(queue=queue).first()
    slots, free = staff_of(queue, book, at=at)
    ahead = Conversation.objects.queued().filter(queue=queue).count()
    if free > ahead:
        return 0.0
    known = Pace.of(row.row).plain(Line(ahead, slots, free)) if row else None
    return known[0] if known else None
