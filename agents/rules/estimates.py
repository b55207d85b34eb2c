"""A wait as it is told, and what a wait that came says about it. Pure."""

import math
from dataclasses import dataclass

MIDDLE = 0.5
SAFE = 0.8


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds: half of the waits end before `low`, four of five before `high`. `middle`, `spread` and
    `state` are what it was made of."""

    low: float
    high: float
    middle: float
    spread: float
    state: str

    def share_below(self, waited: float, share: float, *, gave_up: bool) -> float:
        """1 if a wait ended below what `share` of them should, 0 if not.

        For one who gave up before that, how likely it is that they would have been taken: what lies
        between is shared out among those who stay longer.
        """
        line = self.low if share == MIDDLE else self.high
        if waited > line:
            return 0.0
        if not gave_up:
            return 1.0
        passed = min(share, self._passed(waited))
        return (share - passed) / (1.0 - passed)

    def _passed(self, waited: float) -> float:
        """The share of waits that end before `waited`, between what was said."""
        at, low, high = (math.log1p(x) for x in (waited, self.low, self.high))
        if at >= low:
            return MIDDLE + (SAFE - MIDDLE) * min(1.0, (at - low) / max(1e-6, high - low))
        # As wide below the middle as above it.
        return MIDDLE * max(0.0, 1.0 - (low - at) / max(0.3, 2.0 * (high - low)))
