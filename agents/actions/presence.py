"""Is this agent here, and do they want work?"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from agents import events
from agents.models import Agent, Presence
from conversations.errors import BadWords
from conversations.words import clean_line


def set_presence(*, agent_id: int, status: str, reason: str = "", at: datetime) -> Presence:
    """The agent says what they are; who comes online is at once asked for what waits."""
    if status not in Presence.Status.values:
        raise BadWords("A status is online, away or offline.")
    with transaction.atomic():
        presence, made = Presence.objects.select_for_update().get_or_create(
            agent_id=agent_id, defaults={"status": status, "since": at, "seen_at": at}
        )
        if made or presence.status != status:
            presence.since = at
        presence.status = status
        presence.reason = clean_line(reason, limit=60)
        presence.seen_at = at
        presence.save(update_fields=["status", "reason", "since", "seen_at"])
        events.publish(events.presence_changed, agent_id=agent_id, status=status)
    return presence


def presence_of(agent: Agent, *, at: datetime) -> Presence:
    """The agent's presence; the first time they are simply offline."""
    presence, _ = Presence.objects.get_or_create(
        agent=agent, defaults={"status": Presence.Status.OFFLINE, "since": at, "seen_at": at}
    )
    return presence


def mark_seen(*, agent_ids: Collection[int], at: datetime) -> None:
    """A sign of life of these agents' consoles."""
    Presence.objects.filter(agent_id__in=agent_ids).update(seen_at=at)
