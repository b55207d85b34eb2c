"""Ended conversations are scored, whatever dies in between."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from analytics.quality.actions import fill
from analytics.quality.actions.cards import CannotPublish, draft_of, make_card, publish
from analytics.quality.models import (
    Answer,
    CardQuestion,
    CardSection,
    ReviewTask,
    Score,
    ScoreCard,
    Scoring,
)
from analytics.quality.reads.talks import Talk
from bots.models import MessageFeeling
from conversations.models import Conversation, Message
from tests import make
from tests.analytics.quality.house import (
    LATER,
    Told,
    answers,
    badly_served,
    card,
    score_all,
    well_served,
)
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_an_agent_and_a_total() -> None:
    version = card()
    agent = make.agent()
    told = well_served(agent)

    score_all()

    score = Score.objects.get()
    assert (score.conversation_id, score.agent, score.subject) == (told.pk, agent, "agent")
    assert score.version == version
    assert answers(score) == {"greeting": 1, "courtesy": 5, "data": 1, "goodbye": 1}
    assert score.total == 100
    assert Scoring.objects.get().reason == ""


def test_a_fatal_no_makes_the_whole_nothing_and_says_where() -> None:
    card()
    told = badly_served(make.agent())

    score_all()

    score = Score.objects.get()
    assert (score.total, score.is_fatal) == (0, True)
    answer = score.answers.get(question__code="data")
    span = answer.evidence[0]
    words = told.conversation.messages.get(seq=span["seq"]).text
    assert words[span["start"] : span["end"]].startswith("Send me your full card number")
    assert answer.confidence is not None


def test_the_bot_is_scored_by_the_same_card() -> None:
    card()
    agent = make.agent()
    told = Told(NOON).asks(1, "Where is the parcel that I ordered?")
    assert isinstance(told, Told)
    told.bot_says(3, "Hello, parcels come within three working days.")
    told.hands_over(10).taken(20, agent)
    told.says(30, agent, "Let me look, one moment. It is in the next street.")
    told.agent_ends(60, agent)

    score_all()

    bot, person = Score.objects.order_by("-subject")
    assert (bot.subject, bot.agent, person.agent) == ("bot", None, agent)
    assert (answers(bot)["greeting"], answers(person)["greeting"]) == (1, 0)
    assert answers(bot)["goodbye"] is None  # it was handed on


def test_a_card_is_for_what_it_says() -> None:
    card("Bot", answered_by="bot", position=1)
    chinese = card("中文", language="zh", position=2)
    agent = make.agent()
    well_served(agent)
    well_served(agent, language="zh-CN")

    score_all()

    assert [score.version for score in Score.objects.all()] == [chinese]
    assert sorted(Scoring.objects.values_list("reason", flat=True)) == ["", "no_card"]


def test_too_little_was_said() -> None:
    card()
    Told(NOON).asks(1, "Hi").hands_over(2).taken(5, agent := make.agent()).agent_says(
        6, agent
    ).agent_ends(9, agent)
    Told(NOON).hands_over(2).taken(5, agent).agent_says(6, agent).agent_ends(9, agent)
    Told(NOON).asks(1, "Where is the parcel that I ordered?").customer_ends(9)

    score_all()

    reasons = Scoring.objects.order_by("conversation_id").values_list("reason", flat=True)
    assert list(reasons) == ["short", "silent", "unanswered"]
    assert not Score.objects.exists()


def test_again_changes_nothing_and_reads_no_line_twice() -> None:
    card(sample_share=1.0)
    well_served(make.agent())
    score_all(dice=0.5)
    before = list(Score.objects.values()), list(Answer.objects.order_by("pk").values())

    assert score_all(dice=0.5) == 0

    assert before == (list(Score.objects.values()), list(Answer.objects.order_by("pk").values()))
    assert ReviewTask.objects.count() == 1


def test_what_a_killed_worker_had_taken_is_taken_again() -> None:
    card()
    well_served(make.agent())
    fill.enlist(at=LATER)
    assert len(fill._take(at=LATER)) == 1  # and then it was killed

    assert score_all(at=LATER + timedelta(minutes=5)) == 0
    assert score_all(at=LATER + fill.LEASE) == 1
    assert Score.objects.count() == 1


def test_what_kills_every_worker_is_left_alone() -> None:
    card()
    well_served(make.agent())
    fill.enlist(at=LATER)
    at = LATER
    for _ in range(fill.TRIES):
        assert len(fill._take(at=at)) == 1
        at += fill.LEASE

    assert score_all(at=at) == 0
    row = Scoring.objects.get()
    assert (row.reason, row.due_at) == ("failed", None)


def test_one_that_cannot_be_read_keeps_no_other_back(monkeypatch: pytest.MonkeyPatch) -> None:
    card()
    agent = make.agent()
    bad, good = well_served(agent), well_served(agent)
    judged = fill._judged

    def breaks(talk: Talk, book: fill._Book) -> tuple[str, list[fill._Filled]]:
        if talk.pk == bad.pk:
            raise ValueError("unreadable")
        return judged(talk, book)

    monkeypatch.setattr(fill, "_judged", breaks)
    score_all()

    assert Score.objects.get().conversation_id == good.pk
    assert Scoring.objects.get(conversation=bad.pk).reason == "failed"


def test_a_second_look_a_day_later_and_no_third() -> None:
    card()
    well_served(make.agent())
    soon = NOON + timedelta(minutes=5)
    score_all(at=soon)
    row = Scoring.objects.get()
    assert row.is_last
    assert row.due_at is not None
    assert row.due_at - NOON > timedelta(hours=24)

    assert score_all(at=row.due_at) == 1
    assert Scoring.objects.get().due_at is None


def test_what_goes_on_is_scored_again_with_the_old_card() -> None:
    version = card()
    agent = make.agent()
    told = well_served(agent)
    score_all()
    newer = draft_of(version.card)
    publish(newer, by_id=None, at=LATER)
    Conversation.objects.filter(pk=told.pk).update(state="bot", resolved_at=None, due_at=None)
    told.asks(90, "One more: can I send it back?").hands_over(91).taken(95, agent)
    told.says(99, agent, "Read the page yourself.")
    told.agent_ends(120, agent)

    score_all(at=LATER + timedelta(hours=1))

    score = Score.objects.get()
    assert score.version == version
    assert answers(score)["courtesy"] == 1


def test_a_draw_has_its_chance_on_record() -> None:
    card(sample_share=0.3, reviewers=3)
    agent = make.agent()
    well_served(agent)
    score_all(dice=0.29)
    well_served(agent)
    score_all(dice=0.31)

    task = ReviewTask.objects.get()
    assert (task.wanted, task.score.chance) == (3, 0.3)
    assert list(Score.objects.values_list("chance", flat=True)) == [0.3, 0.3]


@pytest.mark.parametrize("n", [1, 8])
def test_one_and_eight_cost_the_same(n: int, django_assert_max_num_queries: object) -> None:
    card()
    agent = make.agent()
    for _ in range(n):
        well_served(agent)
    fill.enlist(at=LATER)

    with django_assert_max_num_queries(55):  # type: ignore[operator]
        score_all()


# --- promises of the database ---


def test_a_published_card_never_changes() -> None:
    version = card()
    question = version.questions.first()
    section = version.sections.first()
    assert question is not None
    assert section is not None
    attempts = (
        lambda: CardQuestion.objects.filter(pk=question.pk).update(weight=7),
        lambda: CardSection.objects.filter(pk=section.pk).update(title="Other"),
        question.delete,
        lambda: CardQuestion.objects.create(
            version=version, section=section, position=99, code="x", text="X"
        ),
        lambda: type(version).objects.filter(pk=version.pk).update(fewest_words=1),
        lambda: (
            type(version).objects.filter(pk=version.pk).update(state="draft", published_at=None)
        ),
        version.delete,
    )
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_an_edit_makes_a_new_version_with_the_same_questions() -> None:
    version = card()

    draft = draft_of(version.card)
    again = draft_of(version.card)

    assert (again, draft.number, draft.state) == (draft, 2, "draft")
    assert list(draft.questions.values_list("code", "weight", "asked_if__code")) == list(
        version.questions.values_list("code", "weight", "asked_if__code")
    )
    publish(draft, by_id=None, at=LATER)
    version.refresh_from_db()
    assert version.state == "retired"


def test_a_card_that_counts_nothing_is_not_published() -> None:
    draft = make_card(card={"name": "Empty"}, version={}, sections=[])

    with pytest.raises(CannotPublish):
        publish(draft, by_id=None, at=NOON)


def test_an_answer_is_to_a_question_of_its_card_and_one_that_it_allows() -> None:
    version = card()
    other = draft_of(card("Other").card)
    well_served(make.agent())
    score_all()
    score = Score.objects.get()
    foreign = other.questions.get(code="notes")
    attempts = (
        lambda: Answer.objects.create(score=score, question=foreign),
        lambda: score.answers.filter(question__code="greeting").update(value=2),
        lambda: score.answers.filter(question__code="courtesy").update(value=6),
        lambda: score.answers.filter(question__code="courtesy").update(value=0),
        lambda: Answer.objects.create(
            score=score, question=version.questions.get(code="notes"), value=1
        ),
    )
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_conditions_look_back_within_their_version() -> None:
    draft = draft_of(card().card)
    first, last = draft.questions.get(code="greeting"), draft.questions.get(code="goodbye")
    foreign = ScoreCard.objects.get().versions.get(state="published").questions.get(code="greeting")
    for condition in (last, foreign):
        with pytest.raises(IntegrityError), transaction.atomic():
            CardQuestion.objects.filter(pk=first.pk).update(asked_if=condition, asked_if_least=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        CardQuestion.objects.filter(pk=last.pk).update(asked_if=first)  # with which answer?
    CardQuestion.objects.filter(pk=last.pk).update(asked_if=first, asked_if_least=1)


def test_a_conditional_question_is_not_asked_of_whom_it_is_not_for() -> None:
    version = card()
    draft = draft_of(version.card)
    greeting = draft.questions.get(code="greeting")
    draft.questions.filter(code="goodbye").update(asked_if=greeting, asked_if_least=1)
    publish(draft, by_id=None, at=NOON)
    badly_served(make.agent())

    score_all()

    assert "goodbye" not in answers(Score.objects.get())


def test_who_read_as_unhappy_wants_to_hear_that_it_is_understood() -> None:
    version = card(
        questions=({"code": "empathy", "text": "Understood?", "judge": "empathises"},),
        fewest_words=1,
    )
    agent = make.agent()
    told = Told(NOON)
    told.asks(1, "Third day without internet").hands_over(2).taken(5, agent)
    told.says(10, agent, "Your line is measured now, it takes ten minutes.").agent_ends(40, agent)
    message = Message.objects.get(conversation=told.pk, author_kind="customer")
    MessageFeeling.objects.create(
        message=message, conversation_id=told.pk, label="negative", negative=0.9, neutral=0.1, positive=0,
        language="en", version="test", at=NOON,
    )  # fmt: skip

    score_all()

    assert answers(Score.objects.get(version=version)) == {"empathy": 0}
