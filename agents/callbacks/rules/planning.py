"""When a customer may be called, and when again. Pure: the customer's own clock, not the house's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

RETRIES = (15, 120, 1440)  # minutes


@dataclass(frozen=True, slots=True)
class Plan:
    """`retry_minutes` after each attempt that failed; the last one repeats."""

    quiet_from: time
    quiet_until: time
    window: timedelta
    expires: timedelta
    retry_minutes: Sequence[int] = RETRIES

    def allowed(self, at: datetime, zone: str) -> datetime:
        """The first moment from `at` on at which nobody is disturbed."""
        local = at.astimezone(ZoneInfo(zone))
        if not self._is_quiet(local.time()):
            return at
        ends = local.replace(
            hour=self.quiet_until.hour, minute=self.quiet_until.minute, second=0, microsecond=0
        )
        if ends <= local:
            ends += timedelta(days=1)
        return ends.astimezone(at.tzinfo)

    def _is_quiet(self, clock: time) -> bool:
        if self.quiet_from == self.quiet_until:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until

    def again(self, at: datetime, *, attempts: int, zone: str) -> datetime:
        """When to try next after so many attempts."""
        minutes = self.retry_minutes or RETRIES
        wait = timedelta(minutes=minutes[min(attempts, len(minutes)) - 1])
        return self.allowed(at + wait, zone)
