from collections.abc import Sequence

import pytest

from bots.answering.context import read, resolved, summary, told_before, topic

pytestmark = pytest.mark.unit

TENTS = [("customer", "How long may I return a tent?"), ("bot", "30 days.")]
OFFER = [("customer", "returns"), ("bot", "Is it about “Returning an item” [1] or “Gifts” [2]?")]
CHAIN = [*TENTS, ("customer", "and what does it cost?"), ("bot", "Nothing.")]


@pytest.mark.parametrize(
    ("question", "history", "meant"),
    [
        pytest.param(
            "and for shoes?", TENTS, "How long may I return a tent? and for shoes?", id="and"
        ),
        pytest.param("is it free?", TENTS, "How long may I return a tent? is it free?", id="it"),
        pytest.param("how long?", TENTS, "How long may I return a tent? how long?", id="bare"),
        pytest.param(
            "and how long does it take?",
            CHAIN,
            "How long may I return a tent? and what does it cost? and how long does it take?",
            id="the topic outlives a follow-up",
        ),
        pytest.param("Where is my order?", TENTS, "Where is my order?", id="stands alone"),
        pytest.param("and for shoes?", [], "and for shoes?", id="nothing was said before"),
        pytest.param("the first one", OFFER, "Returning an item", id="picks the first"),
        pytest.param("第二个", OFFER, "Gifts", id="picks the second, in Chinese"),
        pytest.param(
            "那鞋子呢？",
            [("customer", "帐篷可以退货吗？"), ("bot", "可以。")],
            "帐篷可以退货吗？ 那鞋子呢？",
            id="Chinese",
        ),
        pytest.param(
            "多久？",
            [("customer", "退款怎么办理？"), ("bot", "联系我们。")],
            "退款怎么办理？ 多久？",
            id="Chinese, bare",
        ),
    ],
)
def test_what_a_short_question_leaves_out_is_taken_from_before(
    question: str, history: Sequence[tuple[str, str]], meant: str
) -> None:
    assert resolved(question, history) == meant


@pytest.mark.parametrize(
    ("question", "apart"),
    [
        ("And how do I reset my password?", True),
        ("and how long does it take?", False),
        ("and for shoes?", False),
        ("另外，会员卡怎么办理？", True),
    ],
)
def test_a_new_topic_is_looked_up_by_itself_too(question: str, apart: bool) -> None:
    assert read(question, TENTS).apart is apart


def test_the_topic_is_the_newest_question_that_stands_alone() -> None:
    assert topic([*CHAIN, ("customer", "Do you repair boots?")]) == "Do you repair boots?"
    assert topic([]) == ""


def test_a_summary_holds_what_was_asked_and_no_follow_ups() -> None:
    talk = [*CHAIN, ("customer", "Do you repair boots?"), ("customer", "Do you repair boots?")]

    assert summary(talk) == "How long may I return a tent? · Do you repair boots?"
    assert summary([("customer", "Where is my parcel? " * 40)], longest=30).startswith("Where is")
    assert summary([]) == ""


def test_a_short_question_may_be_about_what_was_said_before() -> None:
    history = [("customer", "怎么退货？"), ("bot", "30 天内可以退货。 [1]")]

    reading = read("运费谁出？", history)

    assert (reading.text, reading.apart, reading.loosely) == ("怎么退货？ 运费谁出？", True, True)
    assert resolved("运费谁出？", history) == "运费谁出？"


def test_a_follow_up_is_not_about_a_word_of_thanks_and_may_be_about_what_was_settled() -> None:
    thanked = [*TENTS, ("customer", "thanks a lot!"), ("bot", "You're welcome!")]
    before = "Can I pay by invoice? · How long may I return a tent? · Thanks, bye"

    assert read("and what does it cost?", told_before(thanked)).text == (
        "How long may I return a tent? and what does it cost?"
    )
    assert read("and what does it cost?", told_before([], before)).text == (
        "How long may I return a tent? and what does it cost?"
    )
