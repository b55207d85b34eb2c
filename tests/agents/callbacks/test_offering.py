"""A call is offered to who waits long, or who would give up; once, and not to who has asked."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from agents.callbacks.actions.offering import offer_calls
from agents.callbacks.models import CallRules
from agents.callbacks.reads.patience import forget, patience, waits
from conversations.actions.calling import ask_for_a_call
from conversations.actions.log import append, hold
from conversations.models import Conversation, Event
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    forget()


def offered_now(*, at: datetime) -> int:
    return offer_calls(at=at, lots=random.Random(1))


def waits_for(at: datetime, seconds: float | None, **fields: Any) -> Conversation:
    """Since a minute; told just now that it takes so long."""
    told = {"low": seconds, "high": seconds, "at": at.isoformat(), "told_at": None}
    return make.waiting_conversation(
        queue=make.queue(), at=at - 60 * SECOND, promised=told, **fields
    )


def lived_through(at: datetime, seconds: float, kind: str, **data: Any) -> None:
    talk = make.conversation()
    with transaction.atomic():
        held = hold(talk.pk)
        append(held, "handoff", at=at - seconds * SECOND, reason="asked")
        append(held, kind, at=at, **data)


def offered(talk: Conversation) -> int:
    return Event.objects.filter(conversation=talk, kind="call_offered").count()


def test_a_long_wait_is_offered_a_call_once(at: datetime) -> None:
    long, short, unknown = waits_for(at, 700), waits_for(at, 500), waits_for(at, None)

    assert offered_now(at=at) == 1
    assert offered_now(at=at) == 0
    assert [offered(talk) for talk in (long, short, unknown)] == [1, 0, 0]
    assert offered_now(at=at - 150 * SECOND) == 1  # more is left of the other one's
    assert offered_now(at=at + 700 * SECOND) == 0


def test_who_asked_is_not_offered_one(at: datetime) -> None:
    talk = waits_for(at, 700)
    ask_for_a_call(conversation_id=talk.pk, phone="+49 30 123457", call_at=None, at=at)

    assert offered_now(at=at) == 0


def test_the_limit_is_the_house_s(at: datetime) -> None:
    CallRules.objects.create(offer_after=400)

    waits_for(at, 500)
    assert offered_now(at=at) == 1


def test_patience_is_read_off_the_log(at: datetime) -> None:
    """Forty gave up after a minute or so, twenty were answered, one was let go by the queue."""
    for n in range(40):
        lived_through(at - SECOND, 50 + n, "abandoned", by="customer")
    for _ in range(20):
        lived_through(at - SECOND, 100, "assigned")
    lived_through(at - SECOND, 3000, "abandoned", by="queue")
    lived_through(at - timedelta(days=90), 60, "abandoned", by="customer")

    found = patience(at=at)
    assert len(waits(at=at)) == 61
    assert found is not None
    assert (found.waits, found.gave_up) == (61, 40)
    assert 0.3 < found.leaves_within(60, waited=30) < 0.45  # a few are drawn to the whole
    waits_for(at, 300)  # not long, but most would be gone by then
    assert offered_now(at=at) == 1
