"""How many conversations a week a change concerns, with an interval that keeps its word."""

import random

import pytest

from bots.learning.estimate import Group, Rate, poisson_limits, weekly

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # The exact limits as they are printed in tables of the Poisson distribution.
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (3, 0.619, 8.767), (10, 4.795, 18.390), (100, 81.36, 121.63)],
)  # fmt: skip
def test_the_limits_are_those_of_the_tables(count: int, low: float, high: float) -> None:
    assert poisson_limits(count) == pytest.approx((low, high), abs=0.006)


def test_a_group_that_was_looked_at_as_a_whole_counts_its_weeks() -> None:
    rate = weekly([Group(population=40, sampled=40, changed=16)], weeks=8)
    assert (rate.value, round(rate.low, 2), round(rate.high, 2)) == (2.0, 1.14, 3.25)


def test_a_sample_stands_for_its_group_and_is_less_sure() -> None:
    whole = weekly([Group(400, 400, 40)], weeks=8)
    part = weekly([Group(400, 40, 4)], weeks=8)
    assert (whole.value, part.value) == (5.0, 5.0)
    assert part.low < whole.low < 5 < whole.high < part.high


def test_nothing_seen_is_not_nothing() -> None:
    assert weekly([Group(0, 0, 0), Group(10, 0, 0)], weeks=8) == Rate(0.0, 0.0, 0.0)
    rate = weekly([Group(1000, 50, 0)], weeks=8)
    assert (rate.value, rate.low, round(rate.high, 1)) == (0.0, 0.0, 9.2)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """A thousand made-up houses: 30 changing conversations a week among 130, a part looked at."""
    dice = random.Random(7)
    inside = 0
    for _ in range(1000):
        near = sum(dice.random() < 0.5 for _ in range(8 * 100))
        rest = sum(dice.random() < 0.9 for _ in range(8 * 70))
        seen, other = 120, 60
        groups = [
            Group(near, seen, sum(dice.random() < 0.5 for _ in range(seen))),
            Group(rest, other, sum(dice.random() < 0.08 for _ in range(other))),
        ]
        rate = weekly(groups, weeks=8)
        inside += rate.low <= 100 * 0.5 * 0.5 + 70 * 0.9 * 0.08 <= rate.high
    assert inside >= 950
