"""Why a person is asked for, in codes, and what the customer hears of it."""

from datetime import datetime

import pytest

from conversations.actions.handoff import request_handoff
from conversations.models import Event, Handoff, Message
from conversations.people import desk
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("reason", [value for value, _ in Handoff.Reason.choices])
def test_every_reason_has_words_for_the_customer(reason: str, at: datetime) -> None:
    queue = make.queue(is_default=True)
    make.present_agent(queues=[queue], at=at)
    talk = make.conversation(at=at)

    request_handoff(conversation_id=talk.pk, reason=reason, summary="", at=at)

    assert Handoff.objects.get(conversation=talk).reason == reason
    assert Message.objects.get(conversation=talk).text.endswith(".")
    event = Event.objects.get(conversation=talk, kind="handoff")
    assert (event.actor_kind == "customer") is (reason in {"asked", "no_bot"})


def test_a_code_that_nobody_knows_asks_for_a_person_all_the_same() -> None:
    assert Handoff.Reason.of("") == Handoff.Reason.UNSURE
    assert Handoff.Reason.of("out_of_scope") == Handoff.Reason.OUT_OF_SCOPE


def test_they_may_be_sent_to_a_queue(at: datetime) -> None:
    make.queue(is_default=True)
    fraud = make.queue()
    talk = make.conversation(at=at)

    request_handoff(conversation_id=talk.pk, reason="keyword", summary="", at=at, queue_id=fraud.pk)

    talk.refresh_from_db()
    assert talk.queue == fraud


def test_a_free_agent_is_no_wait_and_nobody_is_an_unknown_one(at: datetime) -> None:
    queue = make.queue(is_default=True)
    talk = make.conversation(at=at)
    assert desk().expected_wait(talk, at=at) is None

    make.present_agent(queues=[queue], at=at)

    assert desk().expected_wait(talk, at=at) == 0.0
