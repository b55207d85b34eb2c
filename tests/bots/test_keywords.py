"""Which keyword a message says."""

from dataclasses import dataclass

import pytest

from bots.behaviour.keywords import said_first

pytestmark = pytest.mark.unit


@dataclass(frozen=True)
class Word:
    words: str


@pytest.mark.parametrize(
    ("words", "text", "is_said"),
    [
        ("refund", "I want a REFUND!", True),
        ("refund", "It was refunded", False),
        ("refund*", "It was refunded", True),
        ("gift card", "about my gift   card", True),
        ("gift card", "a card for a gift", False),
        ("c++", "I write c++ code", True),
        ("*card", "my giftcard is lost", True),
        ("退款", "我要申请退款谢谢", True),
        ("退款", "我要发票", False),
        ("(", "a ( b", True),
    ],
)
def test_a_keyword_is_whole_words_unless_it_says_otherwise(
    words: str, text: str, *, is_said: bool
) -> None:
    assert (said_first([Word(words)], text) is not None) is is_said


def test_the_first_that_is_said_decides() -> None:
    keywords = [Word("person"), Word("refund")]

    assert said_first(keywords, "a refund by a person") == Word("refund")
    assert said_first(keywords, "hello") is None
