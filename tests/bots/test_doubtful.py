"""Messages whose reading is in doubt come to a person, whose word stands above the estimate."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bots.actions.appeals import learnt_from_people
from bots.models import FeelingAppeal, MessageFeeling
from bots.reads.doubtful import doubtful
from conversations.actions.post import store
from conversations.models import Conversation, Message, Rating
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
SURE = {"negative": (0.9, 0.08, 0.02), "positive": (0.02, 0.08, 0.9), "torn": (0.45, 0.35, 0.2)}


def heard(talk: Conversation, text: str, how: str, *, at: datetime) -> MessageFeeling:
    store([make.draft(talk, text, at=at)])
    message = Message.objects.filter(conversation=talk).latest("pk")
    negative, neutral, positive = SURE[how]
    return MessageFeeling.objects.create(
        message=message,
        conversation=talk,
        label="positive" if how == "positive" else "negative",
        negative=negative,
        neutral=neutral,
        positive=positive,
        language="en",
        version="12345678",
        at=at,
    )


def rated(talk: Conversation, score: int, *, at: datetime) -> None:
    Rating.objects.create(conversation=talk, score=score, rated_at=at)


def test_last_words_against_the_rating_come_first_then_what_is_torn(at: datetime) -> None:
    mocked, content, sour = (make.conversation(at=at) for _ in range(3))
    mocking = heard(mocked, "Great, another automated reply", "positive", at=at)
    heard(content, "My tent has a hole", "negative", at=at)
    heard(content, "Thanks, that is kind", "positive", at=at)
    heard(sour, "This is a shame", "negative", at=at)
    torn = heard(sour, "It came on Monday", "torn", at=at)
    FeelingAppeal.objects.create(
        feeling=heard(sour, "Spoken about", "torn", at=at), says="neutral", at=at
    )
    torn = heard(sour, "it came on  MONDAY", "torn", at=at)
    old = heard(sour, "Hm", "torn", at=at - timedelta(days=40))
    for talk, score in ((mocked, 1), (content, 5), (sour, 1)):
        rated(talk, score, at=at)

    found = doubtful(at=at)

    assert [(one.feeling, one.score) for one in found] == [(mocking, 1), (torn, None)]
    assert found[1].percents == [("negative", 45), ("neutral", 35), ("positive", 20)]
    assert old not in [one.feeling for one in found]


def test_a_word_of_a_manager_settles_it_and_is_learnt_from(client: Client) -> None:
    now = timezone.now()
    torn = heard(make.conversation(at=now), "It came, mail ada@example.com", "torn", at=now)
    address = reverse("admin:bots_feelingappeal_label", args=[torn.pk])
    client.force_login(make.agent(role="manager", is_staff=True))

    shown = client.get(reverse("admin:bots_feelingappeal_changelist"), follow=True)
    client.post(address, {"says": "cross"})
    refused = FeelingAppeal.objects.count()
    client.post(address, {"says": "neutral"})
    client.post(address, {"says": "positive"})  # a second word changes nothing
    client.post(reverse("admin:bots_feelingappeal_label", args=[10**9]), {"says": "neutral"})

    assert address in shown.content.decode()
    assert refused == 0
    (one,) = FeelingAppeal.objects.all()
    assert (one.says, one.state, one.feeling) == ("neutral", "accepted", torn)
    assert doubtful(at=now) == []
    (row,) = learnt_from_people()
    assert (row.answer, row.language) == (1, "en")
    assert "ada@" not in row.text


def test_only_who_decides_on_appeals_may_say_so(at: datetime, client: Client) -> None:
    torn = heard(make.conversation(at=at), "It came on Monday", "torn", at=at)
    address = reverse("admin:bots_feelingappeal_label", args=[torn.pk])
    client.force_login(make.agent(role="agent", is_staff=True))

    assert client.post(address, {"says": "neutral"}).status_code == 403
    assert client.get(address).status_code in {403, 405}
    assert not FeelingAppeal.objects.exists()
