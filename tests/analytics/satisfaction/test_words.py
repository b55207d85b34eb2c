"""Why a forecast is what it is, in words of a manager."""

from typing import Any

import pytest

from analytics.satisfaction.words import reason_in_words

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("column", "value", "points", "words"),
    [
        ("first_answer_seconds", "802.1", -35.2, "First answer after 13:22: −35 points"),
        ("hour", "7", 1.2, "Began at 07:00: +1 point"),
        ("weekday", "7", -2, "On a Sunday: −2 points"),
        ("mood", "-0.52", -4, "Mood of the customer's words −0.5: −4 points"),
        ("transfers", "1", 0.2, "1 transfer: hardly a point"),
        ("handoff_reason", "no_article", -3, "Handed over: No article answers it: −3 points"),
        ("last_word", "customer", -3, "The customer had the last word: −3 points"),
        ("waited_seconds", "", 3, "Waited seconds: +3 points"),
        ("hour", "unknown", 3, "Hour unknown: +3 points"),
        ("hour", "noon", 3, "Hour noon: +3 points"),
        ("weekday", "9", 3, "Weekday 9: +3 points"),
        ("something_older", "x", 3, "Something older x: +3 points"),
    ],
)
def test_reasons(column: str, value: str, points: float, words: str) -> None:
    reason: dict[str, Any] = {"column": column, "value": value, "points": points}
    assert reason_in_words(reason) == words
