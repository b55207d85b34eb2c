"""How texts are cut for the search, what queries mean, where terms are found."""

import pytest

from agents.rules.search_words import Term, as_query, as_vector, highlights, terms_of

pytestmark = pytest.mark.unit


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in highlights(text, terms_of(query))]


def test_a_word_and_its_stem_share_a_place() -> None:
    assert as_vector("Returned Café, it's 退款吗") == (
        "'return':1 'returned':1 'caf':2 'cafe':2 'it':3 'it''s':3 '退款':4 '款吗':5 '吗':6"
    )


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("refund", [Term(("refund",), prefix=True)]),
        ("refund ", [Term(("refund",))]),
        ("re", [Term(("re",))]),
        ("re*", [Term(("re",), prefix=True)]),
        ("my refund", [Term(("refund",), prefix=True)]),
        ("how can I ", [Term(("how",)), Term(("can",)), Term(("i",))]),
        ('"my refund" late ', [Term(("my", "refund")), Term(("late",))]),
        ('"unfinished words', [Term(("unfinished", "words"))]),
        ("退款", [Term(("退款",))]),
        ("退款政策", [Term(("退款", "款政", "政策"))]),
        ("退", [Term(("退",))]),
        ("ann@example.com ", [Term(("ann",)), Term(("example",)), Term(("com",))]),
        ('""', []),
        ("?! …", []),
    ],
)
def test_what_a_query_asks(query: str, terms: list[Term]) -> None:
    assert terms_of(query) == terms


def test_a_query_can_not_break_out_of_its_quotes() -> None:
    assert as_query([Term(("it's",))]) == "(('it''s' | 'it'))"
    assert as_query([Term(("a\\b",), prefix=True)]) == "(('a\\\\b':*))"


def test_highlights_are_where_the_words_are() -> None:
    assert marked("I RETURNED the returns.", "return ") == ["RETURNED", "returns"]
    assert marked("Refundable refund", "refund") == ["Refundable", "refund"]
    assert marked("my refund, and a refund of my", '"my refund"') == ["my refund"]
    assert marked("请问退款政策是什么？退款", "退款") == ["退款", "退款"]
    assert marked("😀 naïve café", "cafe ") == ["café"]
    assert marked("no", "yes") == []


def test_many_terms_are_cut() -> None:
    assert len(terms_of(" ".join(f"word{n}" for n in range(40)))) == 12
