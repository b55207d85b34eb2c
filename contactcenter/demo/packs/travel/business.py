"""What Alcedo Travel does for a customer: book, move and give back flights, there or there and back."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.travel import fares, legs
from contactcenter.demo.packs.travel.flights import (
    Wish,
    check_day,
    nearest,
    no_flight,
    offer,
    route,
    seats_left,
)
from contactcenter.demo.packs.travel.legs import Leg
from contactcenter.demo.packs.travel.models import Booking, Flight, first_free_number

PAY_HOURS: Final = 24
PAY_HOURS_SOON: Final = 2
SOON: Final = timedelta(days=3)


def _locked(*numbers: str) -> dict[str, Flight]:
    """Lines of the timetable, held until the end: who books beside us waits. Always in one order, so
    that two who want the same two never wait for one another."""
    lines = (
        Flight.objects.select_for_update(of=("self",))
        .select_related("origin", "destination")
        .filter(number__in=numbers)
        .order_by("pk")
    )
    return {line.number: line for line in lines}


def book(
    *,
    flight: str,
    day: date,
    back: tuple[str, date] | None,
    name: str,
    email: str,
    price: Decimal,
    wish: Wish,
) -> dict[str, Any]:
    """Books one way, or both, at the price that the customer has agreed to, or not at all."""
    lines = _locked(flight, *([back[0]] if back else []))
    there = _booked(lines.get(flight), day, wish)
    home = None
    if back:
        returning = lines.get(back[0])
        if returning and (returning.origin_id, returning.destination_id) != (
            there.flight.destination_id,
            there.flight.origin_id,
        ):
            raise Refusal("no_flight", "That is no flight back.", status=404)
        later = replace(wish, earliest=there.lands + fares.STAY)
        home = _booked(returning, back[1], later)
    whole = there.price + (home.price if home else 0)
    if whole != price:
        raise Refusal("price_changed", f"The price is {whole:.2f} EUR now.", status=412)
    booking = Booking.objects.create(
        number=first_free_number(),
        name=name,
        email=email,
        flight=there.flight,
        day=there.day,
        back_flight=home.flight if home else None,
        back_day=home.day if home else None,
        travellers=wish.travellers,
        fare=wish.fare,
        price=whole,
        back_price=home.price if home else 0,
        booked_at=wish.at,
    )
    soon = there.leaves - wish.at <= SOON
    return booking_view(booking) | {"pay_hours": PAY_HOURS_SOON if soon else PAY_HOURS}


def _booked(line: Flight | None, day: date, wish: Wish) -> Leg:
    """One way at its price of now."""
    check_day(day, wish.at)
    if line is None or not line.flies_on(day):
        raise no_flight()
    if not wish.fits(line, day):
        raise Refusal("too_late", "Booking ends four hours before departure.")
    now = offer(line, day, wish)
    if now["seats"] < wish.travellers:
        raise Refusal("sold_out", "There are not so many seats any more.")
    return Leg(line, day, Decimal(str(now["price"])))


def booking_view(booking: Booking) -> dict[str, Any]:
    back = legs.homeward(booking)
    return {
        **legs.outward(booking).view,
        "number": booking.number,
        "status": booking.status,
        "name": booking.name,
        "back": back.view if back else None,
        "travellers": booking.travellers,
        "fare": booking.fare,
        "price": float(booking.price),
        "fees": float(booking.fees),
        "checked_in": booking.is_checked_in,
    }


def check_open(booking: Booking, leg: Leg, at: datetime) -> None:
    """That this way can still be changed, or everything from it on cancelled."""
    if booking.status == Booking.Status.CANCELLED:
        raise Refusal("cancelled", "This booking has been cancelled.")
    if leg.leaves - at < fares.LAST_MOMENT:
        raise Refusal("too_late", "Changes end three hours before departure.", status=410)
    if booking.is_checked_in:
        raise Refusal("checked_in", "Undo the check-in first.", status=422)


def other_days(booking: Booking, which: str, day: date, at: datetime) -> dict[str, Any]:
    """Flights of the same way on another day, with what the change would cost altogether."""
    leg = legs.leg_of(booking, which)
    check_open(booking, leg, at)
    check_day(day, at)
    wish = _wish_of(booking, which, at)
    lines = route(leg.flight.origin.slug, leg.flight.destination.slug)
    found = []
    for line in lines:
        same = line.pk == leg.flight.pk and day == leg.day
        if line.flies_on(day) and not same and wish.fits(line, day):
            one = _moved(booking, leg, line, day, wish)
            if one["seats"] >= booking.travellers:
                found.append(one)
    free = [] if found else nearest(lines, day, wish)
    return {"flights": found, "nearest": [one for one in free if one != str(leg.day)]}


def _wish_of(booking: Booking, which: str, at: datetime) -> Wish:
    earliest, latest = legs.window(booking, which)
    return Wish(booking.travellers, booking.fare, at, earliest, latest)


def _moved(booking: Booking, leg: Leg, line: Flight, day: date, wish: Wish) -> dict[str, Any]:
    one = offer(line, day, wish)
    cost = fares.change_costs(
        booking.fare,
        paid_each=(leg.price / booking.travellers).quantize(Decimal("0.01")),
        new_each=Decimal(str(one["each"])),
        travellers=booking.travellers,
    )
    fee = fares.CHANGE_FEE[booking.fare] * booking.travellers
    seats = seats_left(line, day, without=booking)
    return one | {
        "was": leg.day.isoformat(),
        "cost": float(cost),
        "fee": float(fee),
        "difference": float(cost - fee),
        "seats": seats,
    }


def look_at_change(
    booking: Booking, which: str, *, flight: str, day: date, at: datetime
) -> dict[str, Any]:
    """One flight of those days, with its cost."""
    for one in other_days(booking, which, day, at)["flights"]:
        if one["flight"] == flight:
            return dict(one)
    raise no_flight()


def change(
    booking: Booking, which: str, *, flight: str, day: date, cost: Decimal, at: datetime
) -> dict[str, Any]:
    """Moves all travellers of one way at the cost that the customer has agreed to, or not at all."""
    leg = legs.leg_of(booking, which)
    check_open(booking, leg, at)
    check_day(day, at)
    line = _locked(flight).get(flight)
    if line is None or not line.flies_on(day):
        raise no_flight()
    same = (line.origin_id, line.destination_id)
    if same != (leg.flight.origin_id, leg.flight.destination_id):
        raise Refusal("no_flight", "That flight goes somewhere else.", status=404)
    wish = _wish_of(booking, which, at)
    one = _moved(booking, leg, line, day, wish)
    if not wish.fits(line, day) or one["seats"] < booking.travellers:
        raise Refusal("sold_out", "There are not so many seats any more.")
    if Decimal(str(one["cost"])) != cost:
        raise Refusal("price_changed", f"It costs {one['cost']:.2f} EUR now.", status=412)
    fee = Decimal(str(one["fee"]))
    moved = Leg(line, day, leg.price + cost - fee)
    legs.put(booking, which, moved)
    booking.fees += fee
    booking.changed_at = at
    booking.save()
    return booking_view(booking) | {"moved": moved.view, "cost": float(cost)}


def refund_view(booking: Booking, at: datetime) -> dict[str, Any]:
    check_open(booking, legs.outward(booking), at)
    refund = fares.refund_of(
        booking.fare,
        price=booking.price,
        travellers=booking.travellers,
        ways=booking.ways,
        booked_at=booking.booked_at,
        departure=legs.outward(booking).leaves,
        at=at,
    )
    return booking_view(booking) | {"refund": float(refund.amount), "rule": refund.rule}


def cancel(booking: Booking, *, refund: Decimal, at: datetime) -> dict[str, Any]:
    """Both ways, for the refund that the customer has agreed to, or not at all."""
    now = refund_view(booking, at)
    if Decimal(str(now["refund"])) != refund:
        raise Refusal("refund_changed", f"{now['refund']:.2f} EUR come back now.", status=412)
    booking.status = Booking.Status.CANCELLED
    booking.refunded = refund
    booking.changed_at = at
    booking.save()
    return booking_view(booking) | {"refund": float(refund), "rule": now["rule"]}
