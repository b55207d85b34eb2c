"""What surveys say, counted by hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from analytics.period import Period
from analytics.reports.behind import NoSuchNumber, narrow
from analytics.reports.scope import Scope
from analytics.reports.surveys import scored, surveys
from analytics.sections.parts import Links
from analytics.sections.surveys import surveys_section
from conversations.actions.customer import rate
from conversations.models import Conversation
from conversations.surveys.answering import answer
from conversations.surveys.inviting import invite
from conversations.surveys.models import Review, Survey
from tests import make
from tests.conversations.surveys.asking import over, survey
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DAY = Period(NOON.replace(hour=0), NOON.replace(hour=0) + timedelta(days=1))
OPTIONS = [{"key": "slow", "en": "Too slow"}, {"key": "dear", "en": "Too dear"}]


def scope(period: Period = DAY, *, inbox_id: int | None = None) -> Scope:
    return Scope(period, NOON + timedelta(hours=2), inbox_id)


@pytest.fixture
def made() -> Survey:
    return survey(
        ("nps", {}), ("yes_no", {}), ("choices", {"options": OPTIONS}), name="Loyalty"
    )  # fmt: skip


def asked(
    at: datetime, made: Survey, said: dict[str, Any] | None = None, **fields: Any
) -> Conversation:
    talk = over(**fields)
    invitation = invite(talk, at=at)
    assert invitation is not None
    if said:
        keys = {one.kind: str(one.uuid) for one in made.questions.all()}
        answer(invitation, {keys[kind]: value for kind, value in said.items()}, way="link", at=at)
    return talk


@pytest.mark.parametrize(
    ("kind", "counts", "value", "margin"),
    [
        ("nps", [], None, None),
        ("nps", [(10, 1)], 100.0, None),
        ("nps", [(0, 1), (6, 1), (7, 1), (8, 1), (9, 2)], 0.0, 71.57),
        ("csat", [(1, 1), (5, 3)], 4.0, 1.96),
        ("yes_no", [(0, 1), (1, 3)], 0.75, 0.49),
    ],
)
def test_scores_and_their_intervals(
    kind: str, counts: list[tuple[int, int]], value: float | None, margin: float | None
) -> None:
    found, half = scored(kind, counts)

    assert found == value
    assert half == (None if margin is None else pytest.approx(margin, abs=0.01))


def test_every_question_is_counted(made: Survey, at: datetime) -> None:
    first = asked(at, made, {"nps": 10, "yes_no": 1, "choices": ["slow", "dear"]})
    second = asked(at, made, {"nps": 3, "choices": ["slow"]})
    third = asked(at, made)
    asked(at - timedelta(days=1), made, {"nps": 0})

    (found,) = surveys(scope()).surveys
    nps, yes, why = found.questions

    assert (found.name, found.asked, found.answered, found.response_rate) == (
        "Loyalty",
        3,
        2,
        2 / 3,
    )
    assert (nps.kind, nps.answers, nps.value, nps.distribution) == (
        "nps", 2, 0.0, (("3", 1), ("10", 1)),
    )  # fmt: skip
    assert (yes.kind, yes.value, yes.margin) == ("yes_no", 1.0, None)
    assert (why.answers, why.distribution) == (2, (("Too slow", 2), ("Too dear", 1)))
    assert behind("surveys.asked", str(made.pk)) == {first.pk, second.pk, third.pk}
    assert behind("surveys.answered", str(made.pk)) == {first.pk, second.pk}


def test_one_inbox_at_a_time(made: Survey, at: datetime) -> None:
    shop = make.inbox(key="shop")
    asked(at, made, {"nps": 10}, inbox=shop)
    asked(at, made, {"nps": 0})

    (found,) = surveys(scope(inbox_id=shop.pk)).surveys

    assert (found.asked, found.questions[0].value) == (1, 100.0)


def test_bad_ratings_by_cause(at: datetime) -> None:
    slow, unseen = over(), over()
    for talk in (slow, unseen):
        rate(conversation_id=talk.pk, score=1, comment="", at=at)
    Review.objects.filter(rating__conversation=slow).update(cause="wait", reviewed_at=at)

    found = surveys(scope())

    assert (found.bad, found.reviewed, found.causes) == (2, 1, (("wait", 1),))
    assert behind("surveys.cause", "wait") == {slow.pk}


def test_the_section_answers_first(made: Survey, at: datetime) -> None:
    asked(at, made, {"nps": 10})
    asked(at, made, {"nps": 9, "yes_no": 0})
    rate(conversation_id=over().pk, score=2, comment="", at=at)

    section = surveys_section(scope(), Links(scope(), ""))

    assert section.title == "NPS 100 ± 0 from 2 answers, 1 bad rating waits for a look"
    surveys_table, questions, _ = section.tables
    assert [cell.text for cell in surveys_table.rows[0]][:3] == ["Loyalty", "2", "2"]
    assert [row[3].text for row in questions.rows] == ["NPS 100 ± 0", "0\u202f% yes"]


def test_without_any_it_says_so() -> None:
    section = surveys_section(scope(), Links(scope(), ""))

    assert section.title == "No survey of your own was answered"
    assert not any(table.rows for table in section.tables)


@pytest.mark.parametrize("detail", ["", "x", "1 OR 1=1", "9" * 30, "١"])
def test_a_link_that_was_changed_by_hand(detail: str) -> None:
    with pytest.raises(NoSuchNumber):
        behind("surveys.asked", detail)


def behind(number: str, detail: str) -> set[int]:
    chosen = narrow(Conversation.objects.all(), number, detail, scope())
    return set(chosen.values_list("pk", flat=True))
