"""How often is too often: token buckets, kept in this process.

They need no Valkey, so they hold when it is gone; with n web processes a stranger has n of them.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass

from conversations.errors import RateLimited

_REMEMBERED = 50_000


@dataclass(slots=True)
class Bucket:
    """Holds up to `burst` and refills with `rate` a second."""

    rate: float
    burst: float
    level: float = -1.0
    filled_at: float = 0.0

    def take(self, now: float | None = None) -> float:
        """0 if one may pass, else the seconds until the next one may."""
        now = time.monotonic() if now is None else now
        if self.level < 0:
            self.level = self.burst
        else:
            self.level = min(self.burst, self.level + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.rate


class Limit:
    """One bucket for each key (an address, a token, a name); the longest unused are forgotten."""

    def __init__(self, *, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = burst
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def check(self, key: str) -> None:
        """Raises RateLimited when this key has had enough."""
        bucket = self._buckets.pop(key, None) or Bucket(self.rate, self.burst)
        self._buckets[key] = bucket
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        wait = bucket.take()
        if wait:
            raise RateLimited("Too many requests; wait a moment.", retry_after=wait)
