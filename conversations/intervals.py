"""How sure a counted number is: 95 % intervals without assumptions about the shape. Pure."""

from collections.abc import Sequence
from math import comb, hypot, sqrt

Z = 1.959964  # 95 of 100 such intervals hold the truth
_EXACT = 60  # values: beyond this the normal approximation of the ranks is as good


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """Wilson's interval of a share; None of nothing."""
    if not whole:
        return None
    share = part / whole
    spread = 1 + Z * Z / whole
    middle = (share + Z * Z / (2 * whole)) / spread
    half = Z * sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole)) / spread
    # At none and at all, rounding would leave the end a hair beside it.
    low = 0.0 if part == 0 else max(0.0, middle - half)
    return low, 1.0 if part == whole else min(1.0, middle + half)


def apart(
    one: float, within: tuple[float, float], other: float, other_within: tuple[float, float]
) -> tuple[float, float, float]:
    """How much more `one` is than `other`, and its interval from theirs (Newcombe 1998, no. 10)."""
    by = one - other
    low = by - hypot(one - within[0], other_within[1] - other)
    return by, low, by + hypot(within[1] - one, other - other_within[0])


def median(values: Sequence[float]) -> float | None:
    """The middle one, or between the two in the middle."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def median_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """The order statistics that hold the median with 95 % or more (a sign test turned round); None
    for fewer than six values, which no such interval holds."""
    ordered = sorted(values)
    rank = _rank(len(ordered))
    return (ordered[rank], ordered[-rank - 1]) if rank is not None else None


def _rank(n: int) -> int | None:
    """The largest r so that P(fewer than r + 1 of n coins show heads) <= 2.5 %, from 0."""
    if n > _EXACT:
        return max(int((n - Z * sqrt(n)) / 2) - 1, 0)
    below, rank = 0.0, None
    for r in range(n // 2):
        below += comb(n, r) / 2**n
        if below > 0.025:
            break
        rank = r
    return rank
