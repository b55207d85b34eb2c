"""Unhappy words: read once, told to supervisors with a chance, a little further in front, and appealed against."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from agents.actions.moods import heard_unhappy
from agents.models import Agent, Notification, Policy, Queue
from agents.reads.customer_data import found_of
from bots.actions.appeals import appeal, decide, learnt_from_people
from bots.actions.feelings import read_new, reader
from bots.models import FeelingAppeal, MessageFeeling
from bots.reads.feelings import drift, mood_of
from conversations.actions.customer import ask_for_a_person
from conversations.actions.post import store
from conversations.errors import CannotMove, NotFound, WrongFields
from conversations.models import Conversation, Event
from tests import make

pytestmark = [pytest.mark.model, pytest.mark.django_db]

ANGRY = (
    "This is the worst service I have ever had, I am furious",
    "Terrible, awful, you are useless. I hate this and want my money back!!",
)


@pytest.fixture
def queue() -> Queue:
    return make.queue(is_default=True)


def said(talk: Conversation, *texts: str, at: datetime) -> None:
    for text in texts:
        store([make.draft(talk, text, at=at)])


def read(at: datetime) -> int:
    return read_new(with_reader=reader, clock=lambda: at)


def fresh(talk: Conversation) -> Conversation:
    return Conversation.objects.get(pk=talk.pk)


def line(talk: Conversation) -> Event:
    return Event.objects.get(conversation=talk, kind="mood")


def supervisor(queue: Queue) -> Agent:
    made = make.agent(role="manager")
    queue.members.add(made)
    return made


def test_each_message_is_read_once_and_the_mood_follows(at: datetime, queue: Queue) -> None:
    talk = make.conversation(at=at)
    said(talk, "where is my order?", *ANGRY, at=at)
    store([make.draft(talk, "I am sorry", at=at, author_kind="system")])
    assert read(at) == 3
    assert read(at) == 0
    labels = list(MessageFeeling.objects.order_by("pk").values_list("label", flat=True))
    assert labels == ["neutral", "negative", "negative"]
    mood = fresh(talk).sentiment
    assert mood is not None
    assert mood < -0.5
    assert line(talk).data["messages"] >= 2
    assert 0.5 < line(talk).data["chance"] <= 1


def test_content_and_plain_customers_alarm_nobody(at: datetime, queue: Queue) -> None:
    talk = make.conversation(at=at)
    said(talk, "Hello", "When do you open?", "Thank you so much, great help!", at=at)
    read(at)
    assert not Event.objects.filter(conversation=talk, kind="mood").exists()
    mood = fresh(talk).sentiment
    assert mood is not None
    assert mood > 0


def test_personal_data_never_reach_the_model(at: datetime, queue: Queue) -> None:
    talk = make.conversation(at=at)
    said(talk, "My card is 4111 1111 1111 1111, this is terrible", at=at)
    seen: list[str] = []

    class Listening:
        version = "x"

        def read(self, texts: list[str]) -> Any:
            seen.extend(texts)
            return reader().read(texts)

    read_new(with_reader=Listening, clock=lambda: at)  # type: ignore[arg-type]
    assert len(seen) == 1
    assert "4111" not in seen[0]


def test_supervisors_hear_of_it_once_and_agents_do_not(at: datetime, queue: Queue) -> None:
    chief, agent = supervisor(queue), make.present_agent(queues=[queue], at=at)
    talk = make.conversation(at=at)
    said(talk, *ANGRY, at=at)
    read(at)
    offset = line(talk).offset
    assert heard_unhappy(conversation_id=talk.pk, offset=offset, at=at)
    assert not heard_unhappy(conversation_id=talk.pk, offset=offset, at=at)
    told = Notification.objects.filter(kind="mood")
    assert [one.agent_id for one in told] == [chief.pk]
    assert told[0].data["queue"] == queue.name
    assert not Notification.objects.filter(agent=agent, kind="mood").exists()


def test_who_waits_comes_forward_a_little_and_only_once(at: datetime, queue: Queue) -> None:
    supervisor(queue)
    talk, later = make.conversation(at=at), at + timedelta(minutes=1)
    said(talk, "I want a person", at=at)
    ask_for_a_person(conversation_id=talk.pk, at=at)
    before = fresh(talk).rank_at
    said(talk, *ANGRY, at=later)
    read(later)
    offset = line(talk).offset
    heard_unhappy(conversation_id=talk.pk, offset=offset, at=later)
    after = fresh(talk).rank_at
    assert before is not None
    assert after == before - timedelta(minutes=2)
    moved = Event.objects.get(conversation=talk, kind="moved_up")
    assert moved.data == {"seconds": 120, "why": "mood"}
    Notification.objects.all().delete()
    heard_unhappy(conversation_id=talk.pk, offset=offset, at=later)
    assert fresh(talk).rank_at == after


def test_a_house_may_let_the_mood_count_for_nothing(at: datetime, queue: Queue) -> None:
    Policy.objects.create(rule="mood_minutes", value=0)
    talk = make.conversation(at=at)
    said(talk, "I want a person", at=at)
    ask_for_a_person(conversation_id=talk.pk, at=at)
    before = fresh(talk).rank_at
    said(talk, *ANGRY, at=at)
    read(at)
    heard_unhappy(conversation_id=talk.pk, offset=line(talk).offset, at=at)
    assert fresh(talk).rank_at == before


def test_an_appeal_is_looked_at_by_a_person_and_learnt_from(at: datetime, queue: Queue) -> None:
    talk, agent, chief = make.conversation(at=at), make.agent(), make.agent(role="manager")
    said(talk, ANGRY[0], at=at)
    read(at)
    worst = fresh(talk).sentiment
    offset = MessageFeeling.objects.get().message.offset
    made = appeal(conversation=talk.uuid, offset=offset, says="positive", by_id=agent.pk, at=at)
    assert fresh(talk).sentiment == worst
    assert list(learnt_from_people()) == []
    decide(appeal=made.uuid, accepted=True, by_id=chief.pk, at=at)
    assert fresh(talk).sentiment == mood_of(talk.pk).score == 1.0
    assert [(row.text, row.answer) for row in learnt_from_people()] == [(ANGRY[0], 2)]
    with pytest.raises(CannotMove):
        decide(appeal=made.uuid, accepted=False, by_id=chief.pk, at=at)
    with pytest.raises(CannotMove):
        appeal(conversation=talk.uuid, offset=offset, says="neutral", by_id=agent.pk, at=at)


def test_what_cannot_be_appealed_against_is_told(at: datetime, queue: Queue) -> None:
    talk, agent = make.conversation(at=at), make.agent()
    with pytest.raises(NotFound):
        appeal(conversation=talk.uuid, offset=1, says="neutral", by_id=agent.pk, at=at)
    with pytest.raises(WrongFields):
        appeal(conversation=talk.uuid, offset=1, says="angry", by_id=agent.pk, at=at)


def test_over_http_only_who_may_see_it(at: datetime, queue: Queue) -> None:
    talk = make.conversation(at=at)
    said(talk, ANGRY[0], at=at)
    read(at)
    address = f"/api/v1/conversations/{talk.uuid}/feelings/"
    client = Client()
    assert client.get(address).status_code in {401, 403}
    client.force_login(make.agent(role="manager"))
    answer = client.get(address).json()
    (one,) = answer["messages"]
    assert one["label"] == "negative"
    assert one["measured"] is True
    assert one["appeal"] is None
    words = {"offset": one["offset"], "says": "neutral"}
    said_so = client.post(f"{address}appeal/", words, content_type="application/json")
    assert said_so.status_code == 201
    assert client.get(address).json()["messages"][0]["appeal"]["says"] == "neutral"
    bad = client.post(f"{address}appeal/", {"offset": 0}, content_type="application/json")
    assert bad.status_code == 400
    nowhere = client.get(f"/api/v1/conversations/{uuid4()}/feelings/")
    assert nowhere.status_code == 404


def test_what_was_read_goes_and_is_given_out_with_the_customer(at: datetime, queue: Queue) -> None:
    talk = make.conversation(at=at)
    said(talk, ANGRY[0], at=at)
    read(at)
    offset = MessageFeeling.objects.get().message.offset
    appeal(conversation=talk.uuid, offset=offset, says="neutral", by_id=make.agent().pk, at=at)
    found = found_of(talk.customer_id)
    assert MessageFeeling in found
    assert FeelingAppeal in found
    talk.customer.delete()
    assert not MessageFeeling.objects.exists()


def test_weeks_are_held_against_the_weeks_before(at: datetime, queue: Queue) -> None:
    talk = make.conversation(at=at)
    for week, text in ((3, "When do you open?"), (2, "When do you open?"), (1, ANGRY[0])):
        moment = at - timedelta(weeks=week)
        said(talk, *[text] * 200, at=moment)
    read(at)
    weeks = drift(at=at)
    assert [week.texts for week in weeks] == [200, 200, 200]
    assert weeks[0].shifted == ()
    assert weeks[1].shifted == ()
    assert "negative" in weeks[2].shifted
    assert mood_of(talk.pk).score is not None
