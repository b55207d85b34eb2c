"""A log is read as questions, and what became of each."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bots.learning.turns import LogLine, turns

pytestmark = pytest.mark.unit

ASKED = ("customer", "Can I pay by invoice?")
TOLD = ("bot", "By card.")
ANSWERED: dict[str, Any] = {"decision": "answer", "articles": ["a"]}


def log(at: datetime, *lines: tuple[str, Any]) -> list[LogLine]:
    """Messages as (author, text), everything else as (kind, data)."""
    found = []
    for place, (name, said) in enumerate(lines, 1):
        is_said = isinstance(said, str)
        found.append(
            LogLine(
                place,
                "message" if is_said else name,
                at + timedelta(minutes=place),
                {} if is_said else said,
                name if is_said else "",
                said if is_said else "",
            )
        )
    return found


def told(at: datetime, *lines: tuple[str, Any], later: timedelta = timedelta(hours=1)) -> list[Any]:
    return [
        (turn.question, turn.decision, turn.outcome)
        for turn in turns(log(at, *lines), at=at + later)
    ]


UNSURE = ("handoff", {"reason": "unsure"})
WANTED = ("handoff", {"reason": "asked"})
SAID = ("bot_answered", ANSWERED)
BACK = ("bot_answered", {"decision": "clarify", "articles": []})


@pytest.mark.parametrize(
    ("lines", "outcomes"),
    [
        ([ASKED, UNSURE], ["unanswered"]),
        ([ASKED, ("handoff", {"reason": "no_article"})], ["unanswered"]),
        ([ASKED, ("handoff", {"reason": "failed"})], [""]),
        ([ASKED, ("handoff", {"reason": "complaint"})], []),
        ([ASKED, TOLD, SAID], [""]),
        ([ASKED, TOLD, SAID, ("resolved", {})], ["confirmed"]),
        ([ASKED, TOLD, SAID, ("resolved", {}), ("reopened", {})], [""]),
        ([ASKED, TOLD, SAID, ("rated", {"score": 5})], ["confirmed"]),
        ([ASKED, TOLD, SAID, ("rated", {"score": 2})], ["unanswered"]),
        ([ASKED, TOLD, SAID, ("rated", {"score": 1}), ("rated", {"score": 4})], ["confirmed"]),
        ([ASKED, TOLD, SAID, ("customer", "agent please"), WANTED], ["went_on"]),
        ([ASKED, TOLD, BACK, ("customer", "agent please"), WANTED], ["unanswered"]),
        ([ASKED, TOLD, BACK, ASKED, TOLD, SAID, WANTED], ["", "went_on"]),
        ([ASKED, TOLD, SAID, ASKED, UNSURE, ("agent", "By bank transfer."), ("resolved", {})],
         ["went_on", "unanswered"]),
        ([ASKED, TOLD, SAID, ("agent", "Let me add this."), ("rated", {"score": 1})], [""]),
        ([ASKED, TOLD, SAID, ASKED, TOLD, SAID, ("rated", {"score": 1})], ["", "unanswered"]),
    ],
)  # fmt: skip
def test_what_became_of_a_question(
    at: datetime, lines: list[tuple[str, Any]], outcomes: list[str]
) -> None:
    assert [outcome for *_, outcome in told(at, *lines)] == outcomes


def test_a_quiet_day_after_an_answer_speaks_for_it(at: datetime) -> None:
    assert told(at, ASKED, TOLD, SAID, later=timedelta(days=2)) == [
        ("Can I pay by invoice?", "answer", "confirmed")
    ]


def test_a_turn_is_everything_said_since_the_last_answer(at: datetime) -> None:
    lines = log(
        at, ("customer", "Hello"), ("customer", "I have a question"), TOLD, BACK,
        ("customer", "About invoices."), ("system", "…"), ("customer", "Can I get one?"), UNSURE,
    )  # fmt: skip
    first, second = turns(lines, at=at)
    assert (first.question, first.before) == ("Hello\nI have a question", ())
    assert second.question == "About invoices.\nCan I get one?"
    assert second.before == (
        ("customer", "Hello"),
        ("customer", "I have a question"),
        TOLD,
    )
    assert (second.asked_at, second.offset) == (at + timedelta(minutes=5), 8)


def test_greetings_and_wishes_for_a_person_are_no_questions(at: datetime) -> None:
    assert told(at, ("customer", "Hello!"), TOLD, BACK, ("customer", "human please"), WANTED) == []


def test_a_person_who_answers_first_takes_the_question_from_the_bot(at: datetime) -> None:
    assert told(at, ASKED, ("agent", "Yes."), ("bot_answered", {"decision": "odd"})) == []
