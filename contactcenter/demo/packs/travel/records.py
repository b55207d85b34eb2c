"""Bookings of a traveller."""

from contactcenter.demo.packs.records import MOST, Known, Record
from contactcenter.demo.packs.travel.models import Booking


def records(who: Known) -> list[Record]:
    if not who.email:
        return []
    rows = Booking.objects.filter(email=who.email.strip().lower())
    return [
        Record(
            one.number,
            one.get_status_display(),
            f"{one.flight.number} {one.flight.origin}–{one.flight.destination}, {one.day:%-d %b %Y}, "
            f"{_back(one)}{one.travellers} × {one.get_fare_display()}",
            f"{one.price} €",
            one.booked_at,
        )
        for one in rows.select_related("flight__origin", "flight__destination", "back_flight")[
            :MOST
        ]
    ]


def _back(one: Booking) -> str:
    if one.back_flight is None:
        return ""
    return f"back with {one.back_flight.number} on {one.back_day:%-d %b %Y}, "
