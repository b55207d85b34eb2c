"""The ways of a booking: there, and back where there is one."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.travel import fares
from contactcenter.demo.packs.travel.models import Booking, Flight

OUTWARD: Final = "outward"
HOMEWARD: Final = "homeward"
LEGS: Final = frozenset({OUTWARD, HOMEWARD})


@dataclass(frozen=True)
class Leg:
    """One way as it is booked: `price` is what all travellers paid for it."""

    flight: Flight
    day: date
    price: Decimal

    @property
    def leaves(self) -> datetime:
        return self.flight.departure(self.day)

    @property
    def lands(self) -> datetime:
        return self.flight.arrival(self.day)

    @property
    def view(self) -> dict[str, Any]:
        return {
            "flight": self.flight.number,
            "from": self.flight.origin.name,
            "from_zh": self.flight.origin.name_zh,
            "to": self.flight.destination.name,
            "to_zh": self.flight.destination.name_zh,
            "day": self.day.isoformat(),
            "leaves": f"{self.leaves:%H:%M}",
            "arrives": f"{self.lands:%H:%M}",
        }


def outward(booking: Booking) -> Leg:
    return Leg(booking.flight, booking.day, booking.price - booking.back_price)


def homeward(booking: Booking) -> Leg | None:
    if booking.back_flight is None or booking.back_day is None:
        return None
    return Leg(booking.back_flight, booking.back_day, booking.back_price)


def leg_of(booking: Booking, which: str) -> Leg:
    """The way that is meant. Raises Refusal for a way back that nobody booked."""
    found = outward(booking) if which == OUTWARD else homeward(booking)
    if found is None:
        raise Refusal("no_way_back", "This booking has no flight back.", status=404)
    return found


def window(booking: Booking, which: str) -> tuple[datetime | None, datetime | None]:
    """Between what moments this way may leave and land, for the other one's sake."""
    if which == HOMEWARD:
        return outward(booking).lands + fares.STAY, None
    back = homeward(booking)
    return None, back.leaves - fares.STAY if back else None


def put(booking: Booking, which: str, leg: Leg) -> None:
    """Writes a way into the booking, and its price into the whole; does not save."""
    if which == HOMEWARD:
        booking.price += leg.price - booking.back_price
        booking.back_flight, booking.back_day = leg.flight, leg.day
        booking.back_price = leg.price
    else:
        booking.price = leg.price + booking.back_price
        booking.flight, booking.day = leg.flight, leg.day
