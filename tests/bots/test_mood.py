import pytest

from bots.answering.mood import crossness, felt, repeats, says_it_did_not_help, trend, upset

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "cross"),
    [
        ("Where is my parcel?", False),
        ("请问怎么退货？", False),
        ("I am still waiting, this is ridiculous and unacceptable!!", True),
        ("你们太差了，浪费我的时间！！", True),
        ("WHERE IS MY PARCEL, THIS IS A JOKE", True),
    ],
)
def test_who_is_cross_shows_it(text: str, cross: bool) -> None:
    assert (crossness(text) >= 0.6) is cross


def test_a_message_that_was_read_as_negative_counts_without_a_cross_word() -> None:
    text = "Third day without internet"

    assert upset(text, None) == 0
    assert upset(text, 0.75) == pytest.approx(crossness("This is terrible"))
    assert upset("I hate this, it is ridiculous", 0.1) == crossness("I hate this, it is ridiculous")


def test_patience_runs_out() -> None:
    assert trend("This is ridiculous!!", ["Where is my parcel?"]) > 0.5
    assert trend("Thanks", ["This is ridiculous!!"]) < 0


@pytest.mark.parametrize(
    ("text", "unhelped"),
    [
        ("That's not what I asked", True),
        ("this doesn't help", True),
        ("No, that did not answer my question!", True),
        ("没用", True),
        ("不是这个意思", True),
        ("it works", False),
        ("that is right", False),
        ("This doesn't help because my order has another number", False),
        ("does this work?", False),
    ],
)
def test_nothing_but_that_it_did_not_help(text: str, unhelped: bool) -> None:
    assert says_it_did_not_help(text) is unhelped


def test_the_same_question_in_a_little_other_words_is_the_same() -> None:
    earlier = ["How long can I return a jacket?", "Do you ship to Malta?"]

    assert repeats("how long can i return the jacket", earlier) == 1
    assert repeats("Do you repair tents?", earlier) == 0
    assert repeats("?", earlier) == 0


def test_how_the_messages_read_makes_the_bot_gentler_never_ruder() -> None:
    assert felt(None) == felt(0.8) == 0.0
    assert felt(-0.7) == 0.7
