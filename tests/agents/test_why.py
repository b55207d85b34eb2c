"""Explanations are kept short and read whole."""

from datetime import datetime

import pytest
from django.db import connection

from agents.actions.offers import accept
from agents.actions.route import route_waiting
from agents.models import Assignment, Offer
from agents.models.why import packed, unpacked
from tests import make

pytestmark = pytest.mark.django_db

LINE = {
    "name": "Ann", "blocked": "no_room", "load": 1.5, "capacity": 2, "open": 2, "idle_seconds": 7,
}  # fmt: skip
WHOLE = {"rule": ["least_loaded"], "chosen": None, "candidates": [LINE, {**LINE, "name": "Bo"}]}


def test_nothing_is_lost_by_packing() -> None:
    assert unpacked(packed(WHOLE)) == WHOLE
    assert unpacked({"rule": ["claimed"]}) == {"rule": ["claimed"]}


def test_what_was_kept_whole_is_read_as_well() -> None:
    assert unpacked(WHOLE) == WHOLE


def test_an_offer_says_who_could_have_been_asked_and_so_does_what_came_of_it(at: datetime) -> None:
    queue = make.queue()
    agent = make.present_agent(queues=[queue], at=at)
    busy = make.present_agent(queues=[queue], capacity=1, at=at)
    make.waiting_conversation(queue=queue, at=at)
    Offer.objects.create(
        conversation=make.waiting_conversation(queue=make.queue(), at=at),
        agent=busy, created_at=at, expires_at=at,
    )  # fmt: skip

    route_waiting(at=at)

    offer = Offer.objects.get(agent=agent)
    names = {line["name"]: line["blocked"] for line in offer.why["candidates"]}
    assert names == {agent.shown_name: "", busy.shown_name: "no_room"}
    accept(conversation_id=offer.conversation_id, agent_id=agent.pk, at=at)
    assert Assignment.objects.get().why == offer.why
    with connection.cursor() as cursor:
        cursor.execute("SELECT why->'candidates'->0->>'name' FROM agents_assignment")
        assert cursor.fetchone() == (None,)  # a row of values, without their names
