import pytest

from bots.language.words import clauses, first_sentence, sentences, words_of

pytestmark = pytest.mark.unit


def test_sentences_of_two_languages_are_told_apart() -> None:
    text = (
        "It costs €4.90, see e.g. the list. Open 9 a.m. to 5 p.m. daily! 好的。可以退货！\nNo end"
    )

    assert sentences(text) == [
        "It costs €4.90, see e.g. the list.",
        "Open 9 a.m. to 5 p.m. daily!",
        "好的。",
        "可以退货！",
        "No end",
    ]


def test_a_growing_text_has_no_sentence_until_its_end_is_sure() -> None:
    assert first_sentence("It costs 4.") == ("", "It costs 4.")
    assert first_sentence("It costs 4.90 now. And") == ("It costs 4.90 now.", " And")
    assert first_sentence("可以退货。然后") == ("可以退货。", "然后")


def test_words_carry_stems_figures_names_and_denial() -> None:
    words = words_of("Refunds are not shipped to Paris within five days: see www.shop.example/a.")

    assert words.meaning >= {"refund", "ship", "day"}
    assert words.names == {"par"}  # a stem too, as it is compared with stems
    assert words.facts == {"5", "www.shop.example/a"}
    assert words.counted == {("5", "day")}
    assert words.denied


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,000 items", "1000 items"),
        ("thirty days", "30 days"),
        ("三天", "3天"),
        ("５ days", "5 days"),
    ],
)
def test_a_figure_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert words_of(one).facts == words_of(other).facts


def test_clauses_end_at_commas_and_turns_of_thought() -> None:
    assert [c.strip() for c in clauses("Exchanged, but not refunded unless faulty")] == [
        "Exchanged",
        "not refunded",
        "faulty",
    ]
