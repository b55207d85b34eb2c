"""Lines of one cause carry one trace: what a request, a frame or a task did, and what follows from it."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from celery.signals import before_task_publish, task_prerun

from agents.actions.assign import claim
from contactcenter.celery import app
from conversations import trace
from conversations.actions.post import store
from conversations.models import Conversation, Event
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def traces(talk: Conversation, after: int = 0) -> set[str]:
    lines = Event.objects.filter(conversation=talk, offset__gt=after)
    return set(lines.values_list("trace", flat=True))


def test_everything_that_a_request_did_has_its_id(at: datetime) -> None:
    agent = make.present_agent(queues=[queue := make.queue()])
    talk = make.waiting_conversation(queue=queue)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    talk.refresh_from_db()
    client = Door(agent).client
    path = f"/api/v1/conversations/{talk.uuid}/resolve/"

    answer = client.post(path, {"note": "All good"}, format="json")

    assert answer.status_code == 200
    kinds = Event.objects.filter(conversation=talk, offset__gt=talk.offset)
    assert set(kinds.values_list("kind", flat=True)) == {"message", "resolved"}
    assert traces(talk, talk.offset) == {answer.headers["X-Request-ID"]}
    log = Door(agent).get(f"conversations/{talk.uuid}/log/?after={talk.offset}")
    shown = [line["trace"] for line in log["results"] if line["type"] == "event"]
    assert shown == [answer.headers["X-Request-ID"]]


def test_what_is_said_at_once_by_several_keeps_each_its_own(at: datetime) -> None:
    talk, drafts = make.conversation(), []
    for cause in ("one", "two"):
        trace.begin(cause)
        drafts.append(make.draft(talk, cause, at=at))
    trace.begin("somebody else")
    store(drafts)

    lines = Event.objects.filter(conversation=talk, kind="message").order_by("offset")
    assert list(lines.values_list("trace", flat=True)) == ["one", "two"]


def test_a_task_goes_on_under_the_cause_of_who_queued_it() -> None:
    headers: dict[str, Any] = {}
    cause = trace.begin()
    before_task_publish.send(sender="agents.route", headers=headers, body=None)
    trace.begin("another")

    task_prerun.send(sender=app, task=SimpleNamespace(request=headers), task_id=str(uuid4()))

    assert headers["cause"] == trace.trace.get() == cause


def test_a_task_of_the_clock_has_a_cause_of_its_own() -> None:
    before = trace.begin()

    task_prerun.send(sender=app, task=SimpleNamespace(request={}), task_id=str(uuid4()))

    assert trace.trace.get() not in {"", before}
