"""Open or closed: intervals of weekdays, holidays, and a time zone. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_LOOK_AHEAD = 60  # days


@dataclass(frozen=True, slots=True)
class Stretch:
    """From … to …; when it does not end after it begins, it ends on the next day."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Hours:
    """`weekly` by weekday, Monday is 0; `holidays` by date, with nothing in it: closed."""

    zone: ZoneInfo
    weekly: Mapping[int, Sequence[Stretch]]
    holidays: Mapping[date, Sequence[Stretch]] = field(default_factory=dict)

    def _on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for stretch in self.holidays.get(day, self.weekly.get(day.weekday(), ())):
            ends = day if stretch.closes > stretch.opens else day + timedelta(days=1)
            yield (
                datetime.combine(day, stretch.opens, tzinfo=self.zone),
                datetime.combine(ends, stretch.closes, tzinfo=self.zone),
            )

    def is_open(self, at: datetime) -> bool:
        """Whether people are here at an aware moment; the closing moment itself is closed."""
        today = at.astimezone(self.zone).date()
        return any(
            opens <= at < closes
            for day in (today - timedelta(days=1), today)
            for opens, closes in self._on(day)
        )

    def next_opening(self, at: datetime) -> datetime | None:
        """When they open next after `at`; None when they will not within two months."""
        today = at.astimezone(self.zone).date()
        for ahead in range(_LOOK_AHEAD):
            later = [o for o, _ in self._on(today + timedelta(days=ahead)) if o > at]
            if later:
                return min(later)
        return None

    def later(self, at: datetime, seconds: float) -> datetime | None:
        """The moment after so many seconds of open time from `at` on; None within two months."""
        left = timedelta(seconds=seconds)
        now, today = at, at.astimezone(self.zone).date()
        for ahead in range(-1, _LOOK_AHEAD):
            for opens, closes in sorted(self._on(today + timedelta(days=ahead))):
                begins = max(now, opens)
                if closes <= begins:
                    continue
                # Added on the clock of the world: a night may have twenty-five hours.
                if (ends := begins.astimezone(UTC) + left) <= closes:
                    return ends
                left -= closes.astimezone(UTC) - begins.astimezone(UTC)
                now = closes
        return None


def hours_of_rows(
    zone: str,
    openings: Iterable[tuple[int, time, time]],
    holidays: Iterable[tuple[date, time | None, time | None]],
) -> Hours:
    """From what a schedule keeps: (weekday, opens, closes), and days that are not as their weekday:
    (day, opens, closes), closed all day without times."""
    weekly: dict[int, list[Stretch]] = {}
    for weekday, begins, ends in openings:
        weekly.setdefault(weekday, []).append(Stretch(begins, ends))
    days: dict[date, list[Stretch]] = {}
    for day, opens, closes in holidays:
        stretches = days.setdefault(day, [])
        if opens is not None and closes is not None:
            stretches.append(Stretch(opens, closes))
    return Hours(ZoneInfo(zone), weekly, days)
