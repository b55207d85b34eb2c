"""What is taken for a name in a question."""

import pytest

from bots.knowledge.names import learnt, names_in, without


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("how long does delivery to Norway take?", {"norway"}),
        ("Is PayPal ok, and do you know New Zealand?", {"paypal", "new", "zealand"}),
        ("Norway?", set()),  # how every sentence begins
        ("When will it come? Please tell me.", set()),
        ("HOW LONG DOES IT TAKE TO NORWAY", set()),
        ("How Do I Reset My Password For Norway", set()),  # a headline
        ("it is Monday, Tuesday, Wednesday, Thursday, Friday for all of us here", set()),
        ("送到 Norway 要多久？", {"norway"}),
        ("", set()),
    ],
)
def test_capitals_in_the_middle_of_a_sentence(text: str, names: set[str]) -> None:
    assert names_in(text, "en") == names


def test_names_are_learnt_from_what_articles_write() -> None:
    articles = [
        (1, "en-GB", True, "We deliver to Norway and to New Zealand. Parcels go by post."),
        (2, "en", True, "Pay with PayPal or in the UK. The Card is charged at once."),
        (3, "en", True, "A card may be declined."),
        (3, "en", True, "Cards From All The Banks Of Peru"),  # a headline
        (3, "en", False, "do you ship to norway"),  # customers write as they like
        (4, "de", True, "Wir liefern die Ware nach Norwegen."),
    ]

    known = learnt(articles)

    assert known == {"en": {"norway", "zealand", "new", "paypal"}}
    assert names_in("do you ship to norway", "en", known["en"]) == {"norway"}
    assert names_in("PAYPAL OK", "en", known["en"]) == {"paypal"}
    assert names_in("is my card ok", "en", known["en"]) == set()


def test_a_name_that_many_articles_have_tells_them_apart_no_longer() -> None:
    shop = [(n, "en", True, "You can ask Farwander for it.") for n in range(30)]
    place = [(30, "en", True, "We send it to Norway.")]

    assert learnt([*shop, *place])["en"] == {"norway"}


def test_where_every_noun_has_a_capital_none_tells() -> None:
    assert names_in("wie lange dauert die Lieferung nach Norwegen?", "de") == set()


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("what does delivery cost to Switzerland?", {"switzerland"}, "what does delivery cost to"),
        ("Is Hong-Kong, or New Zealand, ok?", {"hong", "kong", "new", "zealand"}, "Is or ok?"),
        ("送到 Norway 要多久？", {"norway"}, "送到 要多久？"),
        ("Norway?", {"norway"}, ""),
        ("to Norway", {"norway"}, ""),
    ],
)
def test_what_is_asked_whatever_it_is_asked_about(text: str, names: set[str], left: str) -> None:
    assert without(text, frozenset(names)) == left
