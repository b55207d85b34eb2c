"""A manager makes a survey in the admin, in words and without JSON, and looks at bad ratings."""

from datetime import datetime

import pytest
from django.test import Client

from conversations.actions.customer import rate
from conversations.surveys.answering import answer
from conversations.surveys.inviting import invite
from conversations.surveys.models import Review, Survey
from tests import make
from tests.conversations.surveys.asking import key, over, survey

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

FORM = {
    "name": "Monthly", "position": "5", "is_active": "on",
    "title": "en: How was it?\nzh: 怎么样？", "thanks": "",
    "ended_with": "any", "share": "50", "rest_days": "30", "languages": "en\nzh",
    "with_labels": "", "without_labels": "spam", "in_chat": "on",
    "email_after_minutes": "60", "open_days": "14",
    "questions-TOTAL_FORMS": "1", "questions-INITIAL_FORMS": "0",
    "questions-0-kind": "choice", "questions-0-position": "1",
    "questions-0-text": "en: Why?",
    "questions-0-options": "slow | en: It took too long | zh: 太慢\ndear | en: Too dear",
}  # fmt: skip


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(make.agent(role="manager", is_staff=True))
    return client


def test_a_survey_is_made_in_words(manager: Client) -> None:
    sent = manager.post("/admin/surveys/survey/add/", FORM)

    assert sent.status_code == 302, sent.content.decode()[:2000]
    made = Survey.objects.get()
    assert (made.title, made.languages, made.without_labels) == (
        {"en": "How was it?", "zh": "怎么样？"}, ["en", "zh"], ["spam"],
    )  # fmt: skip
    assert made.questions.get().options == [
        {"key": "slow", "en": "It took too long", "zh": "太慢"},
        {"key": "dear", "en": "Too dear"},
    ]
    page = manager.get(f"/admin/surveys/survey/{made.pk}/change/").content.decode()
    assert "slow | en: It took too long | zh: 太慢" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "How was it?"},
        {"title": ""},
        {"questions-0-options": ""},
        {"questions-0-options": "slow"},
        {"questions-0-options": "a | en: A\na | en: B"},
        {"share": "0"},
    ],
)
def test_what_makes_no_sense_is_said(manager: Client, wrong: dict[str, str]) -> None:
    sent = manager.post("/admin/surveys/survey/add/", FORM | wrong)

    assert sent.status_code == 200
    assert not Survey.objects.exists()


def test_answers_are_read_and_never_written(manager: Client, at: datetime) -> None:
    made = survey(("csat", {}), ("text", {}))
    invitation = invite(over(), at=at)
    assert invitation is not None
    said = {key(made, "csat"): 2, key(made, "text"): "<i>slow</i>"}
    answer(invitation, said, way="link", at=at)

    shown = manager.get(f"/admin/surveys/invitation/{invitation.pk}/change/")

    assert "&lt;i&gt;slow&lt;/i&gt;" in shown.content.decode()
    assert manager.post(f"/admin/surveys/invitation/{invitation.pk}/delete/").status_code == 403
    assert manager.post(f"/admin/surveys/survey/{made.pk}/delete/").status_code == 403
    assert manager.get("/admin/surveys/invitation/").status_code == 200


def test_a_bad_rating_is_looked_at(manager: Client, at: datetime) -> None:
    rate(conversation_id=over().pk, score=1, comment="Two hours!", at=at)
    review = Review.objects.get()
    place = f"/admin/surveys/review/{review.pk}/change/"
    assert "Two hours!" in manager.get("/admin/surveys/review/").content.decode()

    assert manager.post(place, {"cause": "", "note": "?"}).status_code == 200
    assert manager.post(place, {"cause": "wait", "note": "Called her."}).status_code == 302

    review.refresh_from_db()
    assert (review.cause, review.note) == ("wait", "Called her.")
    assert review.reviewed_by is not None


def test_agents_have_no_business_there(client: Client) -> None:
    client.force_login(make.agent(is_staff=True))

    for place in ("survey", "invitation", "review"):
        assert client.get(f"/admin/surveys/{place}/").status_code == 403
