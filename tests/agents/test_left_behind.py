"""Who says that they are gone leaves their waiting customers to others, but not what they take then."""

from datetime import datetime, timedelta

import pytest

from agents.actions.assign import claim
from agents.actions.presence import mark_seen, set_presence
from agents.actions.sweep import sweep
from agents.models import Agent, Queue
from conversations.models import Conversation, Handoff
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def queue() -> Queue:
    return make.queue(is_default=True)


@pytest.fixture
def agent(queue: Queue) -> Agent:
    return make.present_agent(queues=[queue])


def later_look(agent: Agent, *, at: datetime) -> None:
    """Their console is still open."""
    mark_seen(agent_ids=[agent.pk], at=at)
    sweep(at=at)


def holder_of(talk: Conversation) -> int | None:
    return Conversation.objects.get(pk=talk.pk).assignee_id


def test_who_waits_for_somebody_who_left_waits_for_others(
    queue: Queue, agent: Agent, at: datetime
) -> None:
    talk = make.waiting_conversation(queue=queue, at=at)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    set_presence(agent_id=agent.pk, status="offline", at=at)

    later_look(agent, at=at + MINUTE)

    assert holder_of(talk) is None


def test_who_comes_next_reads_what_the_first_was_told(
    queue: Queue, agent: Agent, at: datetime
) -> None:
    talk = make.waiting_conversation(queue=queue, at=at, preview="A human now")
    told = Handoff.objects.create(
        conversation=talk, reason="asked", summary="Return · number: FW-10234", requested_at=at
    )
    for minute in (1, 2):
        claim(conversation_id=talk.pk, agent_id=agent.pk, at=at + minute * MINUTE)
        set_presence(agent_id=agent.pk, status="offline", at=at + minute * MINUTE)
        later_look(agent, at=at + minute * MINUTE + MINUTE / 2)

    lost = Handoff.objects.filter(conversation=talk).exclude(pk=told.pk)
    assert {(one.reason, one.summary) for one in lost} == {
        ("lost", "Return · number: FW-10234 · A human now")
    }


def test_what_somebody_takes_while_nothing_is_offered_to_them_stays_theirs(
    queue: Queue, agent: Agent, at: datetime
) -> None:
    talk = make.waiting_conversation(queue=queue, at=at)
    set_presence(agent_id=agent.pk, status="offline", at=at)
    mark_seen(agent_ids=[agent.pk], at=at + MINUTE)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at + MINUTE)

    later_look(agent, at=at + 2 * MINUTE)
    assert holder_of(talk) == agent.pk

    sweep(at=at + 3 * MINUTE)
    assert holder_of(talk) is None, "their console is closed"
