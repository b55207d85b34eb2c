"""A server that was away is not a house that was left: silence counts only where somebody listens."""

from datetime import datetime, timedelta

import pytest

from agents.actions import supervise
from agents.actions.assign import claim
from agents.actions.offers import expire_offers
from agents.actions.presence import keep_watch
from agents.actions.route import route_waiting
from agents.actions.sweep import sweep
from agents.models import Agent, Policy, Presence
from conversations.models import Conversation
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SECOND = timedelta(seconds=1)


class House:
    """Somebody talks to a customer while a web process makes its rounds."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        queue = make.queue(is_default=True)
        self.agent: Agent = make.present_agent(queues=[queue], at=at)
        self.talk = make.waiting_conversation(queue=queue, at=at)
        claim(conversation_id=self.talk.pk, agent_id=self.agent.pk, at=at)

    def rounds(self, first: int, last: int, *, here: bool) -> None:
        """The web process looks every five seconds, and the sweep right after it."""
        agents = [self.agent.pk] if here else []
        for second in range(first, last + 1, 5):
            keep_watch(agent_ids=agents, at=self.at + second * SECOND)
            sweep(at=self.at + (second + 1) * SECOND)

    def silence(self, first: int, last: int) -> None:
        """Nobody looks, but the sweep runs."""
        for second in range(first, last + 1, 5):
            sweep(at=self.at + second * SECOND)

    def is_kept(self) -> bool:
        talk = Conversation.objects.get(pk=self.talk.pk)
        here = Presence.objects.get(agent=self.agent).status == "online"
        return here and talk.assignee_id == self.agent.pk


@pytest.fixture
def house(at: datetime) -> House:
    return House(at)


def test_who_leaves_while_somebody_looks_is_gone_after_twenty_seconds(house: House) -> None:
    house.rounds(0, 60, here=True)
    house.rounds(65, 75, here=False)
    assert house.is_kept()

    house.rounds(80, 85, here=False)

    assert not house.is_kept()


@pytest.mark.parametrize("away", [10, 25, 120])
def test_whose_server_was_away_may_come_again(house: House, away: int) -> None:
    house.rounds(0, 60, here=True)
    house.silence(62, 60 + away)  # the database was there …
    back = 60 + away
    sweep(at=house.at + back * SECOND)  # … or came back, and the sweep was first
    house.rounds(back, back + 10, here=False)  # their page is still trying
    house.rounds(back + 15, back + 60, here=True)

    assert house.is_kept()


def test_who_does_not_come_again_is_gone(house: House) -> None:
    house.rounds(0, 60, here=True)
    house.silence(62, 80)
    house.rounds(85, 110, here=False)

    assert not house.is_kept()


def test_where_nobody_looks_for_minutes_nobody_is_waited_for(house: House) -> None:
    house.rounds(0, 60, here=True)
    house.silence(62, 355)
    assert house.is_kept()

    house.silence(365, 365)

    assert not house.is_kept()


@pytest.mark.parametrize(("away", "status"), [(True, "online"), (False, "away")])
def test_an_offer_that_ran_out_while_the_server_was_away_is_no_missed_one(
    at: datetime, away: bool, status: str
) -> None:
    queue = make.queue(is_default=True)
    Policy.objects.create(rule="misses_until_away", value=1)
    agent = make.present_agent(queues=[queue], at=at)
    make.waiting_conversation(queue=queue, at=at)
    keep_watch(agent_ids=[agent.pk], at=at - 60 * SECOND)
    for second in range(-55, 31 if not away else 1, 5):
        keep_watch(agent_ids=[agent.pk], at=at + second * SECOND)
    route_waiting(at=at)
    keep_watch(agent_ids=[agent.pk], at=at + 31 * SECOND)

    assert expire_offers(at=at + 31 * SECOND) == 1

    assert Presence.objects.get(agent=agent).status == status


def test_who_listens_goes_on_listening_after_the_server_was_away(house: House) -> None:
    lead = make.present_agent(role="manager", at=house.at)
    house.rounds(0, 60, here=True)
    watched = house.at + 60 * SECOND
    supervise.watch(conversation_id=house.talk.pk, supervisor_id=lead.pk, at=watched)
    keep_watch(agent_ids=[], at=house.at + 90 * SECOND)  # back after half a minute

    assert supervise.end_forgotten(at=house.at + 91 * SECOND) == 0

    for second in range(95, 120, 5):
        keep_watch(agent_ids=[], at=house.at + second * SECOND)

    assert supervise.end_forgotten(at=house.at + 116 * SECOND) == 1
