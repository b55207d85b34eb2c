"""What weighs on an agent, and what only counts as open."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from agents.actions.assign import claim
from agents.actions.route import route_waiting
from agents.models import Agent, Assignment, Offer, Policy
from agents.queries import colleagues, holding_of
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


def test_what_somebody_has_in_hand_is_counted_without_their_past(at: datetime) -> None:
    """Each offer beside each assignment of a year would be billions of rows when a console opens."""
    queue = make.queue()
    agent = make.present_agent(queues=[queue])
    ended = {"agent": agent, "ended_at": at}
    past = [make.conversation() for _ in range(40)]
    Assignment.objects.bulk_create(Assignment(conversation=c, started_at=at, **ended) for c in past)
    Offer.objects.bulk_create(
        Offer(conversation=c, created_at=at, expires_at=at, outcome="missed", **ended) for c in past
    )
    for _ in range(2):
        claim(
            conversation_id=make.waiting_conversation(queue=queue, at=at).pk,
            agent_id=agent.pk,
            at=at,
        )

    assert {one.pk: holding_of(one) for one in colleagues()} == {agent.pk: 2}
    [plan] = json.loads(colleagues().explain(format="json", analyze=True))
    assert max(node["Actual Rows"] for node in _nodes(plan["Plan"])) < 100


def test_a_colleague_with_two_roles_is_one_person() -> None:
    agent = make.agent()
    agent.groups.add(*make.agent(role="manager").groups.all())
    assert [one.pk for one in colleagues()].count(agent.pk) == 1


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
