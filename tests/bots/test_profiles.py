"""The profile of a bot: which one holds, when it is on, and what the database refuses."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from agents.models import OpeningHours, Schedule
from bots.behaviour.profiles import manner_for, profile_of
from bots.models import BotKeyword, BotProfile
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

MONDAY_NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def api(role: str = "manager") -> APIClient:
    client = APIClient()
    client.force_login(make.agent(role=role))
    return client


def test_an_inbox_has_its_own_profile_or_the_one_for_all_others() -> None:
    own, other = make.inbox(), make.inbox()
    assert (profile_of(own.pk).when, profile_of(None).mode) == ("always", "generate")

    BotProfile.objects.create(mode="quote")
    BotProfile.objects.create(inbox=own, mode="strict")

    assert [profile_of(pk).mode for pk in (own.pk, other.pk, None)] == ["strict", "quote", "quote"]


@pytest.mark.parametrize(
    "fields",
    [
        {"when": "rarely"},
        {"mode": "sing"},
        {"caution": 0},
        {"doubt_below": 1.1},
        {"follow_up_minutes": 0},
        {"beyond": "shout"},
    ],
)
def test_the_database_refuses_what_no_bot_can_do(fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BotProfile.objects.create(**fields)


def test_there_is_one_profile_for_all_other_inboxes() -> None:
    BotProfile.objects.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        BotProfile.objects.create()


def test_a_bot_keeps_the_hours_of_its_schedule() -> None:
    schedule = Schedule.objects.create(name="Office", time_zone="Europe/Berlin")
    OpeningHours.objects.create(schedule=schedule, weekday=0, opens=time(9), closes=time(17))
    BotProfile.objects.create(when="open", schedule=schedule)

    in_the_day = profile_of(None).is_on(MONDAY_NOON)
    at_night = profile_of(None).is_on(MONDAY_NOON + timedelta(hours=10))
    assert (in_the_day, at_night) == (True, False)

    BotProfile.objects.update(when="closed")
    assert not profile_of(None).is_on(MONDAY_NOON)

    schedule.delete()
    assert profile_of(None).is_on(MONDAY_NOON)


def test_a_profile_is_made_changed_and_taken_away_by_programs() -> None:
    client, inbox, queue = api(), make.inbox(), make.queue()
    made = client.post(
        "/api/v1/bot-profiles/",
        {
            "inbox": inbox.key,
            "mode": "quote",
            "guidelines": [{"name": "short", "then": "Be short."}],
            "fixed_answers": [{"words": ["hours"], "text": "Nine to five."}],
            "keywords": [{"words": " fraud ", "then": "person", "queue": str(queue.uuid)}],
        },
        format="json",
    )
    assert made.status_code == 201, made.content
    address = f"/api/v1/bot-profiles/{made.json()['id']}/"
    assert made.json()["keywords"] == [
        {"words": "fraud", "then": "person", "queue": str(queue.uuid)}
    ]

    manner = manner_for(inbox.pk, MONDAY_NOON)
    assert [one.then for one in manner.guidelines] == ["Be short."]
    assert [one.text for one in manner.fixed] == ["Nine to five."]

    changed = client.patch(address, {"answers_a_day": 100}, format="json").json()
    assert (changed["answers_a_day"], len(changed["keywords"])) == (100, 1)
    assert client.patch(address, {"keywords": []}, format="json").json()["keywords"] == []
    assert [row["id"] for row in client.get("/api/v1/bot-profiles/").json()["results"]] == [
        made.json()["id"]
    ]
    assert client.delete(address).status_code == 204
    assert not BotProfile.objects.exists()


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"when": "open"}, "schedule"),
        ({"caution": 0}, "caution"),
        ({"caution": "NaN"}, "caution"),
        ({"languages": ["English"]}, "languages"),
        ({"guidelines": [{"name": "long", "then": "x" * 301}]}, "guidelines"),
        ({"fixed_answers": [{"words": [], "text": "Yes."}]}, "fixed_answers"),
        ({"answers_a_day": -1}, "answers_a_day"),
        ({"answers_a_day": 2**31}, "answers_a_day"),
        ({"keywords": [{"words": "a"}, {"words": "A"}]}, "keywords"),
        ({"keywords": [{"words": "*"}]}, "keywords"),
        ({"inbox": "nowhere"}, "inbox"),
    ],
)
def test_bad_words_are_refused_with_the_field(words: dict[str, object], field: str) -> None:
    answer = api().post("/api/v1/bot-profiles/", {"inbox": None} | words, format="json")

    assert answer.status_code == 400, answer.content
    assert list(answer.json()["fields"]) == [field]
    assert not BotProfile.objects.exists()


def test_a_second_profile_of_an_inbox_is_a_conflict() -> None:
    client = api()
    BotProfile.objects.create()

    answer = client.post("/api/v1/bot-profiles/", {"inbox": None}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "taken")


def test_agents_may_not_look() -> None:
    assert api("agent").get("/api/v1/bot-profiles/").status_code == 403


def test_managers_edit_it_in_the_admin() -> None:
    client = APIClient()
    client.force_login(make.agent(role="manager", is_staff=True))
    profile = BotProfile.objects.create(inbox=make.inbox(name="Shop"))
    BotKeyword.objects.create(profile=profile, words="fraud")

    assert "Bot of Shop" in client.get("/admin/bots/botprofile/").content.decode()
    page = client.get(f"/admin/bots/botprofile/{profile.pk}/change/").content.decode()
    assert "fraud" in page
