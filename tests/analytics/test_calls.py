"""What the report says of forecasts of calls: a factor only where there is an effect."""

import pytest

from agents.callbacks.reads.worth import Effect, Side
from analytics.sections.calls import _effect

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("between", "words", "times"),
    [
        ((0.18, 0.03, 0.32), "+18 (+3 to +32)", "1.42"),
        ((0.05, -0.08, 0.15), "+5 (\u22128 to +15)", "no measurable effect"),
        (None, "–", "–"),
    ],
)
def test_a_factor_is_said_only_of_an_effect(
    between: tuple[float, float, float] | None, words: str, times: str
) -> None:
    found = Effect(Side(125, 208), Side(22, 52), between)
    assert [cell.text for cell in _effect("Answered", found)] == [
        "Answered", "125 of 208", "22 of 52", words, times,
    ]  # fmt: skip
