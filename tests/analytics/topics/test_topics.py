"""What conversations are about: found from the vectors of their questions, kept, named, and told apart."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from analytics.period import Period
from analytics.reports.behind import narrow
from analytics.reports.scope import Scope
from analytics.reports.topics import topics
from analytics.topics.actions import unasked
from analytics.topics.actions.deciding import CannotMerge, merge
from analytics.topics.actions.sort import gather, name_all, recount, sort_new, split_grown
from analytics.topics.actions.unasked import gather_unasked
from analytics.topics.models import About, Topic
from analytics.topics.rules.change import change, share_of
from analytics.topics.rules.grouping import nearest, together
from analytics.topics.rules.naming import apart
from bots.knowledge.vectors import light_encoders
from bots.models import Asked
from bots.models.passage import DIMENSIONS
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.models import Conversation
from tests import make
from tests.make import NOON

RETURNS = ("How do I send shoes back?", "Can I return the shoes?", "I want to return my order.", "Return of a jacket, how?", "Where do I send a return?", "Is the return free of charge?")  # fmt: skip
LOGIN = ("I forgot my password.", "The password is not accepted.", "How can I reset the password?", "Password reset mail does not come.", "My password does not work any more.", "Change of password?")  # fmt: skip
CHINESE = ("发票怎么开？", "我要开发票。", "发票什么时候能开？", "可以开电子发票吗？", "发票抬头写错了。", "发票开错了怎么办？")  # fmt: skip


def direction(number: int, noise: float, seed: int) -> list[float]:
    """A unit vector near one axis: what an encoder gives to questions that mean the same."""
    dice = np.random.default_rng(seed)
    vector = dice.normal(0, noise / DIMENSIONS**0.5, DIMENSIONS)
    vector[number] += 1.0
    return list(vector / np.linalg.norm(vector))


def asked(texts: Sequence[str], at: datetime = NOON, language: str = "en") -> list[Conversation]:
    made = []
    vectors = light_encoders().every.queries(texts)
    for place, text in enumerate(texts):
        talk = make.conversation(at=at + timedelta(minutes=place), language=language)
        Asked.objects.create(
            conversation=talk, offset=1, inbox=talk.inbox, asked_at=at + timedelta(minutes=place), text=text,
            language=language, vector=vectors[place], encoder="e", decision="answer",
        )  # fmt: skip
        made.append(talk)
    return made


def sort_all(at: datetime = NOON) -> None:
    gather()
    sort_new(at=at + timedelta(days=1))
    name_all()


@pytest.mark.django_db
def test_what_is_alike_becomes_a_topic_with_the_words_that_set_it_apart() -> None:
    asked(RETURNS)
    asked(LOGIN)
    asked(CHINESE, language="zh")
    asked(["Wie wird morgen das Wetter auf Sylt?"], language="de")

    sort_all()

    found = {topic.shown_name().split(",")[0]: topic.size for topic in Topic.objects.all()}
    assert found == {"return": 6, "password": 6, "发票": 6}
    assert About.objects.filter(topic=None).count() == 1
    chinese = Topic.objects.get(language="zh")
    assert chinese.words["zh"][0] == "发票"
    assert chinese.example in CHINESE


@pytest.mark.django_db
def test_a_topic_stays_what_it_is_while_others_come() -> None:
    asked(RETURNS)
    sort_all()
    known = Topic.objects.get()
    Topic.objects.update(title="Sending back")
    asked(RETURNS[:3])
    asked(CHINESE, language="zh")

    sort_all()

    known.refresh_from_db()
    assert (known.title, known.size) == ("Sending back", 9)
    assert Topic.objects.count() == 2
    before = list(About.objects.order_by("pk").values_list("topic", "nearness"))
    sort_all()
    assert before == list(About.objects.order_by("pk").values_list("topic", "nearness"))


@pytest.mark.django_db
def test_another_question_does_not_move_a_conversation() -> None:
    (talk, *_) = asked(RETURNS)
    asked(LOGIN)
    sort_all()
    topic = About.objects.get(conversation=talk).topic
    Asked.objects.create(
        conversation=talk, offset=5, inbox=talk.inbox, asked_at=NOON, text="And my password?", language="en",
        vector=light_encoders().every.queries(["And my password?"])[0], encoder="e", decision="answer",
    )  # fmt: skip

    sort_all()

    about = About.objects.get(conversation=talk)
    assert (about.topic, about.questions) == (topic, 2)


@pytest.mark.django_db
def test_people_merge_topics_and_what_comes_later_follows() -> None:
    asked(RETURNS)
    asked(LOGIN)
    sort_all()
    one, other = Topic.objects.order_by("pk")

    merge(topics=[one, other], into=one, by_id=None)

    one.refresh_from_db()
    assert one.size == 12
    asked(LOGIN[:1])
    sort_all()
    assert About.objects.filter(topic=one).count() == 13
    with pytest.raises(CannotMerge):
        merge(topics=[one], into=one, by_id=None)
    with pytest.raises(CannotMerge):
        merge(topics=[one, other], into=other, by_id=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=one.pk).update(merged_into=one)


@pytest.mark.django_db
@pytest.mark.parametrize(("title", "topics"), [("", 2), ("Everything", 1)])
def test_what_has_grown_into_two_is_split_unless_a_person_has_named_it(
    title: str, topics: int
) -> None:
    asked(RETURNS[:5])
    sort_all()
    first = Topic.objects.get()
    more = asked(LOGIN * 3)
    gather()
    About.objects.filter(conversation__in=more).update(topic=first)
    recount([first.pk])
    Topic.objects.update(title=title)

    split_grown(at=NOON)

    assert Topic.objects.count() == topics
    assert sum(Topic.objects.values_list("size", flat=True)) == 23
    assert About.objects.filter(topic=None).count() == 0


@pytest.mark.django_db
def test_erasing_a_customer_takes_what_it_was_about_along() -> None:
    (talk, *_) = asked(RETURNS)
    sort_all()

    talk.customer.delete()

    assert not About.objects.filter(conversation=talk.pk).exists()


@pytest.mark.django_db
def test_new_topics_come_first_and_every_number_leads_to_its_conversations() -> None:
    week = timedelta(days=7)
    for n in range(4):
        asked(RETURNS, at=NOON - n * week)
        asked(RETURNS, at=NOON - n * week)
    fresh = asked(LOGIN)
    sort_all()
    scope = Scope(Period(NOON - timedelta(days=1), NOON + timedelta(days=6)), NOON)

    found = topics(scope)

    first = found.subjects[0]
    assert (first.name.split(",")[0], first.change.verdict, first.share.some) == (
        "password",
        "new",
        6,
    )
    assert {one.change.verdict for one in found.subjects[1:]} == {"shrinking"}  # of more now
    behind = narrow(Conversation.objects.all(), "topics.topic", first.key, scope)
    assert set(behind.values_list("pk", flat=True)) == {talk.pk for talk in fresh}
    assert (found.asked, found.elsewhere) == (18, 0)


@pytest.mark.django_db
@time_machine.travel(NOON + timedelta(days=1), tick=False)
def test_the_page_answers_first_and_people_name_pin_and_merge() -> None:
    client = Client()
    client.force_login(make.agent(role="manager", is_staff=True))
    page = "/admin/analytics/topics/"
    assert "No topic was found yet" in client.get(page).content.decode()
    asked(RETURNS)
    asked(LOGIN)
    sort_all()
    topic = Topic.objects.order_by("pk").first()
    assert topic is not None
    client.post(f"/admin/topics/topic/{topic.pk}/change/", {"title": "<b>Back", "is_pinned": "on"})

    shown = client.get(page).content.decode()
    table = client.get(f"{page}?csv=topics")

    assert "&lt;b&gt;Back (pinned)" in shown
    assert "nothing is new" in shown
    assert table["Content-Type"].startswith("text/csv")
    body = client.get("/api/v1/reports/topics/").json()
    assert [one["is_pinned"] for one in body["current"]["subjects"]] == [True, False]
    keys = list(Topic.objects.values_list("pk", flat=True))
    client.post("/admin/topics/topic/", {"action": "merge_them", "_selected_action": keys})
    assert Topic.objects.get(merged_into=None).shown_name() == "<b>Back"
    agent = Client()
    agent.force_login(make.agent(is_staff=True))
    assert agent.get(page).status_code == 403


# --- rules ---


@pytest.mark.unit
def test_what_is_near_nothing_stays_alone() -> None:
    vectors = np.array([direction(n, 0.1, n) for n in (1, 1, 2)], dtype=np.float32)
    sums = vectors[:1] * 5

    places, worth = nearest(vectors, sums, np.array([5.0], dtype=np.float32))

    assert places.tolist() == [0, 0, -1]
    assert worth[0] == pytest.approx(1.0, abs=1e-5)
    assert together(vectors).tolist() == [-1, -1, -1]  # too few
    assert together(np.zeros((0, DIMENSIONS), dtype=np.float32)).tolist() == []


@pytest.mark.unit
def test_the_larger_group_has_the_smaller_number() -> None:
    rows = [direction(2, 0.3, n) for n in range(5)] + [direction(1, 0.3, n) for n in range(9)]

    found = together(np.array(rows, dtype=np.float32))

    assert found.tolist() == [1] * 5 + [0] * 9


@pytest.mark.unit
def test_words_of_all_topics_name_none() -> None:
    named = apart({1: [f"order {t}" for t in RETURNS], 2: [f"order {t}" for t in LOGIN]}, "en")

    assert "return" in named[1]
    assert named[2][0] == "password"
    assert "order" not in named[1] + named[2]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("now", "before", "is_new", "verdict"),
    [
        pytest.param((30, 100), (10, 100), False, "growing", id="more than chance"),
        pytest.param((12, 100), (10, 100), False, "", id="chance may have done it"),
        pytest.param((5, 100), (30, 100), False, "shrinking", id="less than chance"),
        pytest.param((8, 100), (0, 100), True, "new", id="never before"),
        pytest.param((3, 4), (0, 100), True, "", id="too few to say"),
        pytest.param((0, 0), (3, 100), False, "", id="nothing was asked"),
    ],
)  # fmt: skip
def test_a_change_is_told_from_chance(
    now: tuple[int, int], before: tuple[int, int], is_new: bool, verdict: str
) -> None:
    assert change(share_of(*now), share_of(*before), is_new=is_new).verdict == verdict


@pytest.mark.unit
def test_wilson_s_interval() -> None:
    low, high = share_of(8, 20).between or (0, 0)

    assert (round(low, 3), round(high, 3)) == (0.219, 0.613)


def over_without_the_bot(texts: Sequence[str], at: datetime = NOON) -> list[Conversation]:
    made = []
    for place, text in enumerate(texts):
        talk = make.conversation(at=at)
        post(Draft(talk.pk, "customer", text, at + timedelta(minutes=place)))
        Conversation.objects.filter(pk=talk.pk).update(
            state="resolved", resolved_at=at, due_at=None
        )
        made.append(talk)
    return made


@pytest.mark.django_db
def test_what_the_bot_never_saw_has_a_topic_and_a_name_too() -> None:
    over_without_the_bot([*RETURNS, *LOGIN, "👍"])
    later = NOON + timedelta(hours=1)

    assert gather_unasked(at=NOON, encoders=light_encoders()) == 0  # it may still be read otherwise
    assert gather_unasked(at=later, encoders=light_encoders()) == 12
    assert gather_unasked(at=later, encoders=light_encoders()) == 0
    sort_new(at=later)
    name_all()

    found = {topic.shown_name().split(",")[0]: topic for topic in Topic.objects.all()}
    assert {name: topic.size for name, topic in found.items()} == {"return": 6, "password": 6}
    assert found["return"].example in RETURNS


@pytest.mark.django_db
def test_all_that_ended_in_one_moment_are_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unasked, "TOGETHER", 2)
    over_without_the_bot(RETURNS)

    assert gather_unasked(at=NOON + timedelta(hours=1), encoders=light_encoders()) == 6


@pytest.mark.django_db
def test_questions_to_the_bot_take_over() -> None:
    (talk, *_) = over_without_the_bot(RETURNS[:1])
    gather_unasked(at=NOON + timedelta(hours=1), encoders=light_encoders())
    Asked.objects.create(
        conversation=talk, offset=9, inbox=talk.inbox, asked_at=NOON, text=LOGIN[0], language="en",
        vector=direction(3, 0.1, 1), encoder="e", decision="answer",
    )  # fmt: skip

    assert gather() == 1
    assert About.objects.get().questions == 1
