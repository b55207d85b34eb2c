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

    def take(self, now: float | None = None, *, amount: float = 1) -> float:
        """0 if so much may pass, else the seconds until it may."""
        now = time.monotonic() if now is None else now
        if self.level < 0:
            self.level = self.burst
        else:
            self.level = min(self.burst, self.level + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.level >= amount:
            self.level -= amount
            return 0.0
        return (amount - self.level) / self.rate


class Limit:
    """One bucket for each key (an address, a token, a name); the longest unused are forgotten."""

    def __init__(self, *, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = burst
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def check(self, key: str, *, amount: float = 1) -> None:
        """Raises RateLimited when this key has had enough. `amount` is never more than the burst."""
        bucket = self._buckets.pop(key, None) or Bucket(self.rate, self.burst)
        self._buckets[key] = bucket
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        wait = bucket.take(amount=amount)
        if wait:
            raise RateLimited("Too many requests; wait a moment.", retry_after=wait)
