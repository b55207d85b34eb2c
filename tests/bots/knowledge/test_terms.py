"""A question's words are looked up as they are, as what means the same, and as what was meant."""

import pytest

from bots.knowledge.spelling import Spelling
from bots.knowledge.terms import Lexicon, Term, lexicon, terms_of

pytestmark = pytest.mark.unit

WORDS = lexicon(
    [("en", ["refund", "money back"]), ("", ["sign in", "log in", "login"])],
    [("en", "shop"), ("de", "laden")],
)
KNOWN = Spelling({"refund": 9, "parcel": 5, "deliver": 7, "delivery": 3, "abo": 2})


def terms(text: str, language: str = "en", *, words: Lexicon = WORDS) -> dict[str, Term]:
    found = terms_of(text, language, words=words, weight=lambda _word: 1.0, spelling=KNOWN)
    return {term.word: term for term in found}


def test_a_word_finds_what_means_the_same_and_a_phrase_too() -> None:
    assert terms("refund")["refund"].forms == (("refund",), ("money", "back"))
    assert ("login",) in terms("where do I sign in?")["sign in"].forms
    assert terms("sign here")["sign"].forms == (("sign",),)


@pytest.mark.parametrize(("language", "has"), [("en", True), ("en-GB", True), ("de", False)])
def test_synonyms_hold_in_their_language(language: str, has: bool) -> None:
    assert (len(terms("refund", language)["refund"].forms) > 1) is has


def test_stop_words_are_added_to_those_that_everybody_uses() -> None:
    assert {word for word, term in terms("the shop laden").items() if term.is_common} == {
        "the",
        "shop",
    }


def test_what_is_looked_up_stands_for_all_forms() -> None:
    term = terms("refund")["refund"]

    assert term.query == "('refund') | ('money' & 'back')"
    assert term.stands_in(frozenset({"money", "back", "get"}))
    assert not term.stands_in(frozenset({"money"}))
    assert Term("o'neil", 1.0, (("o'neil",),)).query == "('o''neil')"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("refnud", "refund"),
        ("parcl", "parcel"),
        ("delivrey", "delivery"),
        ("refund", None),  # known
        ("abi", None),  # too short to tell
        ("zeppelin", None),
        ("退款单号", None),
        ("r2d2x", None),
    ],
)
def test_a_slip_of_the_finger_is_forgiven(written: str, meant: str | None) -> None:
    assert KNOWN.meant(written) == meant


def test_what_was_probably_meant_counts_a_little_less() -> None:
    term = terms("refnud")["refnud"]

    assert term.forms == (("refnud",), ("refund",))
    assert term.weight == pytest.approx(0.8)


def test_a_long_question_keeps_its_telling_words() -> None:
    text = " ".join(f"word{n}" for n in range(150)) + " the a of"

    assert len(terms(text)) == 60
    assert not any(term.is_common for term in terms(text).values())
