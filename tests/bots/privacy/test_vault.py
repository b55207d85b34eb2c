"""Placeholders: stable in a conversation, and never in the way of the words."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.privacy.finding import find
from bots.privacy.vault import Vault

pytestmark = pytest.mark.unit

PIECES = st.sampled_from(
    [
        "4111 1111 1111 1111",
        "４１１１-1111\u200b1111-1111",
        "jane@mail.example",
        "我的手机13812345678",
        "call 079 0442 1744 x12",
        "DE89 3704 0044 0532 0130 00",
        "11010519491231002X",
        "password: hunter2",
        "born on 12 March 1985",
        "https://a:b@host.example/?t=1",
        "[CARD 1]",
        "[EMAIL 7]",
        "[TEXT 1]",
        "👩‍👩‍👧 1️⃣2️⃣",
        "\u202e12.92.149.211\u202c",
    ]
)
SAID = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=8).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(st.lists(SAID, max_size=4))
def test_what_was_hidden_comes_back_as_it_was(said: list[str]) -> None:
    vault = Vault()
    hidden = [
        vault.redacted(text, after=before) for before, text in zip(["", *said], said, strict=False)
    ]
    assert [vault.restored(text) for text in hidden] == said


@settings(max_examples=300, deadline=None)
@given(SAID)
def test_finds_are_in_order_apart_and_inside_the_text(said: str) -> None:
    places = [place for one in find(said) for place in (one.start, one.end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(said) for place in places)
    assert all(one.start < one.end for one in find(said))


@settings(max_examples=200, deadline=None)
@given(SAID)
def test_the_same_lines_give_the_same_placeholders(said: str) -> None:
    once, again = Vault(), Vault()
    assert once.redacted(said) == again.redacted(said)
    assert once.redacted(said) == again.redacted(said)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789 -.x@a[CARD]\n", max_size=300))
def test_dense_digits_are_read_and_come_back(said: str) -> None:
    vault = Vault()
    assert vault.restored(vault.redacted(said)) == said


def test_the_same_value_keeps_its_name_and_another_gets_the_next() -> None:
    vault = Vault()
    assert vault.redacted("4111 1111 1111 1111, a@b.example") == "[CARD 1], [EMAIL 1]"
    assert vault.redacted("c@d.example or a@b.example") == "[EMAIL 2] or [EMAIL 1]"


def test_what_was_asked_for_says_what_the_answer_is() -> None:
    vault = Vault()
    assert vault.redacted("5551234567", after="What is your phone number?") == "[PHONE 1]"
    assert vault.redacted("5551234567", after="What is your order number?") == "[PHONE 1]"
    assert Vault().redacted("5551234567", after="What is your order number?") == "5551234567"


def test_what_is_known_is_hidden_wherever_it_stands() -> None:
    vault = Vault()
    vault.redacted("my password is Blue-7-sky")
    assert vault.redacted("Blue-7-sky does nothing") == "[SECRET 1] does nothing"
    assert vault.covered("You said Blue-7-sky.") == "You said [SECRET 1]."


def test_the_shops_own_number_in_the_bots_words_stays() -> None:
    vault = Vault()
    vault.redacted("I am jane@mail.example")
    said = "Call +44 20 7946 0958; we wrote to jane@mail.example."
    assert vault.covered(said) == "Call +44 20 7946 0958; we wrote to [EMAIL 1]."


def test_a_placeholder_that_a_person_writes_is_not_ours() -> None:
    vault = Vault()
    vault.redacted("4111 1111 1111 1111")
    hidden = vault.redacted("what is [CARD 1]?")
    assert hidden == "what is [TEXT 1]?"
    assert vault.restored(hidden) == "what is [CARD 1]?"


def test_its_name_tells_nothing() -> None:
    vault = Vault()
    vault.redacted("4111 1111 1111 1111")
    assert not re.search(r"4111", repr(vault) + str(vault))
