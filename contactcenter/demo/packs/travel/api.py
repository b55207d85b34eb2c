"""Alcedo Travel's interface for programs."""

from collections.abc import Callable
from typing import Any

from django.urls import path

from contactcenter.demo.packs.door import Call, Refusal, door
from contactcenter.demo.packs.identity import known
from contactcenter.demo.packs.travel import business
from contactcenter.demo.packs.travel.models import Booking, City, Sight

FARES = frozenset(Booking.Fare.values)


def owned(call: Call) -> Booking | Refusal:
    """The booking if number and e-mail belong together; else a refusal that is to be returned."""
    number, email = call.text("number", most=16).upper(), call.text("email", most=254).lower()
    booking = (
        Booking.objects.numbered(number)
        .select_for_update(of=("self",))
        .select_related("flight__origin", "flight__destination")
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


@door("travel")
def search(call: Call) -> dict[str, Any]:
    cities = set(City.objects.values_list("slug", flat=True))
    return business.search(
        call.choice("origin", cities),
        call.choice("destination", cities),
        call.day("date"),
        travellers=call.whole("travellers", 1, 9),
        fare=call.choice("fare", FARES),
        at=call.at,
    )


@door("travel")
def look(call: Call) -> dict[str, Any]:
    return business.look(
        call.text("flight", most=8),
        call.day("date"),
        call.whole("travellers", 1, 9),
        call.choice("fare", FARES),
        at=call.at,
        origin=call.text("origin", most=20),
        city=call.text("destination", most=20),
    )


@door("travel", writes=True)
def book(call: Call) -> dict[str, Any]:
    return business.book(
        flight=call.text("flight", most=8),
        day=call.day("date"),
        travellers=call.whole("travellers", 1, 9),
        fare=call.choice("fare", FARES),
        name=call.text("name", most=120),
        email=call.email("email"),
        price=call.money("price"),
        at=call.at,
    )


@door("travel")
@of_owner
def find(_call: Call, booking: Booking) -> dict[str, Any]:
    return business.booking_view(booking)


@door("travel")
@of_owner
def other_days(call: Call, booking: Booking) -> dict[str, Any]:
    return business.other_days(booking, call.day("date"), call.at)


@door("travel")
@of_owner
def look_at_change(call: Call, booking: Booking) -> dict[str, Any]:
    return business.look_at_change(
        booking, flight=call.text("flight", most=8), day=call.day("date"), at=call.at
    )


@door("travel", writes=True)
@of_owner
def change(call: Call, booking: Booking) -> dict[str, Any]:
    return business.change(
        booking,
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
    return business.itinerary(
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
