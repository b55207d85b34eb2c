"""Why nobody is asked although somebody is free: the queue is by hand, or it is closed."""

from datetime import datetime
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from agents.actions.assign import claim
from agents.models import Policy, Schedule
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_the_console_is_told_what_holds_a_conversation_back(at: datetime) -> None:
    queue = make.queue()
    agent = make.present_agent(queues=[queue])
    talk = make.waiting_conversation(queue=queue, at=at)
    door = APIClient()
    door.force_authenticate(agent)

    def held_back() -> str:
        answer = door.get(f"/api/v1/conversations/{talk.uuid}/routing/")
        assert answer.status_code == 200, answer.data
        return str(answer.data["held_back"])

    assert held_back() == ""
    mode = Policy.objects.create(rule="mode", value="manual", queue=queue)
    assert held_back() == "manual"
    mode.delete()
    never = Schedule.objects.create(name="Never", time_zone="UTC")
    hours = Policy.objects.create(rule="hours", value=str(never.uuid), queue=queue)
    assert held_back() == "closed"
    hours.value = str(uuid4())
    hours.save()
    assert held_back() == "", "hours that are gone close nothing"

    hours.delete()
    Policy.objects.create(rule="mode", value="manual", queue=queue)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    assert held_back() == "", "somebody has it"
