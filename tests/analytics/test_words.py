import pytest

from analytics import words

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"), (0, "0.0 s"), (2.44, "2.4 s"), (9.96, "10 s"), (59.4, "59 s"),
        (59.6, "1:00"), (83, "1:23"), (3723, "1:02:03"),
    ],
)  # fmt: skip
def test_durations(seconds: float | None, said: str) -> None:
    assert words.duration(seconds).replace("\u202f", " ") == said


def test_moves_are_said_in_whole_points() -> None:
    assert words.points_apart(0.82, 0.85) == "down 3 points"
    assert words.points_apart(0.86, 0.85) == "up 1 point"
    assert words.points_apart(0.851, 0.849) == "as before"
    assert words.points_apart(None, 0.5) == ""
    assert words.parts_apart(112, 100).replace("\u202f", " ") == "up 12 %"
    assert words.parts_apart(5, 0) == ""
    assert words.score_apart(3.84, 4.04) == "down 0.2"


def test_unknown_is_not_zero() -> None:
    assert (words.percent(None), words.score(None), words.part(0, 0)) == ("–", "–", "–")
    assert words.percent(0.0).replace("\u202f", " ") == "0 %"


def test_numbers_are_grouped() -> None:
    assert words.counted(1, "answer", "answers") == "1 answer"
    assert words.counted(12_345, "answer", "answers").replace("\u202f", " ") == "12 345 answers"
