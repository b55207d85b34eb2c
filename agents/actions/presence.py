"""Is this agent here, and do they want work? Every change is kept."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, When
from django.db.models.functions import Greatest

from agents import events
from agents.models import Agent, Presence, PresenceChange, Watch
from agents.queries import WATCH_BREAKS_AFTER, queues_served_by
from conversations import live
from conversations.errors import BadWords
from conversations.frames import moment
from conversations.live import Push, agent_room, queue_room
from conversations.words import clean_line


@transaction.atomic
def set_presence(
    *,
    agent_id: int,
    status: str,
    reason: str = "",
    at: datetime,
    by: int | None = None,
    alive: bool = True,
) -> Presence:
    """The agent says what they are; who comes online is at once asked for what waits.

    `by` is a supervisor who says it for them; `alive`: it comes from their own console.
    """
    if status not in Presence.Status.values:
        raise BadWords("A status is online, away or offline.")
    reason = clean_line(reason, limit=60)
    presence, made = Presence.objects.select_for_update().get_or_create(
        agent_id=agent_id, defaults={"status": status, "since": at, "seen_at": at}
    )
    changed = made or (presence.status, presence.reason) != (status, reason)
    if made or presence.status != status:
        presence.since = at
    presence.status = status
    presence.reason = reason
    if alive and by is None:
        presence.seen_at = at
    presence.save(update_fields=["status", "reason", "since", "seen_at"])
    if changed:
        _tell(presence, _keep(presence, at=at, by=by))
    events.publish(events.presence_changed, agent_id=agent_id, status=status)
    return presence


def _keep(presence: Presence, *, at: datetime, by: int | None) -> PresenceChange:
    PresenceChange.objects.filter(agent_id=presence.agent_id, until=None).update(until=at)
    return PresenceChange.objects.create(
        agent_id=presence.agent_id,
        status=presence.status,
        reason=presence.reason,
        set_by_id=by,
        since=at,
    )


def _tell(presence: Presence, change: PresenceChange) -> None:
    """All consoles of this agent, whoever serves beside them, and whoever supervises."""
    agent = presence.agent
    beside = queues_served_by(agent.pk).values_list("pk", flat=True)
    rooms = (agent_room(agent.pk), *map(queue_room, beside), live.EVERYTHING_ROOM)
    live.announce_on_commit(
        [
            Push(
                rooms,
                {
                    "type": "presence",
                    "agent": {"id": str(agent.uuid), "name": agent.shown_name},
                    "status": presence.status,
                    "reason": presence.reason,
                    "since": moment(presence.since),
                    "set_by": change.set_by.shown_name if change.set_by else None,
                },
            )
        ]
    )


def presence_of(agent: Agent, *, at: datetime) -> Presence:
    """The agent's presence; the first time they are simply offline."""
    presence, _ = Presence.objects.get_or_create(
        agent=agent, defaults={"status": Presence.Status.OFFLINE, "since": at, "seen_at": at}
    )
    return presence


def said_by(agent: Agent) -> str | None:
    """The name of the supervisor who says what this agent is; None when nobody else does."""
    now = PresenceChange.objects.filter(agent=agent, until=None).select_related("set_by").first()
    return now.set_by.shown_name if now and now.set_by else None


def mark_seen(*, agent_ids: Collection[int], at: datetime) -> None:
    """A sign of life of these agents' consoles."""
    Presence.objects.filter(agent_id__in=agent_ids).update(seen_at=at)


def keep_watch(*, agent_ids: Collection[int], at: datetime) -> None:
    """A round of a web process: who is here, and that somebody looked."""
    if agent_ids:
        mark_seen(agent_ids=agent_ids, at=at)
    interrupted = When(seen_at__lt=at - WATCH_BREAKS_AFTER, then=at)
    looked = Watch.objects.update(
        since=Case(interrupted, default=F("since")), seen_at=Greatest(F("seen_at"), at)
    )
    if not looked:
        Watch.objects.bulk_create([Watch(since=at, seen_at=at)], ignore_conflicts=True)
