"""What a flight costs, and what changing or giving it back costs: the rules that the articles publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Final

LIGHT, CLASSIC, FLEX = "light", "classic", "flex"
# More than Light, for each traveller: within Europe, to Asia.
ABOVE_LIGHT: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {LIGHT: (0, 0), CLASSIC: (35, 60), FLEX: (95, 180)}
)
CHANGE_FEE: Final[Mapping[str, int]] = MappingProxyType({LIGHT: 60, CLASSIC: 30, FLEX: 0})
TAXES: Final = Decimal(25)  # of each traveller and each way
CLASSIC_KEPT: Final = Decimal(80)
LAST_MOMENT: Final = timedelta(hours=3)  # to change or cancel
LAST_BOOKING: Final = timedelta(hours=4)
STAY: Final = timedelta(hours=1)  # at the least, between landing and the flight back
THINKING: Final = timedelta(hours=24)  # after booking everything is paid back …
THINKING_AHEAD: Final = timedelta(days=7)  # … if the flight is that far away
AHEAD_DAYS: Final = 300


def price_each(lowest: Decimal, fare: str, *, far: bool, day: date, today: date) -> Decimal:
    """Whole euro for one traveller. Late bookings cost more, and so do Fridays and Sundays."""
    ahead = (day - today).days
    factor = Decimal("1.5") if ahead <= 3 else Decimal("1.2") if ahead <= 14 else Decimal(1)
    if day.weekday() in (4, 6):
        factor *= Decimal("1.1")
    light = (lowest * factor).quantize(Decimal(1), ROUND_HALF_UP)
    return light + ABOVE_LIGHT[fare][far]


def change_costs(fare: str, *, paid_each: Decimal, new_each: Decimal, travellers: int) -> Decimal:
    """The fee and what the new day costs more; a cheaper day gives nothing back."""
    return (CHANGE_FEE[fare] + max(Decimal(0), new_each - paid_each)) * travellers


@dataclass(frozen=True)
class Refund:
    """`rule` is within_24_hours, taxes_only, less_80 or full."""

    amount: Decimal
    rule: str


def refund_of(
    fare: str,
    *,
    price: Decimal,
    travellers: int,
    ways: int,
    booked_at: datetime,
    departure: datetime,
    at: datetime,
) -> Refund:
    """What comes back when it is cancelled now, `ways` 1 or 2; fees for changes never do."""
    if at - booked_at <= THINKING and departure - at >= THINKING_AHEAD:
        return Refund(price, "within_24_hours")
    if fare == FLEX:
        return Refund(price, "full")
    if fare == CLASSIC:
        return Refund(max(Decimal(0), price - CLASSIC_KEPT * travellers), "less_80")
    return Refund(min(price, TAXES * travellers * ways), "taxes_only")
