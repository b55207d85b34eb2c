"""Whom nobody can serve now keeps nobody behind them waiting, and is not touched for it."""

from datetime import datetime
from typing import Any

import pytest

from agents.actions import route
from agents.actions.route import TOGETHER, route_waiting
from agents.models import Agent, Offer, Policy, Queue
from conversations.actions.waiting import claim
from conversations.waiters import Line, Waiter
from tests import make

pytestmark = pytest.mark.django_db

IN_FRONT = TOGETHER * 3


@pytest.fixture
def queue() -> Queue:
    return make.queue()


@pytest.fixture
def agent(queue: Queue, at: datetime) -> Agent:
    return make.present_agent(queues=[queue], capacity=TOGETHER, languages=["en"], at=at)


def crowd(queue: Queue, at: datetime, **fields: Any) -> None:
    for _ in range(IN_FRONT):
        make.waiting_conversation(queue=queue, at=at, **fields)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many were locked, each time that some were."""
    counts: list[int] = []

    def counted(line: Line, **how: Any) -> list[Waiter]:
        found = claim(line, **how)
        counts.append(len(found))
        return found

    monkeypatch.setattr(route, "claim", counted)
    return counts


def test_who_is_far_behind_those_whom_nobody_can_serve_is_offered(
    queue: Queue, agent: Agent, at: datetime, held: list[int]
) -> None:
    Policy.objects.create(rule="language", value={"required": True})
    crowd(queue, at, language="zh")
    english = make.waiting_conversation(queue=queue, at=at, language="en")

    assert route_waiting(at=at) == 1

    assert Offer.objects.get(ended_at=None).conversation == english
    assert held == [TOGETHER, 1]  # some of those in front, and whom it is for


def test_needs_far_behind_are_seen_too(queue: Queue, agent: Agent, at: datetime) -> None:
    crowd(queue, at, needs=[{"skill": "boats", "level": 5}])
    simple = make.waiting_conversation(queue=queue, at=at)

    assert route_waiting(at=at) == 1
    assert Offer.objects.get(ended_at=None).conversation == simple


def test_nobody_else_is_touched_when_all_are_of_a_kind(
    queue: Queue, agent: Agent, at: datetime, held: list[int]
) -> None:
    Policy.objects.create(rule="language", value={"required": True})
    crowd(queue, at, language="zh")

    assert route_waiting(at=at) == 0

    assert held == [TOGETHER]
