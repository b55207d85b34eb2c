"""Tells agents that something needs them: kept, counted, and pushed to their consoles."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q
from psycopg.types.json import Jsonb

from agents import events
from agents.models import Notification, NotificationRule, PushDevice
from agents.models.attention import Kind
from agents.reads.attention import notification_frame
from agents.rules.attention import DEFAULTS, GROWING, KEPT, KEPT_DAYS, How, grown
from conversations import live
from conversations.live import Push, agent_room
from conversations.models import Conversation


class Telling(NamedTuple):
    """These agents should know this of this conversation, whose customer is selected."""

    agent_ids: Collection[int]
    kind: str
    conversation: Conversation
    data: dict[str, Any]


_Key = tuple[int, str, int | None]  # agent, kind, conversation: at most one unread that grows


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
    return notify_all([Telling(agent_ids, kind, conversation, data)], at=at)


@transaction.atomic
def notify_all(tellings: Iterable[Telling], *, at: datetime) -> int:
    """As `notify`, for many conversations with as few statements as for one; all or none."""
    wanted = {
        (agent_id, kind, talk.pk): (talk, data)
        for agent_ids, kind, talk, data in tellings
        if talk.muted_at is None
        for agent_id in sorted(set(agent_ids))
    }
    if not wanted:
        return 0
    news = {key: data for key, (_, data) in wanted.items()}
    told = _grow({key: data for key, data in news.items() if key[1] in GROWING}, at=at)
    told |= _add({key: data for key, data in news.items() if key not in told}, at=at)
    counts = _counts({agent_id for agent_id, _, _ in wanted})
    talks = {talk.pk: talk for talk, _ in wanted.values()}
    unread = {agent_id: unread for agent_id, (unread, _) in counts.items()}
    _announce(list(told.values()), talks, unread)
    for agent_id, (_, kept) in counts.items():
        if kept > KEPT:
            _trim(agent_id)
    return len(told)


def _grow(news: dict[_Key, dict[str, Any]], *, at: datetime) -> dict[_Key, Notification]:
    """Locked in the order of their ids, so that two who tell the same agents never wait in a ring."""
    if not news:
        return {}
    agents, kinds, talks = (set(column) for column in zip(*news, strict=True))
    found = Notification.objects.select_for_update().filter(
        agent__in=agents, kind__in=kinds, conversation__in=talks, read_at=None
    )
    unread = {_key_of(one): one for one in found.order_by("pk") if _key_of(one) in news}
    for key, one in unread.items():
        one.data, one.created_at = grown(one.data, news[key]), at
    _store_grown(unread.values(), at=at)
    return unread


def _store_grown(grown_ones: Collection[Notification], *, at: datetime) -> None:
    """`bulk_update` takes ten times as long to write its statement as this one takes to run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE agents_notification SET data = news.data, created_at = %s"
            " FROM unnest(%s::bigint[], %s::jsonb[]) AS news(id, data)"
            " WHERE agents_notification.id = news.id",
            [at, [one.pk for one in grown_ones], [Jsonb(one.data) for one in grown_ones]],
        )


def _add(news: dict[_Key, dict[str, Any]], *, at: datetime) -> dict[_Key, Notification]:
    """What somebody else has added meanwhile they have told, too."""
    fresh = {
        (agent_id, kind, talk_id): Notification(
            agent_id=agent_id, kind=kind, conversation_id=talk_id, data=data, created_at=at
        )
        for (agent_id, kind, talk_id), data in news.items()
    }
    Notification.objects.bulk_create(one for one in fresh.values() if one.kind not in GROWING)
    growing = [one for one in fresh.values() if one.kind in GROWING]
    if not growing:
        return fresh
    Notification.objects.bulk_create(growing, ignore_conflicts=True)
    stored = dict(
        Notification.objects.filter(uuid__in=[one.uuid for one in growing]).values_list(
            "uuid", "pk"
        )
    )
    for one in growing:
        one.pk = stored.get(one.uuid, 0)
    return {key: one for key, one in fresh.items() if one.pk}


def _key_of(one: Notification) -> _Key:
    return one.agent_id, one.kind, one.conversation_id


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
    told: Collection[Notification], talks: dict[int, Conversation], unread: dict[int, int]
) -> None:
    rules = {
        (rule.agent_id, rule.kind): How(rule.desktop, rule.sound, rule.email)
        for rule in NotificationRule.objects.filter(
            agent__in={one.agent_id for one in told}, kind__in={one.kind for one in told}
        )
    }
    how = {one.pk: rules.get((one.agent_id, one.kind), DEFAULTS[one.kind]) for one in told}
    elsewhere = [key for key, one in how.items() if one.desktop]
    if elsewhere:
        transaction.on_commit(partial(_tell_browsers, elsewhere))
    live.announce_on_commit(
        [
            Push(
                (agent_room(one.agent_id),),
                {
                    "type": "notification",
                    **notification_frame(one, talks.get(one.conversation_id or 0)),
                    "desktop": how[one.pk].desktop,
                    "sound": how[one.pk].sound,
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
