"""What customers answer, judged: each kind, and everything that is no answer."""

from typing import Any

import pytest

from conversations.errors import BadWords
from conversations.surveys.reading import Asked, Given, read_answers

QUESTIONS = [
    Asked("s", "csat", is_required=True),
    Asked("why", "choices", options=["slow", "rude"], only_up_to=2),
    Asked("n", "nps"),
    Asked("e", "ces"),
    Asked("again", "yes_no"),
    Asked("one", "choice", options=["a", "b"]),
    Asked("t", "text"),
]


def test_each_kind_is_read_in_the_order_of_the_questions() -> None:
    said = {"t": "  Fine\x00 ", "one": "b", "again": 0, "e": 7, "n": 0, "s": 2, "why": ["rude"]}

    assert read_answers(QUESTIONS, said) == [
        Given("s", "csat", number=2),
        Given("why", "choices", chosen=("rude",)),
        Given("n", "nps", number=0),
        Given("e", "ces", number=7),
        Given("again", "yes_no", number=0),
        Given("one", "choice", chosen=("b",)),
        Given("t", "text", text="Fine"),
    ]


def test_what_follows_from_a_bad_answer_is_not_kept_after_a_good_one() -> None:
    given = read_answers(QUESTIONS, {"s": 5, "why": ["slow"]})

    assert [one.key for one in given] == ["s"]


def test_what_need_not_be_answered_is_left_out() -> None:
    assert [one.key for one in read_answers(QUESTIONS, {"s": 3, "t": "", "why": []})] == ["s"]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"n": 5}, id="not what has to be answered"),
        pytest.param({"s": 0}, id="too low"),
        pytest.param({"s": 6}, id="too high"),
        pytest.param({"s": "5"}, id="a number as words"),
        pytest.param({"s": True}, id="true"),
        pytest.param({"s": 4.5}, id="between two"),
        pytest.param({"s": 5, "n": 11}, id="above ten"),
        pytest.param({"s": 5, "n": -1}, id="below zero"),
        pytest.param({"s": 5, "one": "c"}, id="no such option"),
        pytest.param({"s": 5, "one": ["a", "b"]}, id="two of one"),
        pytest.param({"s": 1, "why": "slow, rude"}, id="two in one text"),
        pytest.param({"s": 1, "why": [["slow"]]}, id="a list in a list"),
        pytest.param({"s": 5, "t": "x" * 1001}, id="too many words"),
        pytest.param({"s": 5, "t": {"a": 1}}, id="an object for words"),
        pytest.param({"s": 5, "other": 1}, id="an answer to nothing"),
    ],
)
def test_what_is_no_answer(said: dict[str, Any]) -> None:
    with pytest.raises(BadWords):
        read_answers(QUESTIONS, said)
