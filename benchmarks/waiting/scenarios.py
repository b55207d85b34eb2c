"""Days in the life of a queue: who comes when, who serves, who loses patience."""

from collections.abc import Callable
from dataclasses import dataclass

MINUTE, HOUR = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class Shift:
    """An agent who takes `capacity` conversations at once, from … to … (seconds of the day)."""

    capacity: int
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """`per_hour` is how many customers come at a moment; times are medians or means in seconds."""

    name: str
    length: float
    per_hour: Callable[[float], float]
    most_per_hour: float
    shifts: tuple[Shift, ...]
    handling: float = 300.0
    handling_spread: float = 0.7  # of its logarithm
    patience: float = 15 * MINUTE
    high: float = 0.0  # shares of customers with priority
    urgent: float = 0.0
    declines: float = 0.01
    misses: float = 0.01


def _all_day(capacities: tuple[int, ...], length: float) -> tuple[Shift, ...]:
    return tuple(Shift(capacity, 0.0, length) for capacity in capacities)


def _steady(length: float = 2.5 * HOUR) -> Scenario:
    return Scenario("steady", length, lambda _: 190.0, 190.0, _all_day((3,) * 8, length), 320.0)


def _rush(length: float = 4 * HOUR) -> Scenario:
    """Three times as many for an hour."""
    return Scenario(
        "rush hour",
        length,
        lambda at: 240.0 if 2 * HOUR <= at < 3 * HOUR else 80.0,
        240.0,
        _all_day((2,) * 7, length),
        260.0,
    )


def _shifts(length: float = 6 * HOUR) -> Scenario:
    """Four come, four more, then the first ones leave, and the last hour is thin."""
    early = tuple(Shift(2, 0.0, 3 * HOUR) for _ in range(4))
    middle = tuple(Shift(2, 1.5 * HOUR, 5 * HOUR) for _ in range(4))
    late = tuple(Shift(3, 3 * HOUR, length) for _ in range(2))
    return Scenario("shift change", length, lambda _: 105.0, 105.0, (*early, *middle, *late), 240.0)


def _few(length: float = 5 * HOUR) -> Scenario:
    """Five agents who take one to five at once."""
    return Scenario(
        "few agents", length, lambda _: 90.0, 90.0, _all_day((1, 2, 3, 4, 5), length), 400.0, 0.9
    )


def _alone(length: float = 8 * HOUR) -> Scenario:
    return Scenario("one agent", length, lambda _: 21.0, 21.0, _all_day((1,), length), 110.0)


def _impatient(length: float = 2.5 * HOUR) -> Scenario:
    """A third more than can be served, and most would leave within minutes."""
    return Scenario(
        "impatient",
        length,
        lambda _: 190.0,
        190.0,
        _all_day((2,) * 6, length),
        250.0,
        patience=3 * MINUTE,
    )


def _priorities(length: float = 3.5 * HOUR) -> Scenario:
    return Scenario(
        "priorities",
        length,
        lambda at: 165.0 if HOUR <= at < 2.5 * HOUR else 110.0,
        165.0,
        _all_day((2,) * 6, length),
        265.0,
        high=0.2,
        urgent=0.05,
    )


SCENARIOS = (
    _rush(),
    _priorities(),
    _impatient(),
    _shifts(),
    _few(),
    _alone(),
    _steady(),
)
