"""Which queue customers join: by what they say, their language, a label."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from agents.actions.route import route_waiting
from agents.models import AgentSkill, Offer, Policy, Queue, Skill
from agents.reads.policy_values import names_of_places, shown, understood
from agents.rules.joining import queue_by
from agents.rules.shapes import Joins
from agents.rules.values import BadRule
from conversations.actions.customer import ask_for_a_person
from conversations.actions.post import store
from conversations.models import Conversation
from tests import make
from tests.agents.api import Door

RETURNS, CHINESE, GOLD, REST = (uuid4() for _ in range(4))
CASES = (
    Joins(RETURNS, says=("return", "send it back", "退货")),
    Joins(GOLD, language="zh", label="Gold"),
    Joins(CHINESE, language="zh"),
)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("said", "language", "labels", "queue"),
    [
        ("How do I RETURN it?", "en", [], RETURNS),
        ("Two returned tents", "en", [], RETURNS),
        ("No turnaround", "en", [], None),
        ("unreturnable", "en", [], None),  # it does not begin with the word
        ("Can I\nsend it back?", "en", [], RETURNS),
        ("我想退货", "zh-Hans", [], RETURNS),
        ("你好", "zh-Hans", ["gold"], GOLD),
        ("你好", "ZH", [], CHINESE),
        ("Hello", "en", ["Gold"], None),
        ("", "en", [], None),
    ],
)
def test_the_first_case_that_fits(
    said: str, language: str, labels: list[str], queue: UUID | None
) -> None:
    assert queue_by(CASES, said=said, language=language, labels=labels) == queue


@pytest.mark.unit
def test_a_case_without_a_condition_is_for_everybody() -> None:
    cases = (*CASES, Joins(REST))

    assert queue_by(cases, said="", language="en", labels=[]) == REST


def waits_in(talk: Conversation) -> Queue | None:
    return Conversation.objects.select_related("queue").get(pk=talk.pk).queue


@pytest.mark.integration
@pytest.mark.django_db
def test_what_they_said_brings_them_to_its_queue(at: datetime) -> None:
    usual, orders = make.queue(is_default=True), make.queue()
    inbox = make.inbox()
    usual.inboxes.add(inbox)
    rule = Policy.objects.create(
        rule="joins", value=[{"says": "refund", "queue": str(orders.uuid)}], inbox=inbox
    )
    talks = [make.conversation(inbox=inbox) for _ in range(3)]
    store([make.draft(talks[0], "I want a refund", at=at)])
    store([make.draft(talks[0], "Please", at=at)])
    store([make.draft(talks[1], "Your refund policy", author_kind="bot", run=0, at=at)])
    for talk in talks[:2]:
        ask_for_a_person(conversation_id=talk.pk, at=at)

    assert [waits_in(talk) for talk in talks[:2]] == [orders, usual]
    # A queue that is gone brings nobody nowhere.
    Policy.objects.filter(pk=rule.pk).update(value=[{"queue": str(uuid4())}])
    ask_for_a_person(conversation_id=talks[2].pk, at=at)
    assert waits_in(talks[2]) == usual


@pytest.mark.integration
@pytest.mark.django_db
def test_people_write_names_and_read_names() -> None:
    orders = make.queue(name="Orders and returns")
    value = [{"says": "refund", "queue": "orders and RETURNS"}, {"queue": str(orders.uuid)}]

    kept = understood("joins", value)

    assert [case["queue"] for case in kept] == [str(orders.uuid)] * 2
    read = shown("joins", kept, names_of_places())
    assert [case["queue"] for case in read] == ["Orders and returns"] * 2
    with pytest.raises(BadRule, match="There is no queue 'Moon'"):
        understood("joins", [{"queue": "Moon"}])
    with pytest.raises(BadRule):
        understood("joins", ["Moon"])


@pytest.mark.integration
@pytest.mark.django_db
def test_one_conversation_may_need_skills_of_its_own(at: datetime) -> None:
    queue = make.queue(is_default=True)
    skill = Skill.objects.create(name="returns")
    make.present_agent(queues=[queue], at=at)
    knows = make.present_agent(queues=[queue], at=at)
    AgentSkill.objects.create(agent=knows, skill=skill, level=3)
    talk = make.waiting_conversation(queue=queue)
    door, path = Door(make.agent(role="manager")), f"conversations/{talk.uuid}/"

    status, card = door.ask("patch", path, {"needs": [{"skill": "Returns", "level": 3}]})
    assert (status, card["needs"]) == (200, [{"skill": "returns", "level": 3}])
    assert door.get(path)["needs"] == card["needs"]
    assert route_waiting(at=at) == 1
    assert Offer.objects.get().agent == knows
    wrong: list[Any] = [[{"skill": "moon"}], [{"skill": "returns", "level": 6}], "returns", [{}]]
    for bad in wrong:
        status, answer = door.ask("patch", path, {"needs": bad})
        assert status == 400, answer
    assert door.ask("patch", path, {"needs": []})[1]["needs"] == []
