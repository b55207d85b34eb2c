"""Who is asked what when it is over, and what is kept of the answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conversations.actions.customer import ask_how_it_was, finish, rate
from conversations.errors import BadWords, Closed
from conversations.live import Push
from conversations.models import Conversation, Event, Rating
from conversations.surveys.answering import answer, answer_in_chat, answers_of
from conversations.surveys.inviting import NotAsked, content_of, invite, shown_again
from conversations.surveys.models import Invitation, Question, Reply, Review
from tests import make
from tests.conversations.surveys.asking import key, over, survey

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

GOOD, BAD = 5, 2


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What customers would be asked."""
    frames: list[dict[str, Any]] = []

    def keep(pushes: list[Push]) -> None:
        frames.extend(push.frame for push in pushes if push.frame.get("type") == "survey")

    monkeypatch.setattr("conversations.live.announce_on_commit", keep)
    return frames


def test_a_house_without_surveys_asks_its_one_question(
    told: list[dict[str, Any]], at: datetime
) -> None:
    talk = over()

    ask_how_it_was(talk, at=at)

    assert told == [{"type": "survey"}]
    assert shown_again(talk, at=at) == {}
    assert not Invitation.objects.exists()


def test_the_questions_come_in_the_customer_s_language(
    told: list[dict[str, Any]], at: datetime
) -> None:
    asked = survey(
        ("csat", {"is_required": True}),
        ("choices", {"only_up_to": 2, "options": [{"key": "slow", "en": "Slow", "zh": "太慢"}]}),
    )
    talk = over(language="zh")

    ask_how_it_was(talk, at=at)

    (frame,) = told
    assert frame["survey"]["title"] == "怎么样？"
    score, why = frame["survey"]["questions"]
    assert (score["kind"], score["least"], score["most"], score["required"]) == ("csat", 1, 5, True)
    assert why["options"] == [{"key": "slow", "text": "太慢"}]
    assert (why["text"], why["only_up_to"]) == ("Asked 1?", 2)  # not written in Chinese: in English
    assert shown_again(talk, at=at) == {"survey": content_of(asked.invitations.get())}


def test_finishing_asks(told: list[dict[str, Any]], at: datetime) -> None:
    survey()
    talk = make.conversation()

    finish(conversation_id=talk.pk, at=at)

    assert [one["survey"]["title"] for one in told] == ["How was it?"]


def test_where_none_is_for_it_nothing_is_asked(told: list[dict[str, Any]], at: datetime) -> None:
    survey(ended_with="person")
    talk = over(first_reply_at=None)

    ask_how_it_was(talk, at=at)

    assert told == []
    assert shown_again(talk, at=at) == {"survey": None}


def test_a_retired_question_is_not_asked_and_without_any_there_is_no_survey(at: datetime) -> None:
    made = survey(("csat", {}), ("nps", {"is_retired": True}))

    invitation = invite(over(), at=at)

    assert invitation is not None
    assert [one["kind"] for one in content_of(invitation)["questions"]] == ["csat"]
    made.questions.update(is_retired=True)
    assert invite(over(), at=at) is None


def test_who_was_asked_this_rests(at: datetime) -> None:
    survey(rest_days=30)
    customer = make.customer()
    first, second = over(customer=customer), over(customer=customer)
    assert invite(first, at=at) is not None

    with pytest.raises(NotAsked):
        invite(second, at=at + timedelta(days=29))

    assert invite(second, at=at + timedelta(days=30)) is not None


def test_asked_again_about_the_same_it_is_the_same_invitation(at: datetime) -> None:
    made = survey(open_days=3)
    talk = over()

    first = invite(talk, at=at)
    again = invite(talk, at=at + timedelta(days=2))

    assert first is not None
    assert again == first
    assert made.invitations.get().closes_at == at + timedelta(days=5)


def test_an_answer_is_kept_and_its_satisfaction_is_the_rating(at: datetime) -> None:
    made = survey(("csat", {}), ("nps", {}), ("text", {}))
    talk = over()
    invite(talk, at=at)
    said = {key(made, "csat"): 4, key(made, "nps"): 9, key(made, "text"): "Quick!"}

    answer_in_chat(conversation_id=talk.pk, said=said, at=at)

    rating = Rating.objects.get(conversation=talk)
    assert (rating.score, rating.comment) == (4, "Quick!")
    event = Event.objects.get(conversation=talk, kind="surveyed")
    assert event.data["scores"] == {"csat": 4, "nps": 9}
    assert "Quick" not in str(event.data)
    invitation = made.invitations.get()
    assert (invitation.answered_by, invitation.answered_at) == ("chat", at)
    assert shown_again(talk, at=at) == {"survey": None}


def test_a_second_answer_replaces_the_first(at: datetime) -> None:
    made = survey(("csat", {}), ("nps", {}))
    talk = over()
    invitation = invite(talk, at=at)
    assert invitation is not None
    answer(invitation, {key(made, "csat"): 1, key(made, "nps"): 0}, way="link", at=at)

    answer(invitation, {key(made, "csat"): 5}, way="link", at=at)

    assert [(one.kind, one.number) for one in Reply.objects.all()] == [("csat", 5)]
    assert Rating.objects.get(conversation=talk).score == GOOD


def test_nothing_is_kept_of_an_answer_that_is_wrong_in_part(at: datetime) -> None:
    made = survey(("csat", {}), ("nps", {}))
    talk = over()
    invite(talk, at=at)

    with pytest.raises(BadWords):
        answer_in_chat(
            conversation_id=talk.pk, said={key(made, "csat"): 5, key(made, "nps"): 99}, at=at
        )

    assert not Reply.objects.exists()
    assert not Rating.objects.exists()
    assert made.invitations.get().answered_at is None


def test_who_was_not_asked_and_who_comes_too_late(at: datetime) -> None:
    made = survey(open_days=1)
    talk = over()
    with pytest.raises(Closed):
        answer_in_chat(conversation_id=talk.pk, said={key(made, "csat"): 5}, at=at)

    invitation = invite(talk, at=at)

    assert invitation is not None
    with pytest.raises(Closed):
        answer(invitation, {key(made, "csat"): 5}, way="link", at=at + timedelta(days=1))


@pytest.mark.parametrize("frame", [{}, {"answers": None}, {"answers": [1]}, {"answers": "x"}])
def test_a_frame_without_answers(frame: dict[str, Any]) -> None:
    with pytest.raises(BadWords):
        answers_of(frame)


def test_the_database_knows_what_a_reply_can_be(at: datetime) -> None:
    made = survey(("nps", {}), ("text", {}))
    invitation = invite(over(), at=at)
    assert invitation is not None
    nps, text = (made.questions.get(kind=kind) for kind in ("nps", "text"))

    for question, kind, number in ((nps, "nps", 11), (nps, "nps", None), (text, "text", 3)):
        with pytest.raises(IntegrityError, match="a_reply_is_of_its_kind"), transaction.atomic():
            Reply.objects.create(invitation=invitation, question=question, kind=kind, number=number)


def test_an_answered_question_keeps_its_meaning(at: datetime) -> None:
    made = survey(("csat", {}))
    invitation = invite(over(), at=at)
    assert invitation is not None
    answer(invitation, {key(made, "csat"): 3}, way="link", at=at)
    question = made.questions.get()

    question.kind = "ces"
    with pytest.raises(Exception, match="retire it"):
        question.full_clean()

    question.kind, question.text = "csat", {"en": "How was it really?"}
    question.full_clean()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("choice", {"options": []}),
        ("csat", {"options": [{"key": "a", "en": "A"}]}),
        ("choice", {"options": [{"key": "a", "en": "A"}, {"key": "a", "en": "B"}]}),
        ("choice", {"options": [{"en": "A"}]}),
        ("text", {"text": {}}),
        ("text", {"text": {"en": " "}}),
    ],
)
def test_questions_that_make_no_sense(kind: str, words: dict[str, Any]) -> None:
    made = survey()
    usual: dict[str, Any] = {"text": {"en": "What?"}, "survey": made, "kind": kind}

    with pytest.raises(Exception, match=r"options|text|key|words|characters"):
        Question(**(usual | words)).full_clean()


# --- bad ratings ---


def rated(talk: Conversation, score: int, at: datetime) -> Rating:
    return rate(conversation_id=talk.pk, score=score, comment="", at=at)


def test_a_bad_rating_waits_for_a_review_until_it_gets_better(at: datetime) -> None:
    talk = over()
    rated(talk, GOOD, at)
    assert not Review.objects.exists()

    rated(talk, BAD, at)
    rated(talk, 1, at)
    assert Review.objects.get().rating.score == 1

    rated(talk, GOOD, at)
    assert not Review.objects.exists()


def test_what_was_looked_at_stays(at: datetime) -> None:
    talk = over()
    rated(talk, BAD, at)
    Review.objects.update(cause="wait", reviewed_at=at)

    rated(talk, GOOD, at)
    rated(talk, BAD, at)

    assert Review.objects.get().cause == "wait"


def test_a_review_says_what_went_wrong(at: datetime) -> None:
    rated(over(), BAD, at)

    with pytest.raises(IntegrityError, match="reviewed_means_a_cause"), transaction.atomic():
        Review.objects.update(reviewed_at=at)
