"""Agents whose consoles are closed are told by their browsers: through the browsers' push services,
sealed so that only the browser reads it, and without what anybody wrote."""

import json
import logging
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from agents.models import Agent, Notification, Presence, PushDevice
from agents.queries import GONE_AFTER
from agents.rules.attention import title_of
from agents.webpush import BadKey, authorization, checked, house_key, sealed
from conversations.errors import BadWords
from inboxes.fetch import CannotFetch, post

logger = logging.getLogger(__name__)

MOST_DEVICES = 10
_AT_ONCE = 8
_PATIENCE = 10.0  # seconds
_KEPT_FOR = 4 * 3600  # seconds: news of the morning is none in the evening
_OK = 201
_TAKEN = frozenset({200, _OK, 202})
_GONE = frozenset({404, 410})
_LEFT_ALONE = 60.0  # seconds
# Push services that could not be reached, and until when they are left alone: where a company's network
# lets nobody out, each piece of news would hold a thread of the worker that brings customers to people.
_silent: dict[str, float] = {}


@transaction.atomic
def add_device(*, agent: Agent, endpoint: str, p256dh: str, auth: str, at: datetime) -> None:
    """This browser is told from now on, for this agent alone. Raises BadWords."""
    if not endpoint.startswith("https://"):
        raise BadWords("A push service has an https address.")
    try:
        checked(p256dh, auth)
    except BadKey as problem:
        raise BadWords(str(problem)) from problem
    PushDevice.objects.update_or_create(
        endpoint=endpoint,
        defaults={"agent": agent, "p256dh": p256dh, "auth": auth, "created_at": at},
    )
    kept = PushDevice.objects.filter(agent=agent).values_list("pk", flat=True)[:MOST_DEVICES]
    PushDevice.objects.filter(agent=agent).exclude(pk__in=list(kept)).delete()


def remove_device(*, agent: Agent, endpoint: str) -> None:
    PushDevice.objects.filter(agent=agent, endpoint=endpoint).delete()


def reachable(agent_ids: Collection[int], *, at: datetime) -> list[int]:
    """Those of them who have such a browser and no console open."""
    here = Presence.objects.filter(agent=OuterRef("agent"), seen_at__gt=at - GONE_AFTER)
    devices = PushDevice.objects.filter(~Exists(here), agent__in=agent_ids, agent__is_active=True)
    return list(devices.order_by("agent").values_list("agent", flat=True).distinct())


def push_out(notification_ids: Collection[int], *, at: datetime) -> int:
    """Answers how many browsers took it. What a push service does not know any more is forgotten."""
    rows = Notification.objects.filter(pk__in=notification_ids, read_at=None)
    news = {one.agent_id: one for one in rows.select_related("conversation")}
    devices = PushDevice.objects.filter(agent__in=reachable(list(news), at=at))
    _forget_silence()
    wanted = [(device, news[device.agent_id]) for device in devices if _host(device) not in _silent]
    if not wanted:
        return 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda pair: _send(*pair, at=at), wanted))
    gone = [d.pk for (d, _), status in zip(wanted, answers, strict=True) if status in _GONE]
    PushDevice.objects.filter(pk__in=gone).delete()
    return sum(status in _TAKEN for status in answers)


def _send(device: PushDevice, one: Notification, *, at: datetime) -> int:
    """What the push service answered; 0 for nothing. Touches no database: it runs in a thread."""
    key = house_key(settings.SECRET_KEY)
    try:
        body = sealed(_message(one), p256dh=device.p256dh, auth=device.auth)
        headers = {
            "Authorization": authorization(device.endpoint, key, contact=settings.SITE_URL, at=at),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(_KEPT_FOR),
            "Urgency": "high" if one.kind == "offer" else "normal",
            # Of what goes on in one conversation the newest is enough
            "Topic": one.conversation.uuid.hex if one.conversation else one.uuid.hex,
        }
        post(device.endpoint, body, headers, seconds=_PATIENCE, accepted=_TAKEN)
    except CannotFetch as problem:
        logger.info("A browser was not told", extra={"error": str(problem)})
        if not problem.status:
            _silent[_host(device)] = monotonic() + _LEFT_ALONE
        return problem.status
    return _OK


def _host(device: PushDevice) -> str:
    return urlsplit(device.endpoint).netloc


def _forget_silence() -> None:
    now = monotonic()
    for host in [host for host, until in list(_silent.items()) if until < now]:
        _silent.pop(host, None)


def _message(one: Notification) -> bytes:
    told: dict[str, Any] = {"title": title_of(one.kind, one.data), "tag": str(one.uuid)}
    if one.conversation:
        told |= {
            "tag": str(one.conversation.uuid),
            "conversation": str(one.conversation.uuid),
            "offset": one.data.get("offset"),
        }
    return json.dumps(told).encode()
