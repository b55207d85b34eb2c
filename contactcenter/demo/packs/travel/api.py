"""Alcedo Travel's interface for programs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import path

from contactcenter.demo.packs.door import Call, Refusal, door
from contactcenter.demo.packs.identity import known
from contactcenter.demo.packs.travel import advice, business, flights
from contactcenter.demo.packs.travel.flights import Wish
from contactcenter.demo.packs.travel.legs import LEGS, OUTWARD
from contactcenter.demo.packs.travel.models import Booking, City, Sight

FARES = frozenset(Booking.Fare.values)


def owned(call: Call) -> Booking | Refusal:
    """The booking if number and e-mail belong together; else a refusal that is to be returned."""
    number, email = call.text("number", most=16).upper(), call.text("email", most=254).lower()
    booking = (
        Booking.objects.numbered(number)
        .select_for_update(of=("self",))
        .select_related(
            "flight__origin",
            "flight__destination",
            "back_flight__origin",
            "back_flight__destination",
        )
        .first()
    )
    right = booking is not None and booking.email == email
    refusal = known("travel", number, is_right=right, at=call.at)
    if refusal is not None or booking is None:
        return refusal or Refusal("wrong", "", status=403)
    return booking


def of_owner(deed: Callable[[Call, Booking], dict[str, Any]]) -> Callable[[Call], Any]:
    """A deed with somebody's booking, for whoever knows its number and its e-mail address."""

    def asked(call: Call) -> dict[str, Any] | Refusal:
        found = owned(call)
        return found if isinstance(found, Refusal) else deed(call, found)

    return asked


def wish_of(call: Call) -> Wish:
    return Wish(call.whole("travellers", 1, 9), call.choice("fare", FARES), call.at)


def way_back(call: Call) -> tuple[str, date] | None:
    """Flight and day of the way back, where one is wanted: both, or neither."""
    if not call.optional("back_flight", most=8) and not call.optional("back_date", most=20):
        return None
    return call.text("back_flight", most=8), call.day("back_date")


def leg_named(call: Call) -> str:
    return call.choice("leg", LEGS) if call.optional("leg", most=20) else OUTWARD


@door("travel")
def search(call: Call) -> dict[str, Any]:
    """Of a way back `after_flight` and `after_date` are the way there."""
    cities = set(City.objects.values_list("slug", flat=True))
    origin, destination = call.choice("origin", cities), call.choice("destination", cities)
    wish, day = wish_of(call), call.day("date")
    if call.optional("after_flight", most=8):
        after = flights.landing(call.text("after_flight", most=8), call.day("after_date"))
        wish = replace(wish, earliest=after)
    return flights.search(origin, destination, day, wish)


@door("travel")
def look(call: Call) -> dict[str, Any]:
    """The way there, beside it the way back, and the price of both."""
    wish, back = wish_of(call), way_back(call)
    number, day = call.text("flight", most=8), call.day("date")
    origin, city = call.text("origin", most=20), call.text("destination", most=20)
    there = flights.look(number, day, origin, city, wish)
    if back is None:
        return there | {"back": None}
    wish = replace(wish, earliest=flights.landing(number, day))
    home = flights.look(*back, city, origin, wish)
    return there | {"back": home, "price": there["price"] + home["price"]}


@door("travel", writes=True)
def book(call: Call) -> dict[str, Any]:
    return business.book(
        flight=call.text("flight", most=8),
        day=call.day("date"),
        back=way_back(call),
        name=call.text("name", most=120),
        email=call.email("email"),
        price=call.money("price"),
        wish=wish_of(call),
    )


@door("travel")
@of_owner
def find(_call: Call, booking: Booking) -> dict[str, Any]:
    return business.booking_view(booking)


@door("travel")
@of_owner
def other_days(call: Call, booking: Booking) -> dict[str, Any]:
    return business.other_days(booking, leg_named(call), call.day("date"), call.at)


@door("travel")
@of_owner
def look_at_change(call: Call, booking: Booking) -> dict[str, Any]:
    return business.look_at_change(
        booking,
        leg_named(call),
        flight=call.text("flight", most=8),
        day=call.day("date"),
        at=call.at,
    )


@door("travel", writes=True)
@of_owner
def change(call: Call, booking: Booking) -> dict[str, Any]:
    return business.change(
        booking,
        leg_named(call),
        flight=call.text("flight", most=8),
        day=call.day("date"),
        cost=call.money("cost"),
        at=call.at,
    )


@door("travel")
@of_owner
def refund(call: Call, booking: Booking) -> dict[str, Any]:
    return business.refund_view(booking, call.at)


@door("travel", writes=True)
@of_owner
def cancel(call: Call, booking: Booking) -> dict[str, Any]:
    return business.cancel(booking, refund=call.money("refund"), at=call.at)


@door("travel")
def itinerary(call: Call) -> dict[str, Any]:
    return advice.itinerary(
        call.text("city", most=20),
        days=call.whole("days", 1, 7),
        likes=call.choice("likes", frozenset(Sight.Likes.values)),
    )


urlpatterns = [
    path("flights", search),
    path("flights/look", look),
    path("bookings", book),
    path("bookings/find", find),
    path("bookings/other-days", other_days),
    path("bookings/look", look_at_change),
    path("bookings/change", change),
    path("bookings/refund", refund),
    path("bookings/cancel", cancel),
    path("itinerary", itinerary),
]
