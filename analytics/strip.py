"""The five numbers of this moment."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from analytics.period import preset
from analytics.reports.live import Now
from analytics.reports.scope import Scope
from analytics.sections.parts import Links
from analytics.words import counted, duration, number, percent, score


@dataclass(frozen=True, slots=True)
class Tile:
    """One number, its unit in words, and the way to what is behind it."""

    label: str
    value: str
    note: str
    href: str


def tiles(found: Now, *, at: datetime, inbox: str) -> list[Tile]:
    """Waiting, the longest wait, free agents, and today's bot share and satisfaction."""
    waiting = _conversations({"state__exact": "queued"}, inbox)
    today = Links(Scope(preset("today", at=at), at), inbox)
    return [
        Tile(
            "Waiting now",
            number(found.waiting),
            "for a person" if found.waiting else "nobody is waiting",
            waiting if found.waiting else "",
        ),
        Tile(
            "Longest wait",
            duration(found.longest_wait),
            "since joining the queue" if found.waiting else "nobody is waiting",
            waiting if found.waiting else "",
        ),
        Tile(
            "Free agents",
            number(found.free),
            f"of {number(found.online)} online" if found.online else "nobody is online",
            reverse("admin:agents_agent_changelist") + "?presence=online" if found.online else "",
        ),
        Tile(
            "Settled by the bot today",
            percent(found.bot.share),
            f"of {counted(found.bot.conversations, 'conversation', 'conversations')}"
            if found.bot.conversations
            else "no customer has written today",
            today.to("bot.solved") if found.bot.solved else "",
        ),
        Tile(
            "Satisfaction today",
            score(found.satisfaction.average),
            f"of 5, {counted(found.satisfaction.answers, 'answer', 'answers')}"
            if found.satisfaction.answers
            else "no survey was answered today",
            today.to("satisfaction.rated") if found.satisfaction.answers else "",
        ),
    ]


def _conversations(given: dict[str, str], inbox: str) -> str:
    same = {"inbox__key": inbox} if inbox else {}
    return f"{reverse('admin:conversations_conversation_changelist')}?{urlencode(given | same)}"
