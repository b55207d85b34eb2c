"""A call instead of waiting: offered to whoever waits too long, wished for at any time."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import IntegrityError, transaction

from conversations import events
from conversations.actions.customer import refuse_if_over
from conversations.actions.log import append, hold
from conversations.actions.post import say
from conversations.calls import line
from conversations.errors import BadWords
from conversations.models import Callback, Conversation
from conversations.phrases import day_and_time, phrase
from conversations.words import clean_text

_CALL_WITHIN = timedelta(days=90)
_CLOCKS_DIFFER = timedelta(hours=1)
_PHONE = re.compile(r"^\+?[0-9][0-9 ()./-]{4,30}$")


def offer_a_call(conversation: Conversation, *, at: datetime) -> None:
    """Somebody waits too long: we can call them instead."""
    say(conversation, phrase("offer_a_call", conversation.language), at=at)


def ask_for_a_call(
    *,
    conversation_id: int,
    phone: str,
    call_at: datetime | None,
    at: datetime,
    time_zone: str = "",
    exact: bool = False,
    agent_id: int | None = None,
    agent_name: str = "",
) -> Callback:
    """The customer wants to be called; asking again changes the number and time. `time_zone`: where they
    are; what is none is as good as not said. `exact`: at this time or not at all; else the next one with room.
    `agent_id`: who booked it for them, and so stands in the log."""
    phone = clean_text(phone)
    if not _PHONE.match(phone):
        raise BadWords("Write a phone number, such as +49 30 1234567.")
    if call_at is not None and not at - _CLOCKS_DIFFER <= call_at <= at + _CALL_WITHIN:
        raise BadWords("Choose a time from now on, within 90 days.")
    if call_at is not None and call_at <= at:
        call_at = None
    wish = {
        "phone": phone,
        "call_at": call_at,
        "time_zone": time_zone if time_zone in available_timezones() else "",
    }
    try:
        return _keep_callback(conversation_id, wish, at, exact=exact, by=(agent_id, agent_name))
    except IntegrityError:  # two sockets at once: the second finds the first one's row
        return _keep_callback(conversation_id, wish, at, exact=exact, by=(agent_id, agent_name))


@transaction.atomic
def _keep_callback(
    conversation_id: int,
    wish: dict[str, Any],
    at: datetime,
    *,
    exact: bool,
    by: tuple[int | None, str],
) -> Callback:
    conversation = hold(conversation_id)
    refuse_if_over(conversation)
    callback, _ = Callback.objects.update_or_create(
        conversation=conversation,
        state=Callback.State.OPEN,
        defaults=wish,
        create_defaults={**wish, "created_at": at},
    )
    if calls := line():
        calls.book(callback, exact=exact, at=at)
    agent_id, agent_name = by
    append(
        conversation,
        "callback",
        at=at,
        actor="agent" if agent_id else "customer",
        agent_id=agent_id,
        agent_name=agent_name,
        callback=callback.uuid,
    )
    phone, when = callback.phone, _when(callback, conversation.language)
    words = phrase("callback", conversation.language, phone=phone, when=when)
    say(conversation, words, at=at)
    events.publish(events.call_wanted, conversation_id=conversation.pk)
    return callback


def _when(callback: Callback, language: str) -> str:
    """The time that was promised, on the customer's own clock."""
    if callback.call_at is None:
        return ""
    local = callback.call_at.astimezone(ZoneInfo(callback.time_zone or "UTC"))
    return f" ({day_and_time(local, language)})"
