"""The span of time that a report speaks of, and the earlier one it is compared with."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

PRESETS = {"today": 1, "7": 7, "30": 30}
LONGEST = timedelta(days=366)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class BadPeriod(ValueError):
    """A span that can't be: `field` is the parameter to put right."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open: start ≤ x < end. Both are aware, in the centre's own time zone."""

    start: datetime
    end: datetime

    def previous(self) -> "Period":
        """As long, earlier by whole days: today until noon is compared with yesterday until noon."""
        days = -(-(self.end - self.start) // timedelta(days=1))
        shift = timedelta(days=max(days, 1))
        return Period(self.start - shift, self.end - shift)

    @property
    def bucket(self) -> str:
        """What one point of a chart stands for."""
        return "hour" if self.end - self.start <= timedelta(hours=49) else "day"

    @property
    def last_day(self) -> date:
        return (self.end - timedelta(microseconds=1)).date()


def preset(name: str, *, at: datetime) -> Period:
    """`today`, or the last `7` or `30` days up to now, today among them."""
    now = at.astimezone(timezone.get_default_timezone())
    first = now.date() - timedelta(days=PRESETS[name] - 1)
    return Period(datetime.combine(first, time(), now.tzinfo), now)


def between(first: str, last: str, *, at: datetime) -> Period:
    """From dates (the last one included) or RFC 3339 moments (the last one not). Raises BadPeriod.

    An empty `last` means now; an empty `first` a week before the end.
    """
    zone = timezone.get_default_timezone()
    end = _moment("to", last, zone, after=True) if last else at.astimezone(zone)
    if first:
        start = _moment("from", first, zone, after=False)
    else:
        start = datetime.combine(end.date() - timedelta(days=6), time(), zone)
    if start >= end:
        raise BadPeriod("from", "The first day must come before the last.")
    if end - start > LONGEST + timedelta(days=1):
        raise BadPeriod("from", "Ask for one year at most.")
    return Period(start, end)


def _moment(field: str, text: str, zone: tzinfo, *, after: bool) -> datetime:
    try:
        day = parse_date(text)
        moment = None if day else parse_datetime(text)
    except ValueError:
        day = moment = None
    if day is None and moment is None:
        raise BadPeriod(field, "Write a date such as 2026-03-31, or a moment in RFC 3339.")
    year = day.year if day else moment.year if moment else 0
    if not _FIRST_YEAR <= year < _LAST_YEAR:
        raise BadPeriod(field, f"The year must be {_FIRST_YEAR} or later, before {_LAST_YEAR}.")
    if day is not None:
        return datetime.combine(day + timedelta(days=1 if after else 0), time(), zone)
    assert moment is not None
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
