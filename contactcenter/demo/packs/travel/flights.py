"""Flights that can be booked: of a day, of the days around it, one of them, with their price for all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Sum

from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.travel import fares
from contactcenter.demo.packs.travel.models import Booking, Flight

HOME: Final = ZoneInfo("Europe/Berlin")
LOOK_AROUND_DAYS: Final = 14


@dataclass(frozen=True)
class Wish:
    """Who wants to fly, and between what moments the flight may leave and land."""

    travellers: int
    fare: str
    at: datetime
    earliest: datetime | None = None
    latest: datetime | None = None

    def fits(self, line: Flight, day: date) -> bool:
        leaves, lands = line.departure(day), line.arrival(day)
        return (
            leaves - self.at >= fares.LAST_BOOKING
            and (self.earliest is None or leaves >= self.earliest)
            and (self.latest is None or lands <= self.latest)
        )


def search(origin: str, destination: str, day: date, wish: Wish) -> dict[str, Any]:
    """Flights of the day with the price for all; if there is none, the nearest days that have one."""
    check_day(day, wish.at)
    lines = route(origin, destination)
    free = [line for line in lines if line.flies_on(day) and wish.fits(line, day)]
    found = [offer(line, day, wish) for line in free]
    found = [one for one in found if one["seats"] >= wish.travellers]
    return {
        "served": bool(lines),
        "flights": found,
        "nearest": [] if found else nearest(lines, day, wish),
    }


def route(origin: str, destination: str) -> list[Flight]:
    lines = Flight.objects.between(origin, destination)
    return list(lines.select_related("origin", "destination"))


def nearest(lines: Collection[Flight], day: date, wish: Wish) -> list[str]:
    """At most three days with room."""
    around = sorted(range(-LOOK_AROUND_DAYS, LOOK_AROUND_DAYS + 1), key=lambda n: (abs(n), n))
    free = [
        other
        for other in (day + timedelta(days=n) for n in around)
        if any(
            line.flies_on(other)
            and wish.fits(line, other)
            and seats_left(line, other) >= wish.travellers
            for line in lines
        )
    ]
    return [other.isoformat() for other in sorted(free[:3])]


def offer(line: Flight, day: date, wish: Wish) -> dict[str, Any]:
    each = fares.price_each(
        line.price,
        wish.fare,
        far=line.origin.far or line.destination.far,
        day=day,
        today=wish.at.astimezone(HOME).date(),
    )
    leaves, lands = line.departure(day), line.arrival(day)
    return {
        "flight": line.number,
        "origin": line.origin.name,
        "origin_zh": line.origin.name_zh,
        "destination": line.destination.name,
        "destination_zh": line.destination.name_zh,
        "day": day.isoformat(),
        "leaves": f"{leaves:%H:%M}",
        "arrives": f"{lands:%H:%M}",
        "arrives_day": lands.date().isoformat(),
        "each": float(each),
        "price": float(each * wish.travellers),
        "seats": seats_left(line, day),
    }


def look(number: str, day: date, origin: str, destination: str, wish: Wish) -> dict[str, Any]:
    """One flight of the route as it would be booked now."""
    check_day(day, wish.at)
    line = next((one for one in route(origin, destination) if one.number == number), None)
    if line is None or not line.flies_on(day):
        raise no_flight()
    one = offer(line, day, wish)
    if not wish.fits(line, day) or one["seats"] < wish.travellers:
        raise Refusal("sold_out", "There are not so many seats any more.")
    return one


def landing(number: str, day: date) -> datetime:
    """When that flight is down and a way back may begin."""
    line = Flight.objects.select_related("origin", "destination").filter(number=number).first()
    if line is None or not line.flies_on(day):
        raise no_flight()
    return line.arrival(day) + fares.STAY


def seats_left(line: Flight, day: date, *, without: Booking | None = None) -> int:
    taken = Booking.objects.standing().aboard(line, day)
    if without is not None:
        taken = taken.exclude(pk=without.pk)
    return line.seats - int(taken.aggregate(n=Sum("travellers"))["n"] or 0)


def check_day(day: date, at: datetime, name: str = "date") -> None:
    today = at.astimezone(HOME).date()
    if not today <= day <= today + timedelta(days=fares.AHEAD_DAYS):
        why = f"must be between today and {fares.AHEAD_DAYS} days from now"
        raise Refusal("invalid", f"{name} {why}.", status=400, fields={name: why})


def no_flight() -> Refusal:
    return Refusal("no_flight", "There is no such flight on that day.", status=404)
