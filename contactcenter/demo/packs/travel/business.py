"""What Alcedo Travel does for a customer: find, book, move and give back flights, and advise."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Sum

from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.travel import fares
from contactcenter.demo.packs.travel.models import Booking, City, Flight, first_free_number

HOME: Final = ZoneInfo("Europe/Berlin")
LOOK_AROUND_DAYS: Final = 14
PAY_HOURS: Final = 24
PAY_HOURS_SOON: Final = 2
SOON: Final = timedelta(days=3)


def search(
    origin: str, destination: str, day: date, *, travellers: int, fare: str, at: datetime
) -> dict[str, Any]:
    """Flights of the day with the price for all; if there is none, the nearest days that have one."""
    check_day(day, at)
    lines = list(_lines(origin, destination))
    found = [offer(line, day, travellers, fare, at) for line in lines if line.flies_on(day)]
    found = [one for one in found if one["seats"] >= travellers and not one["too_late"]]
    return {
        "served": bool(lines),
        "flights": found,
        "nearest": [] if found else _nearest(lines, day, travellers, at),
    }


def _lines(origin: str, destination: str) -> Any:
    return Flight.objects.between(origin, destination).select_related("origin", "destination")


def _nearest(lines: list[Flight], day: date, travellers: int, at: datetime) -> list[str]:
    around = sorted(range(-LOOK_AROUND_DAYS, LOOK_AROUND_DAYS + 1), key=lambda n: (abs(n), n))
    days = [day + timedelta(days=n) for n in around]
    free = [
        other
        for other in days
        if any(
            line.flies_on(other)
            and line.departure(other) - at >= fares.LAST_BOOKING
            and _seats(line, other) >= travellers
            for line in lines
        )
    ]
    return [other.isoformat() for other in sorted(free[:3])]


def offer(line: Flight, day: date, travellers: int, fare: str, at: datetime) -> dict[str, Any]:
    each = fares.price_each(
        line.price, fare, far=_is_far(line), day=day, today=at.astimezone(HOME).date()
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
        "price": float(each * travellers),
        "seats": _seats(line, day),
        "too_late": leaves - at < fares.LAST_BOOKING,
    }


def look(
    flight: str, day: date, travellers: int, fare: str, *, at: datetime, origin: str, city: str
) -> dict[str, Any]:
    """One flight of the route as it would be booked now."""
    check_day(day, at)
    line = _lines(origin, city).filter(number=flight).first()
    if line is None or not line.flies_on(day):
        raise Refusal("no_flight", "There is no such flight on that day.", status=404)
    one = offer(line, day, travellers, fare, at)
    if one["too_late"] or one["seats"] < travellers:
        raise Refusal("sold_out", "There are not so many seats any more.")
    return one


def _is_far(line: Flight) -> bool:
    return line.origin.far or line.destination.far


def _seats(line: Flight, day: date, *, without: Booking | None = None) -> int:
    taken = Booking.objects.standing().filter(flight=line, day=day)
    if without is not None:
        taken = taken.exclude(pk=without.pk)
    return line.seats - int(taken.aggregate(n=Sum("travellers"))["n"] or 0)


def check_day(day: date, at: datetime) -> None:
    today = at.astimezone(HOME).date()
    if not today <= day <= today + timedelta(days=fares.AHEAD_DAYS):
        why = f"must be between today and {fares.AHEAD_DAYS} days from now"
        raise Refusal("invalid", f"date {why}.", status=400, fields={"date": why})


def _locked(number: str, day: date) -> Flight:
    """The line of the timetable, held until the end: who books beside us waits."""
    line = (
        Flight.objects.select_for_update(of=("self",))
        .select_related("origin", "destination")
        .filter(number=number)
        .first()
    )
    if line is None or not line.flies_on(day):
        raise Refusal("no_flight", "There is no such flight on that day.", status=404)
    return line


def book(
    *,
    flight: str,
    day: date,
    travellers: int,
    fare: str,
    name: str,
    email: str,
    price: Decimal,
    at: datetime,
) -> dict[str, Any]:
    """Books at the price that the customer has agreed to, or not at all."""
    check_day(day, at)
    line = _locked(flight, day)
    now = offer(line, day, travellers, fare, at)
    if now["too_late"]:
        raise Refusal("too_late", "Booking ends four hours before departure.")
    if now["seats"] < travellers:
        raise Refusal("sold_out", "There are not so many seats any more.")
    if Decimal(str(now["price"])) != price:
        raise Refusal("price_changed", f"The price is {now['price']:.2f} EUR now.", status=412)
    booking = Booking.objects.create(
        number=first_free_number(),
        name=name,
        email=email,
        flight=line,
        day=day,
        travellers=travellers,
        fare=fare,
        price=price,
        booked_at=at,
    )
    soon = line.departure(day) - at <= SOON
    return booking_view(booking) | {"pay_hours": PAY_HOURS_SOON if soon else PAY_HOURS}


def booking_view(booking: Booking) -> dict[str, Any]:
    line = booking.flight
    return {
        "number": booking.number,
        "status": booking.status,
        "name": booking.name,
        "flight": line.number,
        "from": line.origin.name,
        "from_zh": line.origin.name_zh,
        "to": line.destination.name,
        "to_zh": line.destination.name_zh,
        "day": booking.day.isoformat(),
        "leaves": f"{line.departure(booking.day):%H:%M}",
        "arrives": f"{line.arrival(booking.day):%H:%M}",
        "travellers": booking.travellers,
        "fare": booking.fare,
        "price": float(booking.price),
        "fees": float(booking.fees),
        "checked_in": booking.is_checked_in,
    }


def check_open(booking: Booking, at: datetime) -> None:
    """That it can still be changed or cancelled."""
    if booking.status == Booking.Status.CANCELLED:
        raise Refusal("cancelled", "This booking has been cancelled.")
    if booking.flight.departure(booking.day) - at < fares.LAST_MOMENT:
        raise Refusal("too_late", "Changes end three hours before departure.", status=410)
    if booking.is_checked_in:
        raise Refusal("checked_in", "Undo the check-in first.", status=422)


def other_days(booking: Booking, day: date, at: datetime) -> dict[str, Any]:
    """Flights of the same route on another day, with what the change would cost altogether."""
    check_open(booking, at)
    check_day(day, at)
    route = booking.flight
    lines = list(_lines(route.origin.slug, route.destination.slug))
    found = []
    for line in lines:
        if not line.flies_on(day) or (line.pk == route.pk and day == booking.day):
            continue
        one = _moved(booking, line, day, at)
        if not one["too_late"] and one["seats"] >= booking.travellers:
            found.append(one)
    nearest = [] if found else _nearest(lines, day, booking.travellers, at)
    return {"flights": found, "nearest": [one for one in nearest if one != str(booking.day)]}


def _moved(booking: Booking, line: Flight, day: date, at: datetime) -> dict[str, Any]:
    one = offer(line, day, booking.travellers, booking.fare, at)
    cost = fares.change_costs(
        booking.fare,
        paid_each=booking.each,
        new_each=Decimal(str(one["each"])),
        travellers=booking.travellers,
    )
    fee = fares.CHANGE_FEE[booking.fare] * booking.travellers
    seats = _seats(line, day, without=booking)
    return one | {
        "cost": float(cost),
        "fee": float(fee),
        "difference": float(cost - fee),
        "seats": seats,
    }


def look_at_change(booking: Booking, *, flight: str, day: date, at: datetime) -> dict[str, Any]:
    """One flight of those days, with its cost."""
    for one in other_days(booking, day, at)["flights"]:
        if one["flight"] == flight:
            return dict(one)
    raise Refusal("no_flight", "There is no such flight on that day.", status=404)


def change(
    booking: Booking, *, flight: str, day: date, cost: Decimal, at: datetime
) -> dict[str, Any]:
    """Moves all travellers at the cost that the customer has agreed to, or not at all."""
    check_open(booking, at)
    check_day(day, at)
    line = _locked(flight, day)
    same = (line.origin_id, line.destination_id)
    if same != (booking.flight.origin_id, booking.flight.destination_id):
        raise Refusal("no_flight", "That flight goes somewhere else.", status=404)
    one = _moved(booking, line, day, at)
    if one["too_late"] or one["seats"] < booking.travellers:
        raise Refusal("sold_out", "There are not so many seats any more.")
    if Decimal(str(one["cost"])) != cost:
        raise Refusal("price_changed", f"It costs {one['cost']:.2f} EUR now.", status=412)
    fee = Decimal(str(one["fee"]))
    booking.flight, booking.day = line, day
    booking.price += cost - fee
    booking.fees += fee
    booking.changed_at = at
    booking.save()
    return booking_view(booking) | {"cost": float(cost)}


def refund_view(booking: Booking, at: datetime) -> dict[str, Any]:
    check_open(booking, at)
    refund = fares.refund_of(
        booking.fare,
        price=booking.price,
        travellers=booking.travellers,
        booked_at=booking.booked_at,
        departure=booking.flight.departure(booking.day),
        at=at,
    )
    return booking_view(booking) | {"refund": float(refund.amount), "rule": refund.rule}


def cancel(booking: Booking, *, refund: Decimal, at: datetime) -> dict[str, Any]:
    """For the refund that the customer has agreed to, or not at all."""
    now = refund_view(booking, at)
    if Decimal(str(now["refund"])) != refund:
        raise Refusal("refund_changed", f"{now['refund']:.2f} EUR come back now.", status=412)
    booking.status = Booking.Status.CANCELLED
    booking.refunded = refund
    booking.changed_at = at
    booking.save()
    return booking_view(booking) | {"refund": float(refund), "rule": now["rule"]}


def itinerary(slug: str, *, days: int, likes: str) -> dict[str, Any]:
    """A plan of half days: what they like first, and every second time something else."""
    city = City.objects.filter(slug=slug).first()
    sights = list(city.sights.all()) if city else []
    if city is None or not sights:
        raise Refusal("no_advice", "We know too little about that city.", status=404)
    liked = [one for one in sights if one.likes == likes]
    others = [one for one in sights if one.likes != likes]
    order = liked[:1]
    for n in range(max(len(liked), len(others))):
        order += others[n : n + 1] + liked[n + 1 : n + 2]
    halves = order[: days * 2]
    plan = [
        {"day": n // 2 + 1, "text": _both(halves[n : n + 2], "text"),
         "text_zh": _both(halves[n : n + 2], "text_zh")}
        for n in range(0, len(halves), 2)
    ]  # fmt: skip
    return {
        "city": city.name,
        "city_zh": city.name_zh,
        "plan": plan,
        "enough": len(plan) >= days,
        "months": city.best_months,
        "months_zh": city.best_months_zh,
        "around": city.around,
        "around_zh": city.around_zh,
    }


def _both(halves: list[Any], name: str) -> str:
    ends = "。" if name.endswith("zh") else ". "
    return ends.join(getattr(one, name).rstrip(".。") for one in halves) + ends.rstrip()
