"""A rule holds at once: who waits gets the place and the next moment that it gives."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import TestCase

from agents import settings_watch
from agents.actions.replan import replan
from agents.actions.setup import save_policy
from agents.models import Policy, Queue
from conversations.errors import Taken, WrongFields
from conversations.models import Conversation
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def waiting(queue: Queue, minutes: float, **fields: Any) -> Conversation:
    return make.waiting_conversation(queue=queue, at=NOON - timedelta(minutes=minutes), **fields)


def in_turn() -> list[int]:
    return list(Conversation.objects.queued().in_turn().values_list("pk", flat=True))


def test_another_order_ranks_those_who_wait_already() -> None:
    queue = make.queue()
    first, urgent = waiting(queue, 60), waiting(queue, 5, priority=2)
    replan(at=NOON)
    assert in_turn() == [first.pk, urgent.pk]

    save_policy(Policy(rule="order", queue=queue), "strict")
    assert replan(at=NOON) == 1
    assert in_turn() == [urgent.pk, first.pk]

    Policy.objects.all().delete()
    save_policy(Policy(rule="priority_minutes", queue=queue), 40)
    replan(at=NOON)
    assert in_turn() == [urgent.pk, first.pk]
    assert replan(at=NOON) == 0


def test_each_queue_by_its_own_rules(django_assert_max_num_queries: Any) -> None:
    aged, strict = make.queue(), make.queue()
    save_policy(Policy(rule="order", queue=strict), "strict")
    rows = [waiting(queue, 10, priority=1) for queue in (aged, strict) for _ in range(3)]

    with django_assert_max_num_queries(10):  # however many wait
        replan(at=NOON)

    ranks = {
        row.queue_id: row.rank_at
        for row in Conversation.objects.filter(pk__in=[r.pk for r in rows])
    }
    assert ranks[aged.pk] == NOON - timedelta(minutes=25)
    assert ranks[strict.pk] == NOON - timedelta(minutes=10, days=3650)


def test_a_new_message_is_said_to_who_has_waited_long_enough() -> None:
    queue = make.queue()
    long, short = waiting(queue, 5), waiting(queue, 0.5)

    save_policy(Policy(rule="waiting_messages"), [{"after": 60, "text": "Soon."}])
    replan(at=NOON)

    due = dict(Conversation.objects.values_list("pk", "due_at"))
    assert due[long.pk] == NOON
    assert due[short.pk] == NOON + timedelta(seconds=30)


def test_what_is_due_already_is_left_to_be_done() -> None:
    queue = make.queue()
    late = waiting(queue, 5, due_at=NOON - timedelta(seconds=1))

    replan(at=NOON)

    assert Conversation.objects.get(pk=late.pk).due_at == NOON - timedelta(seconds=1)


def test_who_was_told_that_it_takes_too_long_is_not_told_again() -> None:
    from agents.actions.queueing import step
    from conversations.models import Event

    queue = make.queue()
    someone = waiting(queue, 31)
    save_policy(Policy(rule="max_wait", queue=queue), {"after": 1800, "do": "callback"})
    replan(at=NOON)
    for seconds in (0, 60, 120):
        Conversation.objects.filter(pk=someone.pk).update(due_at=NOON)
        step(conversation_id=someone.pk, at=NOON + timedelta(seconds=seconds))
        replan(at=NOON + timedelta(seconds=seconds))

    assert Event.objects.filter(conversation=someone, kind="waited_too_long").count() == 1


def test_one_task_for_all_changes_of_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[str] = []
    monkeypatch.setattr(settings_watch, "_replan", lambda: queued.append("replan"))
    monkeypatch.setattr(settings_watch, "_route", lambda: queued.append("route"))
    with TestCase.captureOnCommitCallbacks(execute=True):
        queue = make.queue()
        save_policy(Policy(rule="order", queue=queue), "strict")
        save_policy(Policy(rule="mode", queue=queue), "direct")
        queue.members.add(make.agent())
    assert queued == ["replan", "route"]


def test_more_room_routes_again_and_signing_in_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[str] = []
    monkeypatch.setattr(settings_watch, "_route", lambda: queued.append("route"))
    agent = make.agent()
    with TestCase.captureOnCommitCallbacks(execute=True):
        agent.last_login = NOON
        agent.save(update_fields=["last_login"])
    assert queued == []
    with TestCase.captureOnCommitCallbacks(execute=True):
        agent.capacity = 9
        agent.save()
    assert queued == ["route"]


def test_where_a_rule_may_not_be_it_is_refused() -> None:
    queue = make.queue()

    with pytest.raises(WrongFields, match="can be set for"):
        save_policy(Policy(rule="weights", queue=queue), {"web": 1})
    with pytest.raises(WrongFields, match="no queue 'Nowhere'"):
        save_policy(Policy(rule="overflow", queue=queue), {"after": 60, "queue": "Nowhere"})
    with pytest.raises(WrongFields, match="on to itself"):
        save_policy(Policy(rule="overflow", queue=queue), {"after": 60, "queue": queue.name})
    with pytest.raises(WrongFields, match="no skill french"):
        save_policy(Policy(rule="skills"), [{"all": [{"skill": "French"}]}])
    with pytest.raises(WrongFields, match="no schedule"):
        save_policy(Policy(rule="hours"), "Nine to five")
    with pytest.raises(WrongFields, match="no control characters"):
        save_policy(Policy(rule="webhook"), {"url": "https://r.example", "secret": "a\x00"})
    save_policy(Policy(rule="order", queue=queue), "strict")
    with pytest.raises(Taken, match="there already"):
        save_policy(Policy(rule="order", queue=queue), "aged")


def test_off_is_a_value() -> None:
    other, queue = make.queue(), make.queue()
    save_policy(Policy(rule="overflow"), {"after": 60, "queue": str(other.uuid)})
    save_policy(Policy(rule="overflow", queue=queue), None)

    from agents.reads.policies import PolicyBook

    assert PolicyBook.load().for_queue(queue).overflow is None
    assert PolicyBook.load().for_queue(other).overflow is not None
