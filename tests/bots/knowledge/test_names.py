"""What is taken for a name in a question."""

import pytest

from bots.knowledge.names import names_in


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


def test_where_every_noun_has_a_capital_none_tells() -> None:
    assert names_in("wie lange dauert die Lieferung nach Norwegen?", "de") == set()
