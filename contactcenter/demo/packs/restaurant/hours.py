"""When Lantern House is open, as its articles say. Pure; times are those of Hamburg."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

HOME: Final = ZoneInfo("Europe/Berlin")
LUNCH, NOON, EVENING = time(12), time(12), time(17, 30)
LAST_LUNCH, LAST_TABLE = time(13, 30), time(21)
KITCHEN_LUNCH_ENDS, KITCHEN_ENDS = time(14, 30), time(21, 45)
MONDAY, TUESDAY, SATURDAY = 0, 1, 5
HALF_HOUR: Final = timedelta(minutes=30)


def is_closed(day: date) -> bool:
    """Mondays, Christmas, and while the kitchen is repaired in August."""
    if day.month == 12 and 24 <= day.day <= 26:
        return True
    if day.month == 8 and day.weekday() == TUESDAY and 2 <= day.day <= 8:
        return True
    return day.weekday() == MONDAY


def table_times(day: date) -> list[time]:
    """At which tables are given on that day; none when it is closed."""
    if is_closed(day):
        return []
    if day.weekday() >= SATURDAY:
        return _half_hours(NOON, LAST_TABLE)
    return _half_hours(LUNCH, LAST_LUNCH) + _half_hours(EVENING, LAST_TABLE)


def _half_hours(first: time, last: time) -> list[time]:
    begin = datetime.combine(date.min, first)
    count = (datetime.combine(date.min, last) - begin) // HALF_HOUR
    return [(begin + n * HALF_HOUR).time() for n in range(count + 1)]


def kitchen_spans(day: date) -> list[tuple[datetime, datetime]]:
    if is_closed(day):
        return []
    if day.weekday() >= SATURDAY:
        spans = [(NOON, KITCHEN_ENDS)]
    else:
        spans = [(LUNCH, KITCHEN_LUNCH_ENDS), (EVENING, KITCHEN_ENDS)]
    return [(datetime.combine(day, a, HOME), datetime.combine(day, b, HOME)) for a, b in spans]


def cooks_from(at: datetime) -> datetime:
    """Now if the kitchen is open, else when it opens next."""
    today = at.astimezone(HOME).date()
    for ahead in range(10):
        for begin, end in kitchen_spans(today + timedelta(days=ahead)):
            if at < end:
                return max(at, begin).astimezone(HOME)
    return at.astimezone(HOME)


def is_busy(at: datetime) -> bool:
    """Friday and Saturday evening."""
    here = at.astimezone(HOME)
    return here.weekday() in (4, SATURDAY) and here.time() >= EVENING
