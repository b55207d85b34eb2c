import pytest

from bots.answering.manner import (
    FixedAnswer,
    Guideline,
    Manner,
    breaks,
    fixed_answer,
    forbidden,
    guidance,
    holding,
)

pytestmark = pytest.mark.unit

SORRY = Guideline("say sorry first", when="the customer is angry", name="sorry", priority=2)
SHORT = Guideline("keep it short", name="short")
REFUNDS = Guideline(
    "never promise a date",
    when="the customer asks about refunds",
    name="refunds",
    priority=5,
    excludes=frozenset({"short"}),
    never=("tomorrow", "guaranteed"),
)


@pytest.mark.parametrize(
    ("said", "cross", "names"),
    [
        pytest.param("Where is my parcel?", False, ["short"], id="what holds always"),
        pytest.param("When do I get my refund?", False, ["refunds"], id="a stronger one excludes"),
        pytest.param("My refund, now", True, ["refunds", "sorry"], id="the strongest first"),
    ],
)
def test_guidelines_hold_by_their_condition(said: str, cross: bool, names: list[str]) -> None:
    assert [one.name for one in holding([SHORT, SORRY, REFUNDS], said, cross=cross)] == names


def test_a_model_reads_condition_and_action() -> None:
    assert guidance([REFUNDS, SHORT]) == (
        "If the customer asks about refunds: never promise a date",
        "keep it short",
    )


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("Your refund comes tomorrow.", "tomorrow"),
        ("That is GUARANTEED!", "guaranteed"),
        ("We sell guaranteedly dry tents.", ""),
        ("您的退款保证到账。", "保证"),
        ("Your refund comes soon.", ""),
    ],
)
def test_forbidden_words_are_found_whole(sentence: str, word: str) -> None:
    never = forbidden(Manner(never=("保证",)), [REFUNDS])

    assert breaks(sentence, never) == word


def test_a_fixed_answer_is_for_its_words_and_language() -> None:
    manner = Manner(
        fixed=(
            FixedAnswer(("巡检", "recall"), "召回说明", "zh"),
            FixedAnswer(("recall", "ember stove"), "See the recall page."),
        )
    )

    assert fixed_answer(manner, "Is there a RECALL?", "en") == manner.fixed[1]
    assert fixed_answer(manner, "recall 是什么", "zh") == manner.fixed[0]
    assert fixed_answer(manner, "I recalled it", "en") is None
