"""What of a message is compared with examples: what it wants, not which thing it names, and spelt right."""

import pytest

from bots.procedures.comparing import Slips, only_names_a_thing, without_numbers

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("I want to change my flight AT-40112", "I want to change my flight"),
        ("cancel AT-40112, nora@example.com, please", "cancel, please"),
        ("我要改签 AT-40112，nora@example.com", "我要改签"),
        ("AT-40112 改到12号", "改到12号"),
        ("NB-204817, born 12 April 1988", "born 12 April 1988"),
        ("call me on 0170 1234567", "call me on"),
        # What is wanted may be in the number.
        ("I need a loan of 9000 euros", "I need a loan of 9000 euros"),
        ("my wifi is down at 10115", "my wifi is down at 10115"),
        ("to Oslo on 2026-12-08 for 2", "to Oslo on 2026-12-08 for 2"),
        ("nora@example.com", "nora@example.com"),
    ],
)
def test_numbers_and_addresses_are_not_compared(text: str, compared: str) -> None:
    assert without_numbers(text) == compared


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("nora@example.com", True),
        ("AT-40112, nora@example.com", True),
        ("km 310042", True),
        ("AT-40112 改到12号", False),
        ("cancel AT-40112", False),
        ("hello", False),
        ("", False),
    ],
)
def test_a_message_may_only_name_a_thing(text: str, only: bool) -> None:
    assert only_names_a_thing(text) is only


def test_slips_become_the_words_of_the_examples_and_words_stay() -> None:
    slips = Slips(["I want to complain about my internet", "make a complaint", "cancel my booking"])

    assert slips.mended("compalint about my internet") == "complaint about my internet"
    assert slips.mended("cancle my boking") == "cancel my booking"
    for right in ("I want to book a room", "cancels", "bookings", "Ms Lindqvist"):
        assert slips.mended(right) == right
    assert slips.mended(f"cancle {'and so on ' * 30}").startswith("cancle")
