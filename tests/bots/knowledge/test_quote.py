import pytest

from bots.knowledge.quote import Quote, quote

pytestmark = pytest.mark.unit

BODY = """You may return anything within **30 days**. It must be unused.

## Refunds

The money is back after 5 days. It goes to the card you paid with.

You need:

- the order number
- the box"""


def asked(question: str, *, place: int | None = None, body: str = BODY) -> Quote | None:
    return quote(body, question, title="Returning an item", place=place, weight=lambda _word: 1.0)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        pytest.param(
            "how many days do I have",
            "You may return anything within 30 days. It must be unused.",
            id="the opening, without its Markdown",
        ),
        pytest.param(
            "when do I get my money back, on which card",
            "The money is back after 5 days. It goes to the card you paid with.",
            id="the part that speaks of it",
        ),
        pytest.param(
            "do I need the box", "You need: the order number; the box", id="a list is told whole"
        ),
    ],
)
def test_the_best_sentences_in_order(question: str, text: str) -> None:
    found = asked(question)

    assert found is not None
    assert found.text == text
    assert found.verbatim in BODY


def test_where_search_looked_counts_when_words_do_not() -> None:
    found = asked("wie schnell geht das", place=BODY.index("The money"))

    assert found is not None
    assert found.text.startswith("The money is back")


def test_a_body_that_says_nothing_is_not_quoted() -> None:
    assert asked("anything", body="# Only a heading") is None
