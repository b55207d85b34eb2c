"""Tells agents that something needs them: kept, counted, and pushed to their consoles."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from agents import events
from agents.models import Notification, NotificationRule, PushDevice
from agents.models.attention import Kind
from agents.reads.attention import notification_frame
from agents.rules.attention import DEFAULTS, GROWING, KEPT, KEPT_DAYS, How, grown
from conversations import live
from conversations.live import Push, agent_room
from conversations.models import Conversation


@transaction.atomic
def notify(
    *,
    agent_ids: Collection[int],
    kind: str,
    conversation: Conversation,
    data: dict[str, Any],
    at: datetime,
) -> int:
    """Answers how many were told; a muted conversation tells nobody.

    What an agent has not read yet of a kind that repeats itself grows instead of piling up.
    """
    wanted = set(agent_ids)
    if not wanted or conversation.muted_at is not None:
        return 0
    told = _grow(wanted, kind, conversation, data, at=at)
    fresh = [
        Notification(
            agent_id=agent_id, kind=kind, conversation=conversation, data=data, created_at=at
        )
        for agent_id in sorted(wanted - {one.agent_id for one in told})
    ]
    Notification.objects.bulk_create(fresh, ignore_conflicts=kind in GROWING)
    told += fresh
    counts = _counts(wanted)
    _announce(told, kind, conversation, {a: unread for a, (unread, _) in counts.items()})
    for agent_id, (_, kept) in counts.items():
        if kept > KEPT:
            _trim(agent_id)
    return len(told)


def _grow(
    agent_ids: Collection[int],
    kind: str,
    conversation: Conversation,
    data: dict[str, Any],
    *,
    at: datetime,
) -> list[Notification]:
    if kind not in GROWING:
        return []
    unread = list(
        Notification.objects.select_for_update().filter(
            agent__in=agent_ids, kind=kind, conversation=conversation, read_at=None
        )
    )
    for one in unread:
        one.data, one.created_at = grown(one.data, data), at
    Notification.objects.bulk_update(unread, ["data", "created_at"])
    return unread


def _counts(agent_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """{agent: (unread, all)}"""
    rows = (
        Notification.objects.filter(agent__in=agent_ids)
        .order_by()
        .values("agent_id")
        .annotate(unread=Count("pk", filter=Q(read_at=None)), kept=Count("pk"))
    )
    return {row["agent_id"]: (row["unread"], row["kept"]) for row in rows}


def _announce(
    told: Collection[Notification], kind: str, conversation: Conversation, unread: dict[int, int]
) -> None:
    rules = {
        rule.agent_id: How(rule.desktop, rule.sound, rule.email)
        for rule in NotificationRule.objects.filter(
            agent__in=[one.agent_id for one in told], kind=kind
        )
    }
    elsewhere = [one for one in told if rules.get(one.agent_id, DEFAULTS[kind]).desktop]
    if elsewhere:
        transaction.on_commit(partial(_tell_browsers, [one.pk for one in elsewhere]))
    live.announce_on_commit(
        [
            Push(
                (agent_room(one.agent_id),),
                {
                    "type": "notification",
                    **notification_frame(one, conversation),
                    "desktop": rules.get(one.agent_id, DEFAULTS[kind]).desktop,
                    "sound": rules.get(one.agent_id, DEFAULTS[kind]).sound,
                    "unread": unread.get(one.agent_id, 1),
                },
            )
            for one in told
        ]
    )


def _tell_browsers(keys: list[int]) -> None:
    """A task of its own: push services are strangers, and may be slow."""
    if PushDevice.objects.filter(agent__notifications__in=keys).exists():
        events.publish(events.notified, notifications=keys)


def _trim(agent_id: int) -> None:
    kept = Notification.objects.filter(agent=agent_id).order_by("-created_at", "-pk")
    Notification.objects.filter(agent=agent_id).exclude(
        pk__in=list(kept.values_list("pk", flat=True)[:KEPT])
    ).delete()


def forget_old(*, at: datetime) -> int:
    """Notifications that are too old to matter."""
    gone, _ = Notification.objects.filter(created_at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    return gone


def mark_read(*, agent_id: int, keys: Collection[UUID] | None, at: datetime) -> int:
    """The agent has seen these, or all of them (None); answers how many are unread now."""
    mine = Notification.objects.filter(agent=agent_id, read_at=None)
    (mine if keys is None else mine.filter(uuid__in=keys)).update(read_at=at)
    unread = mine.count()
    live.announce([Push((agent_room(agent_id),), {"type": "notifications_read", "unread": unread})])
    return unread


@transaction.atomic
def set_rules(*, agent_id: int, rules: dict[str, How]) -> None:
    """How the agent wants to be told; kinds that are not named stay."""
    for kind, how in rules.items():
        NotificationRule.objects.update_or_create(
            agent_id=agent_id, kind=Kind(kind), defaults=how._asdict()
        )
