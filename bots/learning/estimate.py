"""How many a week? An estimate with its interval, from samples of several groups. Pure.

Of a group in which `population` conversations happened in `weeks`, `sampled` at random were looked at
and `changed` of them did change. What changes in the weeks to come is counted as a Poisson variable of
which we saw a part, so one interval says both: that we looked at a sample, and that weeks differ. The
groups' intervals are put together by their squared distances from the estimate (Newcombe's MOVER).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, sqrt

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Group:
    population: int
    sampled: int
    changed: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A week, with the limits of a 95 % interval."""

    value: float
    low: float
    high: float


def weekly(groups: Sequence[Group], *, weeks: float) -> Rate:
    """How many conversations a week change. A group of which nothing was looked at says nothing."""
    rates = [_of(group, weeks) for group in groups if group.population and group.sampled]
    value = sum(rate.value for rate in rates)
    low = value - sqrt(sum((rate.value - rate.low) ** 2 for rate in rates))
    high = value + sqrt(sum((rate.high - rate.value) ** 2 for rate in rates))
    return Rate(value, max(0.0, low), high)


def _of(group: Group, weeks: float) -> Rate:
    seen = weeks * group.sampled / group.population  # weeks' worth of conversations
    low, high = poisson_limits(group.changed)
    return Rate(group.changed / seen, low / seen, high / seen)


def poisson_limits(count: int, *, level: float = LEVEL) -> tuple[float, float]:
    """The exact (Garwood's) limits of the mean of which `count` were seen."""
    tail = (1 - level) / 2
    low = 0.0
    if count:
        low = _where(lambda mean: 1 - _up_to(count - 1, mean) < tail, 0.0, float(count))
    high = _where(
        lambda mean: _up_to(count, mean) > tail, float(count), count + 10 * sqrt(count) + 20
    )
    return low, high


def _up_to(count: int, mean: float) -> float:
    """The probability of `count` or fewer."""
    if mean <= 0:
        return 1.0
    return min(1.0, sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(count + 1)))


def _where(is_below: Callable[[float], bool], low: float, high: float) -> float:
    """By halving; `is_below` holds up to the place that is looked for."""
    for _ in range(60):
        middle = (low + high) / 2
        if is_below(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2
