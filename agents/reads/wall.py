"""How everything stands, for the wall: six numbers, the queues, and who does what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from agents.access import visible_to
from agents.models import Agent
from agents.queries import GONE_AFTER, colleagues, holding_of
from conversations.frames import conversation_card, moment
from conversations.lifecycle import HELD, WAITING
from conversations.models import Conversation

_PEOPLE, _TALKS = 500, 500
_UNHAPPY = -0.35  # of -1 … 1: from there on the console says that somebody sounds unhappy
_TODAY_LASTS = timedelta(seconds=30)

Frame = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Today:
    """What only the reports can say. A share or an average of nothing is not known: None."""

    bot_share: float | None
    conversations: int
    satisfaction: float | None
    answers: int


_ask_today: Callable[[datetime], Today] | None = None
_known: tuple[datetime, Today] | None = None


def take_today(ask: Callable[[datetime], Today]) -> None:
    """The room of the reports, which is above this one, says how today's numbers are found."""
    global _ask_today, _known
    _ask_today, _known = ask, None


def today(*, at: datetime) -> Today:
    """Asked anew only now and then: the log of a whole day is read for it."""
    global _known  # noqa: PLW0603 -- one for each process
    if _known is None or not timedelta() <= at - _known[0] < _TODAY_LASTS:
        _known = (at, _ask_today(at) if _ask_today else Today(None, 0, None, 0))
    return _known[1]


def wall_frame(queues: Sequence[Frame], *, at: datetime) -> Frame:
    """`queues` are their frames, counted just now. One statement, and the day's now and then."""
    people = list(colleagues()[:_PEOPLE])
    day = today(at=at)
    waits = [queue["longest_wait"] for queue in queues if queue["longest_wait"] is not None]
    return {
        "type": "wall",
        "at": moment(at),
        "numbers": {
            "waiting": sum(queue["waiting"] for queue in queues),
            "longest_wait": max(waits, default=None),
            "service_level": _level(queues),
            "online": sum(_is_online(one, at) for one in people),
            "free": sum(_is_online(one, at) and holding_of(one) < one.capacity for one in people),
            "bot_share": day.bot_share,
            "conversations": day.conversations,
            "satisfaction": day.satisfaction,
            "answers": day.answers,
        },
        "queues": list(queues),
        "agents": [_person(one) for one in people],
    }


def talks_for(agent: Agent) -> list[Frame]:
    """The conversations in somebody's hands, those that wait, and those with the bot whose customers sound
    unhappy, as far as this agent may see."""
    with_bot = Q(state=Conversation.State.BOT, sentiment__lte=_UNHAPPY)
    wanted = visible_to(agent).filter(Q(state__in=HELD | WAITING) | with_bot)
    rows = wanted.order_by("queued_at", "pk")
    related = rows.select_related("inbox", "customer", "assignee", "queue")
    return [conversation_card(row) for row in related[:_TALKS]]


def _level(queues: Sequence[Frame]) -> float | None:
    """The share of all who were served, each queue by its own target."""
    served = sum(queue["served"] for queue in queues)
    if not served:
        return None
    within = sum((queue["service_level"] or 0.0) * queue["served"] for queue in queues)
    return round(float(within) / int(served), 3)


def _is_online(agent: Agent, at: datetime) -> bool:
    if not hasattr(agent, "presence"):
        return False
    return agent.presence.status == "online" and agent.presence.seen_at > at - GONE_AFTER


def _person(agent: Agent) -> Frame:
    now = agent.presence if hasattr(agent, "presence") else None
    return {
        "id": str(agent.uuid),
        "name": agent.shown_name,
        "status": now.status if now else "offline",
        "reason": now.reason if now else "",
        "since": moment(now.since) if now else None,
        "load": holding_of(agent),
        "capacity": agent.capacity,
    }
