"""The wall: what it counts, what it costs, and who may look."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agents.actions import supervise
from agents.actions.assign import claim
from agents.actions.offers import accept
from agents.actions.route import route_waiting
from agents.models import Queue, SupervisionSession
from agents.queries import queue_counts
from agents.reads import wall as wall_reads
from agents.reads.wall import Today, take_today, talks_for, today, wall_frame
from analytics.reports.wall import today as ask_the_reports
from conversations.models import Conversation
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def frames(at: datetime) -> list[dict[str, Any]]:
    return [count.frame() for count in queue_counts(list(Queue.objects.all()), at=at)]


@pytest.fixture(autouse=True)
def _a_new_day() -> None:
    take_today(ask_the_reports)


def test_six_numbers(at: datetime) -> None:
    queue = make.queue(target_seconds=60)
    agent = make.present_agent(queues=[queue], capacity=1)
    make.present_agent(queues=[queue], capacity=2)
    first = make.waiting_conversation(queue=queue, at=at - timedelta(seconds=30))
    route_waiting(at=at)
    asked = first.offers.get().agent
    accept(conversation_id=first.pk, agent_id=asked.pk, at=at)
    make.waiting_conversation(queue=queue, at=at - timedelta(seconds=100))
    make.waiting_conversation(queue=queue, at=at - timedelta(seconds=10))

    numbers = wall_frame(frames(at), at=at)["numbers"]

    assert (numbers["waiting"], numbers["longest_wait"]) == (2, 100)
    assert (numbers["service_level"], numbers["online"]) == (1.0, 2)
    assert numbers["free"] == (1 if asked == agent else 2)
    assert (numbers["satisfaction"], numbers["answers"]) == (None, 0)


def test_the_level_weighs_each_queue_by_whom_it_served() -> None:
    shape = {"waiting": 0, "longest_wait": None}
    queues: list[dict[str, Any]] = [
        {**shape, "service_level": 1.0, "served": 1},
        {**shape, "service_level": 0.5, "served": 3},
        {**shape, "service_level": None, "served": 0},
    ]
    assert wall_frame(queues, at=make.NOON)["numbers"]["service_level"] == 0.625


def test_a_picture_costs_one_statement_whoever_is_there(
    at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    queue = make.queue()
    counted = frames(at)
    today(at=at)
    for _ in range(3):
        make.present_agent(queues=[queue])
        with django_assert_num_queries(1):
            wall_frame(counted, at=at)


def test_the_day_is_asked_for_now_and_then(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []

    def ask(moment: datetime) -> Today:
        asked.append(moment)
        return Today(0.5, 2, 4.0, 1)

    monkeypatch.setattr(wall_reads, "_ask_today", ask)
    monkeypatch.setattr(wall_reads, "_known", None)
    for seconds in (0, 10, 29, 31, 40):
        assert today(at=at + timedelta(seconds=seconds)).bot_share == 0.5
    assert asked == [at, at + timedelta(seconds=31)]


def test_the_conversations_are_those_one_may_see(at: datetime) -> None:
    queue = make.queue()
    talk = make.waiting_conversation(queue=queue)
    agent = make.present_agent(queues=[queue])
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    unhappy = make.conversation()
    for bot_s, mood in ((unhappy, -0.35), (make.conversation(), 0.2), (make.conversation(), None)):
        Conversation.objects.filter(pk=bot_s.pk).update(state="bot", sentiment=mood)

    keys = {
        role: [card["conversation"] for card in talks_for(make.agent(role=role))]
        for role in ("manager", "agent")
    }
    assert keys == {"manager": [str(talk.uuid), str(unhappy.uuid)], "agent": []}


def test_over_http_and_as_a_page_for_supervisors_only() -> None:
    manager, agent = make.agent(role="manager"), make.agent()
    assert set(Door(manager).get("wall/")) == {
        "type", "at", "numbers", "queues", "agents", "conversations",
    }  # fmt: skip
    assert Door(agent).ask("get", "wall/")[0] == 403

    seen = {}
    for one in (manager, agent):
        client = Client()
        client.force_login(one)
        seen[one.pk] = client.get("/console/wall/").status_code
    assert seen == {manager.pk: 200, agent.pk: 403}
    assert Client().get("/console/wall/").status_code == 302


def test_who_supervised_can_be_read_in_the_admin(at: datetime) -> None:
    queue = make.queue()
    talk = make.waiting_conversation(queue=queue)
    agent = make.present_agent(queues=[queue])
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    lead = make.agent(role="manager", is_staff=True, first_name="Mareike")
    supervise.watch(conversation_id=talk.pk, supervisor_id=lead.pk, at=at)
    session = SupervisionSession.objects.get()

    client = Client()
    client.force_login(lead)
    listed = client.get("/admin/agents/supervisionsession/?q=Mareike").content.decode()
    assert "Mareike" in listed
    page = f"/admin/agents/supervisionsession/{session.pk}/change/"
    assert "began to watch" in client.get(page).content.decode()
    assert client.post(page, {"mode": "barge"}).status_code == 403
    client.force_login(make.agent(is_staff=True))
    assert client.get("/admin/agents/supervisionsession/").status_code == 403
