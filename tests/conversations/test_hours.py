"""Open or closed."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from conversations.hours import Hours, Stretch

pytestmark = pytest.mark.unit

BERLIN = ZoneInfo("Europe/Berlin")
MORNING, AFTERNOON = Stretch(time(9), time(12)), Stretch(time(13), time(17, 30))
SHOP = Hours(
    BERLIN,
    dict.fromkeys(range(5), (MORNING, AFTERNOON)) | {5: (Stretch(time(20), time(2)),)},
    {date(2026, 12, 25): (), date(2026, 12, 24): (MORNING,)},
)


def berlin(day: int, hour: int, minute: int = 0, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        pytest.param(berlin(4, 9), True, id="Monday at nine"),
        pytest.param(berlin(4, 8, 59), False, id="a minute before"),
        pytest.param(berlin(4, 12), False, id="lunch"),
        pytest.param(berlin(4, 13), True, id="after lunch"),
        pytest.param(berlin(4, 17, 30), False, id="the closing moment"),
        pytest.param(berlin(9, 23), True, id="Saturday night"),
        pytest.param(berlin(10, 1, 59), True, id="past midnight"),
        pytest.param(berlin(10, 2), False, id="and then closed"),
        pytest.param(berlin(10, 12), False, id="Sunday"),
        pytest.param(berlin(25, 10, month=12), False, id="a holiday"),
        pytest.param(berlin(24, 10, month=12), True, id="a short day"),
        pytest.param(berlin(24, 14, month=12), False, id="closed early"),
    ],
)
def test_is_open(at: datetime, is_open: bool) -> None:
    assert SHOP.is_open(at) is is_open


def test_the_clock_change_moves_no_opening() -> None:
    before, after = berlin(27, 9, month=3), berlin(30, 9, month=3)

    assert SHOP.is_open(before)
    assert SHOP.is_open(after)
    assert (before.hour, after.hour) == (8, 7)


def test_next_opening() -> None:
    assert SHOP.next_opening(berlin(4, 12, 30)) == berlin(4, 13)
    assert SHOP.next_opening(berlin(8, 18)) == berlin(9, 20)
    assert SHOP.next_opening(berlin(24, 12, month=12)) == berlin(26, 20, month=12)
    assert Hours(BERLIN, {}).next_opening(berlin(4, 9)) is None


def test_a_day_without_end_is_open_all_day() -> None:
    always = Hours(ZoneInfo("UTC"), {day: (Stretch(time(0), time(0)),) for day in range(7)})

    assert always.is_open(datetime(2026, 5, 4, 0, 0, tzinfo=UTC))
    assert always.is_open(datetime(2026, 5, 4, 23, 59, tzinfo=UTC))
