"""What a suggestion was worth, and how sure that is."""

import pytest

from agents.assist.rules.worth import compared
from conversations.intervals import median, median_interval, wilson

pytestmark = pytest.mark.unit

SUGGESTED = "You may return anything within 30 days. It must be unused."


def test_what_was_sent_is_held_against_what_was_suggested() -> None:
    same = compared(
        SUGGESTED, ["Hello Ann!", " You may return anything\nwithin 30 days. It must be unused."]
    )
    assert same is not None
    assert (same.place, same.distance, same.likeness, same.is_verbatim) == (1, 0, 1.0, True)

    edited = compared(SUGGESTED, ["You may return anything within 45 days. It must be unused."])
    assert edited is not None
    assert (edited.distance, edited.is_verbatim) == (2, False)
    assert 0.9 < edited.likeness < 1

    assert compared(SUGGESTED, ["Give me a moment, I will look that up for you."]) is None
    assert compared("", ["Anything"]) is None


def test_a_suggestion_within_a_long_message_was_used() -> None:
    long = f"{'Good morning, and thank you for your patience! ' * 5}{SUGGESTED}"
    found = compared(SUGGESTED, [long])
    assert found is not None
    assert found.distance == len(long) - len(SUGGESTED)


def test_a_share_of_few_is_not_sure() -> None:
    assert wilson(0, 0) is None
    low, high = wilson(5, 10) or (0, 0)
    assert (round(low, 3), round(high, 3)) == (0.237, 0.763)  # Brown, Cai, DasGupta 2001
    low, high = wilson(0, 4) or (1, 1)
    assert (low, round(high, 2)) == (0.0, 0.49)
    assert (wilson(4, 4) or (0, 0))[1] == 1.0


def test_a_median_has_an_interval_of_its_own_values() -> None:
    assert (median([]), median([3, 1, 2]), median([1, 2, 3, 10])) == (None, 2, 2.5)
    assert median_interval([1, 2, 3, 4, 5]) is None
    assert median_interval([6, 5, 4, 3, 2, 1]) == (1, 6)
    # Conover's table: of ten values the second and the ninth.
    assert median_interval(range(1, 11)) == (2, 9)
    low, high = median_interval(range(1, 101)) or (0, 0)
    assert (low, high) == (40, 61)
