"""How much of an answer there is time for."""

import pytest

from bots.behaviour.ladder import Limits, Rung, rung_for_model, rung_for_wait
from bots.language.model import Load

pytestmark = pytest.mark.unit
LIMITS = Limits(shorter_above=1, quote_above=2.5, quote_after=8, person_after=24)


@pytest.mark.parametrize(
    ("load", "rung"),
    [
        (Load(0, 0, 0.3), Rung("generate")),
        (Load(8, 1, 1.5), Rung("shorter", "busy")),
        (Load(8, 30, 4.0), Rung("quote", "busy")),
        (None, Rung("quote", "down")),
    ],
)
def test_a_busy_model_writes_less_and_then_nothing(load: Load | None, rung: Rung) -> None:
    assert rung_for_model(load, LIMITS) == rung


@pytest.mark.parametrize(
    ("waited", "rung"),
    [(0, Rung("generate")), (8, Rung("quote", "late")), (24, Rung("person", "late"))],
)
def test_who_has_waited_long_is_not_kept_waiting(waited: float, rung: Rung) -> None:
    assert rung_for_wait(waited, LIMITS) == rung
