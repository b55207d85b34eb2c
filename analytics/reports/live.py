"""How it stands this moment: who waits, who is free, how today goes."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, Q

from agents.models import Agent, Presence
from agents.queries import online, with_load
from analytics.period import preset
from analytics.reports.bot import BotShare, bot_share
from analytics.reports.satisfaction import Scores, satisfaction
from analytics.reports.scope import Scope
from conversations.models import Conversation


@dataclass(frozen=True, slots=True)
class Now:
    """`longest_wait` in seconds; None when nobody waits."""

    waiting: int
    longest_wait: float | None
    online: int
    free: int
    bot: BotShare
    satisfaction: Scores


def now(*, at: datetime, inbox_id: int | None = None) -> Now:
    queued = Conversation.objects.waiting()
    if inbox_id is not None:
        queued = queued.filter(inbox=inbox_id)
    oldest = queued.aggregate(oldest=Min("queued_at"))["oldest"]
    present = Agent.objects.filter(is_active=True, presence__in=Presence.objects.filter(online(at)))
    today = Scope(preset("today", at=at), at, inbox_id)
    return Now(
        waiting=queued.count(),
        longest_wait=(at - oldest).total_seconds() if oldest else None,
        online=present.count(),
        free=with_load(present).filter(Q(("holding__lt", F("capacity")))).count(),
        bot=bot_share(today),
        satisfaction=satisfaction(today).total,
    )
