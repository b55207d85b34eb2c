"""Learnt from ratings, live only if it wins, and one step back; forecasts for those who said nothing."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from agents.models import Agent
from analytics.period import Period
from analytics.reports.behind import narrow
from analytics.reports.expected import expected_satisfaction
from analytics.reports.scope import Scope
from analytics.satisfaction.facts import facts_of
from analytics.satisfaction.forecasting import forecast_new
from analytics.satisfaction.learning import roll_back, standing, tend, try_anew
from analytics.satisfaction.models import Fit, Forecast
from analytics.satisfaction.words import TOLD
from analytics.sections.expected import expected_section
from analytics.sections.parts import Links
from conversations.errors import BadWords, CannotMove
from conversations.models import Conversation, Event, Message, Rating
from tests import make
from tests.agents.api import Door
from tests.analytics.story import Story
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SATISFIED = Fit.Purpose.SATISFIED


@pytest.fixture
def house(at: datetime) -> None:
    """300 talks of 100 days; whoever waits long for an answer is seldom satisfied, and each second one says so."""
    rng = np.random.default_rng(11)
    web, customer = make.inbox(), make.customer()
    talks = Conversation.objects.bulk_create(
        Conversation(
            inbox=web, customer=customer, state="resolved", opened_at=(began := at - timedelta(days=100 - n / 3)),
            last_message_at=began, resolved_at=began + timedelta(minutes=30), seq=2, offset=2,
        )
        for n in range(300)
    )  # fmt: skip
    slow = rng.random(300) < 0.5
    happy = rng.random(300) < np.where(slow, 0.2, 0.92)
    says = rng.random(300) < 0.6
    messages, ratings = [], []
    for talk, is_slow, is_happy, rates in zip(talks, slow, happy, says, strict=True):
        waited = rng.uniform(300, 900) if is_slow else rng.uniform(1, 60)
        for offset, (kind, after) in enumerate((("customer", 0), ("agent", waited)), start=1):
            messages.append(
                Message(
                    conversation=talk, seq=offset, offset=offset, author_kind=kind, text="Words",
                    created_at=talk.opened_at + timedelta(seconds=float(after)),
                )
            )  # fmt: skip
        if rates:
            score = 5 if is_happy else 1
            ratings.append(Rating(conversation=talk, score=score, rated_at=talk.opened_at))
    Message.objects.bulk_create(messages)
    Rating.objects.bulk_create(ratings)


@pytest.fixture
def fit() -> Fit:
    words: dict[str, Any] = {"sheet": {}, "arrays": b"", "held_out": [], "figures": {}}
    return Fit.objects.create(
        purpose="satisfied", state="live", made_at=NOON, since=NOON, **words
    )  # fmt: skip


def test_facts_are_of_the_time_before_the_end(at: datetime) -> None:
    agent = make.agent()
    talk = Story(NOON).asks(1).bot(3).hands_over(10).taken(20, agent).agent_says(25, agent)
    Conversation.objects.filter(pk=talk.pk).update(
        state="resolved", resolved_at=NOON + timedelta(seconds=60), assignee=None, sentiment=-0.5
    )
    Event.objects.create(
        conversation=talk.conversation, offset=99, kind="reopened", actor_kind="customer", data={},
        created_at=NOON + timedelta(seconds=61),
    )  # fmt: skip

    facts = facts_of([talk.pk])[talk.pk]

    assert (facts["customer_messages"], facts["bot_messages"], facts["agent_messages"]) == (
        "1",
        "1",
        "1",
    )
    assert (facts["answered_by"], facts["handoffs"], facts["reopened"]) == ("person", "1", "0")
    assert facts["mood"] == "-0.50"
    assert float(facts["first_answer_seconds"]) == 2.0
    assert float(facts["waited_seconds"]) == 15.0
    assert set(facts) == set(TOLD)  # each has words for who reads why


def test_too_little_is_said_and_nothing_is_learnt(at: datetime) -> None:
    with pytest.raises(BadWords, match="Too little"):
        try_anew(purpose=SATISFIED, by_id=None, at=at)
    tend(at=at)

    assert not Fit.objects.exists()
    assert forecast_new(at=at) == 0


def test_a_link_that_somebody_follows_changes_nothing(fit: Fit) -> None:
    """The admin's buttons are links: one in a customer's message is followed as well."""
    client = Client()
    client.force_login(make.agent(is_superuser=True, is_staff=True))
    learn = reverse("admin:satisfaction_fit_learn_satisfied")
    back = reverse("admin:satisfaction_fit_go_back", args=[fit.pk])

    assert [client.get(page).status_code for page in (learn, back)] == [200, 200]
    fit.refresh_from_db()
    assert (fit.state, Fit.objects.count()) == ("live", 1)

    assert [client.post(page).status_code for page in (learn, back)] == [302, 302]
    fit.refresh_from_db()
    assert fit.state == "back"


def test_what_wins_goes_live_and_forecasts_everybody(house: None, at: datetime) -> None:
    assert standing(SATISFIED, at=at)["outcomes"] >= 100

    fit = try_anew(purpose=SATISFIED, by_id=None, at=at)

    assert fit.state == Fit.State.LIVE
    assert fit.figures["interval"][0] > 0
    assert fit.figures["auc"] > 0.75
    rounds = [forecast_new(at=at) for _ in range(3)]
    assert (
        sum(rounds) == Conversation.objects.filter(resolved_at__gt=at - timedelta(days=90)).count()
    )
    assert rounds[-1] == 0
    by_wait: dict[bool, list[float]] = {True: [], False: []}
    for one in Forecast.objects.all():
        wait = float(facts_of([one.conversation_id])[one.conversation_id]["first_answer_seconds"])
        by_wait[wait > 300].append(one.chance)
    assert np.mean(by_wait[False]) > 0.7
    assert np.mean(by_wait[True]) < 0.4
    assert "first_answer_seconds" in str([one.reasons for one in Forecast.objects.all()])


def test_chance_alone_does_not_win(house: None, at: datetime) -> None:
    rng = np.random.default_rng(12)
    for rating in Rating.objects.all():
        Rating.objects.filter(pk=rating.pk).update(score=int(rng.choice([1, 5])))

    fit = try_anew(purpose=SATISFIED, by_id=None, at=at)

    assert fit.state == Fit.State.LOST
    assert forecast_new(at=at) == 0


def test_rolled_back_nothing_goes_live_by_itself(house: None, fit: Fit, at: datetime) -> None:
    manager = make.agent(role="manager")
    newer = try_anew(purpose=SATISFIED, by_id=manager.pk, at=at)
    fit.refresh_from_db()
    assert (fit.state, newer.state, newer.before) == ("retired", "live", fit)

    assert roll_back(key=newer.uuid, by_id=manager.pk, at=at) == fit
    fit.refresh_from_db()
    assert fit.state == "live"
    with pytest.raises(CannotMove):
        roll_back(key=newer.uuid, by_id=manager.pk, at=at)
    assert try_anew(purpose=SATISFIED, by_id=None, at=at).state == "lost"


def test_the_clock_tries_once_a_day_and_only_with_news(house: None, at: datetime) -> None:
    tend(at=at)
    tend(at=at + timedelta(hours=1))
    tend(at=at + timedelta(days=2))

    assert sorted(Fit.objects.values_list("purpose", flat=True)) == ["answers", "satisfied"]


# --- the report ---

DAY = Period(NOON.replace(hour=0), NOON.replace(hour=0) + timedelta(days=1))


def scope() -> Scope:
    return Scope(DAY, NOON + timedelta(hours=2), None)


def ended(
    fit: Fit, *, chance: float, score: int | None = None, agent: Agent | None = None, **where: Any
) -> Conversation:
    talk = make.conversation(state="resolved", resolved_at=NOON, **where)
    Forecast.objects.create(
        conversation=talk,
        chance=chance,
        low=chance,
        high=chance,
        answers=0.5,
        fit=fit,
        made_at=NOON,
    )
    if score is not None:
        Rating.objects.create(conversation=talk, score=score, rated_at=NOON)
    if agent is not None:
        Event.objects.create(
            conversation=talk, offset=50, kind="assigned", actor_kind="agent", agent=agent, data={},
            created_at=NOON,
        )  # fmt: skip
    return talk


def test_agents_stand_by_name_and_are_apart_only_if_they_are(fit: Fit) -> None:
    ann, bob = make.agent(first_name="Ann"), make.agent(first_name="Bob")
    for _ in range(60):
        ended(fit, chance=0.95, score=5, agent=bob)
        ended(fit, chance=0.2, score=1, agent=ann)
    lone = make.agent(first_name="Zoe")
    for chance in (0.9, 0.3, 0.5):
        ended(fit, chance=chance, agent=lone)

    found = expected_satisfaction(scope())

    assert [one.name.split()[0] for one in found.agents] == ["Ann", "Bob", "Zoe"]
    assert [one.standing for one in found.agents] == ["below", "above", ""]
    assert found.agents[2].said.value is None
    assert found.agents[2].expected == pytest.approx(0.5667, abs=0.001)


def test_languages_and_inboxes_stand_apart_only_if_they_are(fit: Fit) -> None:
    web, mail = make.inbox(name="Web"), make.inbox(name="mail")
    for number in range(40):
        ended(fit, chance=0.9, score=5, language="en-GB" if number % 2 else "en", inbox=web)
        ended(fit, chance=0.3, score=1, language="zh-Hans", inbox=(web, mail)[number % 2])

    found = expected_satisfaction(scope())

    assert [(one.key, one.corrected.count, one.standing) for one in found.languages] == [
        ("en", 40, "above"),
        ("zh", 40, "below"),
    ]
    assert [(one.name, one.said.count) for one in found.inboxes] == [("mail", 20), ("Web", 60)]
    section = expected_section(scope(), Links(scope(), ""))
    assert [table.caption for table in section.tables][1:3] == ["By language", "By inbox"]
    behind = narrow(Conversation.objects.all(), "expected.language", "en", scope())
    assert behind.count() == 40
    assert narrow(Conversation.objects.all(), "expected.inbox", mail.key, scope()).count() == 20


def test_who_said_nothing_and_was_probably_unhappy(fit: Fit) -> None:
    silent = ended(fit, chance=0.2)
    ended(fit, chance=0.2, score=1)
    ended(fit, chance=0.8)

    found = expected_satisfaction(scope())

    assert found.silent == 1
    behind = narrow(Conversation.objects.all(), "expected.silent", "", scope())
    assert list(behind) == [silent]


def test_a_supervisor_finds_the_forecast_beside_the_conversation(fit: Fit) -> None:
    one, other = ended(fit, chance=0.6), make.conversation()
    door = Door(make.agent(role="manager"))
    path = "conversations/{}/expected-satisfaction/"

    found = door.get(path.format(one.uuid))["forecast"]
    assert found["low"] <= found["chance"] == 0.6 <= found["high"]
    assert door.get(path.format(other.uuid)) == {"forecast": None}
    assert Door(make.agent()).ask("get", path.format(one.uuid))[0] == 403


def test_the_section_is_an_answer(fit: Fit) -> None:
    empty = expected_section(scope(), Links(scope(), ""))
    assert empty.tables == ()

    web = make.inbox()
    for score in (5, 5, 1, None):
        ended(fit, chance=0.6, score=score, inbox=web)

    section = expected_section(scope(), Links(scope(), ""))
    assert section.title.endswith("of all customers are satisfied")
    assert [row[0].text for row in section.tables[0].rows] == ["All", "The bot alone"]
    assert [table.caption for table in section.tables[1:]] == ["Worth a look"]  # one of each


def test_a_house_that_has_few_ratings_is_told_how_far_it_is() -> None:
    Rating.objects.create(
        conversation=make.conversation(state="resolved", resolved_at=NOON), score=5, rated_at=NOON
    )

    section = expected_section(scope(), Links(scope(), ""))

    assert section.title == "How satisfied those are who said nothing is not known yet"
    rows = [[cell.text for cell in row] for row in section.tables[0].rows]
    assert [row[1:] for row in rows] == [["1", "100"], ["0", "20"]]
