"""What weighs on an agent, and what only counts as open."""

from datetime import datetime

import pytest

from agents.actions.assign import claim
from agents.actions.route import route_waiting
from agents.models import Agent, Policy
from agents.reads.loads import Load, load_rules, loads_of
from agents.reads.policies import PolicyBook
from conversations.models import Conversation
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_what_has_a_weightless_label_frees_room_but_stays_open(at: datetime) -> None:
    queue = make.queue()
    agent = make.present_agent(queues=[queue], capacity=1)
    waits = make.waiting_conversation(queue=queue, at=at)
    claim(conversation_id=waits.pk, agent_id=agent.pk, at=at)
    make.waiting_conversation(queue=queue, at=at)
    make.waiting_conversation(queue=queue, at=at)
    assert route_waiting(at=at) == 0

    Conversation.objects.filter(pk=waits.pk).update(labels=["vip", "waiting for parts"])
    assert route_waiting(at=at) == 0  # no rule says so
    Policy.objects.create(rule="weightless_labels", value="on loan, waiting for parts")

    assert route_waiting(at=at) == 1
    assert route_waiting(at=at) == 0  # twice the capacity is the end, whatever it weighs
    load = _load(agent, at)
    assert (load.active, load.open, load.held["web"]) == (1.0, 2, 2)


def _load(agent: Agent, at: datetime) -> Load:
    rules = load_rules(PolicyBook.load().for_queue(None))
    return loads_of([agent.pk], at=at, **rules)[agent.pk]
