"""Nobody is here: the customer hears what happens next, when, and may leave an address."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from agents.actions.attend import attend
from agents.actions.route import route_waiting
from agents.models import Holiday, OpeningHours, Policy, Presence, Queue, Schedule
from conversations.actions.customer import ask_for_a_person
from conversations.actions.handoff import request_handoff
from conversations.actions.post import store
from conversations.drafts import Stored
from conversations.models import Conversation, Event, Message
from conversations.phrases import day_and_time
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def queue() -> Queue:
    return make.queue(is_default=True)


def handed_over(at: datetime, reason: str = "unsure", **fields: Any) -> Conversation:
    talk = make.conversation(**fields)
    store([make.draft(talk, "Can my tent be mended?", at=at)])
    request_handoff(conversation_id=talk.pk, reason=reason, summary="", at=at)
    return Conversation.objects.get(pk=talk.pk)


def told(talk: Conversation) -> list[str]:
    said = Message.objects.filter(conversation=talk, author_kind="system").order_by("seq")
    return list(said.values_list("text", flat=True))


def writes(talk: Conversation, text: str, at: datetime) -> None:
    """As it happens: stored, and half a second later somebody attends to it."""
    stored = store([make.draft(talk, text, at=at)])[0]
    assert isinstance(stored, Stored)
    attend([{"message": stored.message_id}], at=at)


def test_an_unsure_bot_and_an_empty_house_say_one_useful_thing(queue: Queue, at: datetime) -> None:
    talk = handed_over(at)

    assert talk.state == "queued"
    (said,) = told(talk)
    assert said.startswith("I'm not sure about this one; a colleague has to look at it. Nobody is")
    assert "as soon as they are back" in said
    assert "write your e-mail address here" in said
    assert route_waiting(at=at) == 0
    assert len(told(talk)) == 1  # once for each wait
    assert Event.objects.filter(conversation=talk, kind="nobody_here").count() == 1


def test_with_somebody_here_a_colleague_is_asked(queue: Queue, at: datetime) -> None:
    make.present_agent(queues=[queue])

    assert told(handed_over(at)) == [
        "I'm not sure about this one, so I'm asking a colleague to help you."
    ]


def test_who_asked_for_a_person_need_not_be_told_why(queue: Queue, at: datetime) -> None:
    (said,) = told(handed_over(at, "asked", language="zh-Hans"))

    assert said.startswith("目前没有同事在线。您的留言已保存，同事上线后会在这里回复您。您不必")


def test_agents_who_are_away_are_not_here(queue: Queue, at: datetime) -> None:
    make.present_agent(queues=[queue])
    Presence.objects.update(status="away")

    assert "Nobody is available" in told(handed_over(at))[0]


def test_when_it_is_closed_they_hear_when_it_opens(queue: Queue, at: datetime) -> None:
    make.present_agent(queues=[queue])
    schedule = Schedule.objects.create(name="Office", time_zone="Europe/Berlin")
    for day in range(5):
        OpeningHours.objects.create(schedule=schedule, weekday=day, opens=time(9), closes=time(12))
    Holiday.objects.create(schedule=schedule, name="Closed", day=(at + timedelta(days=1)).date())
    hours = Policy.objects.create(rule="hours", value=str(schedule.uuid))
    known = make.customer(email="anna@example.org")

    (said,) = told(handed_over(at, customer=known))

    assert "when we are open again: Wednesday, 6 May, 09:00 CEST" in said
    assert "we also reach you at anna@example.org" in said
    assert "write your e-mail" not in said
    Policy.objects.create(rule="closed_text", value={"en": "Back on Wednesday."})
    (said,) = told(handed_over(at))
    assert said == "I'm not sure about this one; a colleague has to look at it. Back on Wednesday."
    hours.delete()
    assert "asking a colleague" in told(handed_over(at))[0]


def test_a_moment_is_written_as_the_language_does() -> None:
    moment = datetime(2026, 5, 4, 9, tzinfo=UTC)

    assert day_and_time(moment, "en") == "Monday, 4 May, 09:00 UTC"
    assert day_and_time(moment, "zh-Hans") == "5月4日星期一 09:00 UTC"
    assert day_and_time(moment, "pt") == "Monday, 4 May, 09:00 UTC"


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("anna.berg+shop@mail.example.org", "anna.berg+shop@mail.example.org"),
        ("Write to anna@example.org, please.", "anna@example.org"),
        ("我的邮箱是anna@example.org谢谢", "anna@example.org"),
        ("anna@example.org or bert@example.org", ""),
        ("anna@@example", ""),
        ("see @anna", ""),
    ],
)
def test_an_address_that_they_leave_is_kept(
    queue: Queue, at: datetime, text: str, email: str
) -> None:
    talk = handed_over(at)

    writes(talk, text, at)

    talk.customer.refresh_from_db()
    assert talk.customer.email == email
    line = Event.objects.filter(conversation=talk, kind="contact_left").first()
    assert (line is not None) == bool(email)
    if line:
        assert line.data == {"field": "email"}  # the log does not repeat it
        assert told(talk)[-1].startswith(f"Thank you, we have noted {email}.")


def test_a_known_address_is_not_overwritten_by_words(queue: Queue, at: datetime) -> None:
    talk = handed_over(at, customer=make.customer(email="anna@example.org"))

    writes(talk, "Also try bert@example.org", at)

    talk.customer.refresh_from_db()
    assert talk.customer.email == "anna@example.org"


def test_who_writes_on_is_not_left_in_silence_nor_talked_at(queue: Queue, at: datetime) -> None:
    talk = handed_over(at)
    for minute in (1, 2, 3, 50):
        writes(talk, "Hello?", at + timedelta(minutes=minute))
    assert len(told(talk)) == 2
    assert told(talk)[-1].startswith("Thank you, we keep that too. Still nobody is available;")

    writes(talk, "Hello?", at + timedelta(minutes=62))

    assert len(told(talk)) == 3


def test_once_somebody_is_here_again_it_is_not_said(queue: Queue, at: datetime) -> None:
    talk = handed_over(at)
    make.present_agent(queues=[queue])

    writes(talk, "Hello?", at + timedelta(seconds=5))

    assert len(told(talk)) == 1


def test_asking_at_night_in_a_queue_of_its_own_goes_by_that_queue_s_hours(
    queue: Queue, at: datetime
) -> None:
    """A full queue leads to another one: the hours are the other one's."""
    night = Schedule.objects.create(name="Never", time_zone="UTC")
    other = make.queue()
    for served in (queue, other):
        make.present_agent(queues=[served], capacity=1)
    Policy.objects.create(rule="limit", value={"waiting": 1, "queue": str(other.uuid)}, queue=queue)
    Policy.objects.create(rule="hours", value=str(night.uuid), queue=other)
    make.waiting_conversation(queue=queue)

    talk = make.conversation()
    ask_for_a_person(conversation_id=talk.pk, at=at)
    talk.refresh_from_db()

    assert (talk.queue, talk.hops, talk.told_nobody) == (other, 1, True)
    line = Event.objects.get(conversation=talk, kind="overflowed")
    assert line.data == {
        "from": str(queue.uuid), "to": str(other.uuid), "hops": 1, "why": "full",
    }  # fmt: skip


@pytest.mark.parametrize("how", ["manual", "closed"])
def test_who_waits_hears_it_too_when_the_others_go(queue: Queue, at: datetime, how: str) -> None:
    agent = make.present_agent(queues=[queue])
    if how == "manual":
        Policy.objects.create(rule="mode", value="manual")
    talk = handed_over(at)
    assert "asking a colleague" in told(talk)[0]
    if how == "manual":
        Presence.objects.filter(agent=agent).update(status="offline")
    else:
        never = Schedule.objects.create(name="Never", time_zone="UTC")
        Policy.objects.create(rule="hours", value=str(never.uuid))

    assert route_waiting(at=at) == route_waiting(at=at) == 0

    assert len(told(talk)) == 2
    assert told(talk)[1].startswith("Nobody is available")
