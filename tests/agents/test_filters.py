"""Conditions find what they say, and only what the agent may see."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from agents.models import Agent, Team
from agents.reads.filters import found_by
from agents.rules.conditions import parse
from conversations.models import Company, Conversation, Participant, Rating
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def manager() -> Agent:
    return make.agent(role="manager")


def ids(agent: Agent, at: datetime, field: str, op: str, value: Any) -> set[int]:
    tree = parse({"field": field, "op": op, "value": value}, without=frozenset())
    return set(found_by(tree, agent=agent, at=at).values_list("pk", flat=True))


def test_columns(manager: Agent, at: datetime) -> None:
    gold = make.customer(name="Ann Lee", email="ann@example.com", phone="+49 1")
    plain = make.customer(name="王小明")
    queue = make.queue()
    one = make.conversation(
        customer=gold, priority=2, language="zh-Hans", queue=queue, state="queued", queued_at=at,
        waiting_since=at - timedelta(minutes=30), labels=["vip", "late"],
    )  # fmt: skip
    two = make.conversation(
        customer=plain, state="resolved", resolved_at=at, labels=["late"], seq=0
    )
    Conversation.objects.filter(pk=one.pk).update(
        seq=1, offset=5, answer_from=at - timedelta(hours=2), answer_by=at - timedelta(hours=1)
    )
    Conversation.objects.filter(pk=two.pk).update(first_reply_at=at)
    Rating.objects.create(conversation=two, score=2, rated_at=at)
    both = {one.pk, two.pk}

    expected: list[tuple[str, str, Any, set[int]]] = [
        ("state", "is", "open", {one.pk}),
        ("state", "none_of", ["open"], {two.pk}),
        ("state", "is", "queued", {one.pk}),
        ("state", "is", "resolved", {two.pk}),
        ("first_reply_at", "is_set", True, {two.pk}),
        ("answer_by", "before", at.isoformat(), {one.pk}),
        ("stage", "any_of", ["queued", "resolved"], both),
        ("inbox", "is", one.inbox.key, {one.pk}),
        ("inbox", "is_not", one.inbox.key, {two.pk}),
        ("queue", "is", str(queue.uuid), {one.pk}),
        ("queue", "is_not", str(queue.uuid), {two.pk}),
        ("queue", "is", "none", {two.pk}),
        ("priority", "at_least", 1, {one.pk}),
        ("priority", "is", 0, {two.pk}),
        ("labels", "has_any", ["vip", "x"], {one.pk}),
        ("labels", "has_all", ["vip", "late"], {one.pk}),
        ("labels", "has_none", ["vip"], {two.pk}),
        ("labels", "is_set", True, both),
        ("language", "is", "zh", {one.pk}),
        ("language", "is_not", "zh", {two.pk}),
        ("customer.name", "contains", "小明", {two.pk}),
        ("customer.name", "starts_with", "ann", {one.pk}),
        ("customer.email", "is", "ANN@example.com", {one.pk}),
        ("customer.email", "is_set", False, {two.pk}),
        ("customer.phone", "is_set", True, {one.pk}),
        ("waiting_since", "older_than", 20, {one.pk}),
        ("waiting_since", "older_than", 40, set()),
        ("waiting_since", "newer_than", 40, {one.pk}),
        ("waiting_since", "is_set", False, {two.pk}),
        ("resolved_at", "before", (at + timedelta(hours=1)).isoformat(), {two.pk}),
        ("resolved_at", "after", at.isoformat(), set()),
        ("unread", "is", True, {one.pk}),
        ("unread", "is", False, {two.pk}),
        ("rating", "is", 2, {two.pk}),
        ("rating", "at_least", 3, set()),
        ("rating", "is_set", False, {one.pk}),
    ]

    assert [ids(manager, at, *asked) for *asked, _ in expected] == [e[3] for e in expected]


def test_people(manager: Agent, at: datetime) -> None:
    team = Team.objects.create(name="Night")
    other = make.agent()
    team.members.add(other)
    queue = make.queue(team=team)
    mine = make.conversation(state="assigned", assignee=manager)
    theirs = make.conversation(state="assigned", assignee=other)
    waiting = make.waiting_conversation(queue=queue)
    Participant.objects.create(conversation=theirs, agent=manager, created_at=at)

    assert ids(manager, at, "assignee", "is", "me") == {mine.pk}
    assert ids(manager, at, "assignee", "is", "nobody") == {waiting.pk}
    assert ids(manager, at, "assignee", "any_of", ["me", str(other.uuid)]) == {mine.pk, theirs.pk}
    assert ids(manager, at, "assignee", "is_not", "me") == {theirs.pk, waiting.pk}
    assert ids(manager, at, "team", "is", str(team.uuid)) == {theirs.pk, waiting.pk}
    assert ids(manager, at, "team", "is_not", str(team.uuid)) == {mine.pk}
    assert ids(manager, at, "participant", "is", "me") == {theirs.pk}
    assert ids(manager, at, "participant", "is_not", str(manager.uuid)) == {mine.pk, waiting.pk}


def test_attributes_of_any_type(manager: Agent, at: datetime) -> None:
    company = Company.objects.create(name="Acme", created_at=at)
    rich = make.conversation(
        customer=make.customer(
            attributes={"tier": "Gold", "orders": 12, "since": "2024-03-01", "tags": ["a", "b"]},
            company=company,
        ),
        attributes={"order": "A-1"},
    )
    odd = make.conversation(customer=make.customer(attributes={"tier": None, "orders": "many"}))
    none = make.conversation()

    of = "customer.attributes."
    expected: list[tuple[str, str, Any, set[int]]] = [
        (f"{of}tier", "is", "Gold", {rich.pk}),
        (f"{of}tier", "is_not", "Gold", {odd.pk, none.pk}),
        (f"{of}tier", "contains", "gol", {rich.pk}),
        (f"{of}tier", "contains", 'o.*" ? (@', set()),
        (f"{of}tier", "is_set", True, {rich.pk}),
        (f"{of}tier", "is_set", False, {odd.pk, none.pk}),
        (f"{of}orders", "at_least", 10, {rich.pk}),
        (f"{of}orders", "at_most", 10, set()),
        (f"{of}orders", "is", "many", {odd.pk}),
        (f"{of}since", "before", "2025-01-01T00:00:00Z", {rich.pk}),
        (f"{of}since", "after", "2025-01-01T00:00:00Z", set()),
        (f"{of}tags", "is", "b", {rich.pk}),
        ("attributes.order", "is", "A-1", {rich.pk}),
        ("company", "is", "acme", {rich.pk}),
        ("company", "is_set", False, {odd.pk, none.pk}),
    ]

    assert [ids(manager, at, *asked) for *asked, _ in expected] == [e[3] for e in expected]


def test_groups(manager: Agent, at: datetime) -> None:
    calm, urgent = make.conversation(), make.conversation(priority=2)
    tree = parse(
        {
            "any": [
                {"field": "priority", "op": "is", "value": 2},
                {
                    "all": [
                        {"not": {"field": "state", "op": "is", "value": "resolved"}},
                        {"field": "priority", "op": "is", "value": 0},
                        {"field": "labels", "op": "has_any", "value": ["vip"]},
                    ]
                },
            ]
        }
    )

    found = found_by(tree, agent=manager, at=at)

    assert list(found) == [urgent]
    assert calm not in found


def test_nobody_sees_more_by_asking(at: datetime) -> None:
    stranger = make.agent()
    make.conversation()

    assert ids(stranger, at, "state", "any_of", ["open", "resolved"]) == set()
