from datetime import UTC, datetime, timedelta

import pytest

from analytics.period import BadPeriod, Period, between, preset
from analytics.reports.volume import moments

pytestmark = pytest.mark.unit

AT = datetime(2026, 5, 4, 15, 30, tzinfo=UTC)


def day(number: int) -> datetime:
    return datetime(2026, 5, number, tzinfo=UTC)


def test_today_is_compared_with_yesterday_until_the_same_hour() -> None:
    period = preset("today", at=AT)

    assert period == Period(day(4), AT)
    assert period.previous() == Period(day(3), AT - timedelta(days=1))
    assert period.bucket == "hour"


def test_a_week_includes_today() -> None:
    period = preset("7", at=AT)

    assert period.start == datetime(2026, 4, 28, tzinfo=UTC)
    assert period.previous() == Period(datetime(2026, 4, 21, tzinfo=UTC), AT - timedelta(days=7))
    assert len(moments(period)) == 7


def test_a_date_is_included_a_moment_is_not() -> None:
    assert between("2026-05-01", "2026-05-02", at=AT) == Period(day(1), day(3))
    assert between("2026-05-01", "2026-05-02T00:00:00Z", at=AT) == Period(day(1), day(2))
    assert between("", "", at=AT) == preset("7", at=AT)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("tomorrow", "", "from"),
        ("2026-02-30", "", "from"),
        ("2026-05-01", "2026-13-01", "to"),
        ("0001-01-01", "", "from"),
        ("9999-12-31", "", "from"),
        ("2026-05-03", "2026-05-01", "from"),
        ("2024-01-01", "2026-01-01", "from"),
        ("\x00", "", "from"),
        ("2026-05-01T25:00:00Z", "", "from"),
    ],
)
def test_what_is_no_span_is_refused(first: str, last: str, field: str) -> None:
    with pytest.raises(BadPeriod) as refused:
        between(first, last, at=AT)

    assert refused.value.field == field


def test_the_day_the_clocks_change_has_its_own_number_of_hours() -> None:
    from zoneinfo import ZoneInfo

    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 29, tzinfo=berlin)
    spring = Period(start, datetime(2026, 3, 30, tzinfo=berlin))

    assert len(moments(spring)) == 23
