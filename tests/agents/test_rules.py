"""What a policy's value may look like, and where it holds."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agents.models import Policy, Team
from agents.reads.policies import PolicyBook
from agents.rules.queue_plan import Waiting, next_due, rank
from agents.rules.registry import RULES, Rules, read_value, words_for
from agents.rules.shapes import Language, MaxWait, Overflow, SkillStep, WaitingMessage
from agents.rules.values import BadRule
from tests import make

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("no_such_rule", 1),
        ("mode", "sometimes"),
        ("choose", []),
        ("choose", ["least_loaded", "least_loaded"]),
        ("priority_minutes", -1),
        ("priority_minutes", True),
        ("priority_minutes", "15"),
        ("weights", {"web": -1}),
        ("sla_seconds", {"soon": 10}),
        ("explore", 0.9),
        ("sla_alerts", "sometimes"),
        ("weightless_labels", ["waiting"]),
        ("joins", {}),
        ("joins", [{"says": "return"}]),
        ("joins", [{"queue": "Orders"}]),
        ("joins", [{"queue": str(uuid4()), "moon": 1}]),
        ("fairness", {"most": 3}),
        ("fairness", {"most": 3, "seconds": 60, "x": 1}),
        ("sticky", {"days": 0}),
        ("overflow", {"after": 10, "queue": "support"}),
        ("limit", {"waiting": 0}),
        ("waiting_messages", [{"after": 60, "text": "b"}, {"after": 30, "text": "a"}]),
        ("waiting_messages", [{"after": 60, "text": ""}]),
        ("waiting_messages", [{"after": 60, "text": "x" * 501}]),
        ("waiting_messages", [{"after": n, "text": "x"} for n in range(1, 12)]),
        ("max_wait", {"after": 60, "do": "shout"}),
        ("skills", [{"all": [{"skill": "french", "level": 6}]}]),
        ("skills", [{"all": []}, {"all": []}]),
        ("skills", {"all": []}),
        ("wrap_up", {"mode": "never"}),
        ("webhook", {"url": "ftp://example.com"}),
        ("webhook", {"url": "https://user@example.com/"}),
        ("webhook", {"url": "https://example.com/", "seconds": 60}),
        ("auto_resolve", {"after": 1}),
        ("hours", "nine to five"),
        ("monitor_visible", "yes"),
    ],
)
def test_what_does_not_read_is_said_in_one_sentence(rule: str, value: Any) -> None:
    with pytest.raises(BadRule, match=r".+\.$"):
        read_value(rule, value)


@pytest.mark.unit
def test_every_example_reads() -> None:
    import json

    for rule in RULES.values():
        example = rule.example.replace('"…"', f'"{uuid4()}"')
        if rule.name == "webhook":
            example = '{"url": "https://routing.example/", "seconds": 2}'
        read = read_value(rule.name, json.loads(example))
        default = getattr(Rules(), rule.name)
        assert read is not None, rule.name
        assert default is None or type(read) is type(default), rule.name


@pytest.mark.unit
def test_words_are_found_in_the_nearest_language() -> None:
    texts = {"en": "hello", "zh": "你好"}

    assert words_for(texts, "zh-Hans") == "你好"
    assert words_for(texts, "fr") == "hello"
    assert words_for({"": "everybody"}, "fr") == "everybody"
    assert words_for({"de": "hallo"}, "fr") == "hallo"
    assert words_for({}, "fr") == ""


@pytest.mark.integration
@pytest.mark.django_db
def test_the_nearest_place_wins() -> None:
    inbox, agent = make.inbox(), make.agent()
    team = Team.objects.create(name="Second level")
    queue = make.queue(team=team)
    places: list[dict[str, Any]] = [
        {}, {"channel": "web"}, {"inbox": inbox}, {"team": team}, {"queue": queue},
    ]  # fmt: skip
    seen = [PolicyBook.load().for_queue(queue, inbox_id=inbox.pk, channel="web").priority_minutes]
    for minutes, place in enumerate(places):
        Policy.objects.create(rule="priority_minutes", value=minutes, **place)
        book = PolicyBook.load()
        seen.append(book.for_queue(queue, inbox_id=inbox.pk, channel="web").priority_minutes)
    Policy.objects.create(rule="open_limit", value=7, agent=agent)

    assert seen == [15, 0, 1, 2, 3, 4]
    assert PolicyBook.load().for_queue(make.queue()).priority_minutes == 0
    assert PolicyBook.load().for_agent(agent.pk, queue=queue).open_limit == 7
    assert PolicyBook.load().for_agent(make.agent().pk, queue=queue).open_limit == 0


@pytest.mark.integration
@pytest.mark.django_db
def test_one_value_for_a_rule_in_a_place_and_one_place_for_a_row() -> None:
    queue = make.queue()
    Policy.objects.create(rule="mode", value="manual")

    for wrong in ({}, {"queue": queue, "channel": "web"}, {"queue": queue, "inbox": make.inbox()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Policy.objects.create(rule="mode", value="offer", **wrong)
    with pytest.raises(ValidationError):
        Policy(rule="mode", value="sometimes").full_clean()
    with pytest.raises(ValidationError, match="can be set for"):
        Policy(rule="weights", value={"web": 1}, queue=queue).full_clean()


@pytest.mark.integration
@pytest.mark.django_db
def test_a_row_that_no_longer_reads_is_as_if_it_were_not_there() -> None:
    Policy.objects.create(rule="mode", value="an old word")

    assert PolicyBook.load().for_queue(None).mode == "offer"


@pytest.mark.unit
def test_waiting_ages_and_urgency_is_worth_minutes() -> None:
    rules = Rules(priority_minutes=10)
    normal = rank(rules, place_from=AT, priority=0)
    urgent_later = rank(rules, place_from=AT + timedelta(minutes=19), priority=2)
    urgent_much_later = rank(rules, place_from=AT + timedelta(minutes=21), priority=2)

    assert urgent_later < normal < urgent_much_later
    strict = Rules(order="strict")
    assert rank(strict, place_from=AT + timedelta(days=300), priority=1) < rank(
        strict, place_from=AT, priority=0
    )
    sla = Rules(order="sla", sla_seconds={"urgent": 30, "normal": 600})
    assert rank(sla, place_from=AT + timedelta(seconds=500), priority=2) < rank(
        sla, place_from=AT, priority=0
    )


@pytest.mark.unit
def test_a_queue_looks_again_exactly_when_something_is_due() -> None:
    rules = Rules(
        waiting_messages=(WaitingMessage(60, {"": "a"}), WaitingMessage(120, {"": "b"})),
        overflow=Overflow(90, uuid4()),
        max_wait=MaxWait(300, "bot"),
        skills=(SkillStep(seconds=30), SkillStep(seconds=40), SkillStep()),
        language=Language(required=True, relax_after=45),
    )
    waiting = Waiting(AT, AT + timedelta(seconds=10))
    seen, now = [], AT
    while (due := next_due(rules, waiting, after=now)) is not None:
        seen.append((due - AT).total_seconds())
        now = due

    assert seen == [30, 45, 60, 70, 100, 120, 300]
    assert next_due(Rules(), waiting, after=AT) is None
    assert next_due(rules, Waiting(AT, AT, steps_said=2, max_wait_done=True), after=AT + timedelta(seconds=91)) is None  # fmt: skip
