"""What the bot owes is somebody's within 30 seconds, also when its worker is dead."""

from datetime import datetime, timedelta

import pytest

from agents.actions.sweep import next_due, run_due
from bots.actions.turn import begin_turn
from conversations.actions.post import store
from conversations.models import Conversation, Handoff
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


def waits(talk: Conversation, at: datetime, *, until: int = 60) -> float:
    """The clock goes from one due moment to the next; answers the second at which a person was asked."""
    end = at + timedelta(seconds=until)
    while (moment := next_due()) is not None and moment <= end:
        run_due(at=moment)
        if found := Handoff.objects.filter(conversation=talk).first():
            return (found.requested_at - at).total_seconds()
    return float("inf")


@pytest.fixture
def talk(at: datetime) -> Conversation:
    make.queue(is_default=True)
    asked = make.conversation(at=at)
    store([make.draft(asked, at=at)])
    return asked


def test_a_worker_that_never_comes(talk: Conversation, at: datetime) -> None:
    assert waits(talk, at) == 20


@pytest.mark.parametrize("second", [0, 5, 9, 15])
def test_a_worker_that_dies_in_the_middle(talk: Conversation, second: int, at: datetime) -> None:
    begin_turn(conversation_id=talk.pk, at=at + timedelta(seconds=second))

    assert waits(talk, at) <= 26


def test_a_customer_who_writes_on_is_not_put_off(talk: Conversation, at: datetime) -> None:
    for second in range(4, 26, 4):
        store([make.draft(talk, f"Hello? {second}", at=at + timedelta(seconds=second))])

    assert waits(talk, at) <= 26
