"""Lantern House's interface for programs."""

from collections.abc import Callable
from typing import Any

from django.urls import path

from contactcenter.demo.packs.door import Call, Refusal, door
from contactcenter.demo.packs.identity import known
from contactcenter.demo.packs.restaurant import kitchen, tables
from contactcenter.demo.packs.restaurant.models import Dish, FoodOrder, Reservation

PACK = "restaurant"
HOW = frozenset(FoodOrder.How.values)
COURSES = frozenset(Dish.Course.values) | {"any"}


def with_table(deed: Callable[[Call, Reservation], dict[str, Any]]) -> Callable[[Call], Any]:
    """A deed with somebody's reservation, for whoever knows its number and its e-mail address."""

    def asked(call: Call) -> dict[str, Any] | Refusal:
        number, email = call.text("number", most=16).upper(), call.text("email", most=254).lower()
        found = Reservation.objects.select_for_update().filter(number=number).first()
        right = found is not None and found.email == email
        refusal = known(PACK, number, is_right=right, at=call.at)
        if refusal is not None or found is None:
            return refusal or Refusal("wrong", "", status=403)
        return deed(call, found)

    return asked


def with_order(deed: Callable[[Call, FoodOrder], dict[str, Any]]) -> Callable[[Call], Any]:
    """The same with an order."""

    def asked(call: Call) -> dict[str, Any] | Refusal:
        number, email = call.text("number", most=16).upper(), call.text("email", most=254).lower()
        found = FoodOrder.objects.numbered(number).select_for_update().first()
        right = found is not None and found.email == email
        refusal = known(PACK, number, is_right=right, at=call.at)
        if refusal is not None or found is None:
            return refusal or Refusal("wrong", "", status=403)
        return deed(call, found)

    return asked


@door(PACK)
def menu(call: Call) -> dict[str, Any]:
    return kitchen.menu(
        call.choice("wish", kitchen.WISHES),
        call.choice("course", COURSES),
        call.choice("without", {*kitchen.ALLERGENS, "nothing"}),
    )


@door(PACK)
def free_tables(call: Call) -> dict[str, Any]:
    return tables.free_at(
        call.day("date"), call.clock("time"), call.whole("people", 1, 8), now=call.at
    )


@door(PACK, writes=True)
def book_table(call: Call) -> dict[str, Any]:
    return tables.reserve(
        call.day("date"),
        call.clock("time"),
        call.whole("people", 1, 8),
        name=call.text("name", most=120),
        email=call.email("email"),
        note=call.optional("note"),
        now=call.at,
    )


@door(PACK)
@with_table
def find_table(call: Call, reservation: Reservation) -> dict[str, Any]:
    tables.check_open(reservation, call.at)
    return tables.view(reservation)


@door(PACK)
@with_table
def other_tables(call: Call, reservation: Reservation) -> dict[str, Any]:
    return tables.free_at(
        call.day("date"),
        call.clock("time"),
        call.whole("people", 1, 8),
        now=call.at,
        besides=reservation,
    )


@door(PACK, writes=True)
@with_table
def move_table(call: Call, reservation: Reservation) -> dict[str, Any]:
    people = call.whole("people", 1, 8)
    return tables.move(reservation, call.day("date"), call.clock("time"), people, now=call.at)


@door(PACK, writes=True)
@with_table
def cancel_table(call: Call, reservation: Reservation) -> dict[str, Any]:
    return tables.cancel(reservation, now=call.at)


@door(PACK)
def quote(call: Call) -> dict[str, Any]:
    return kitchen.quote(
        call.text("items", most=400),
        call.choice("how", HOW),
        call.optional("postcode", most=10),
        call.at,
    )


@door(PACK, writes=True)
def order(call: Call) -> dict[str, Any]:
    wanted = kitchen.Wanted(
        basket=call.text("basket", most=200),
        how=call.choice("how", HOW),
        address=call.optional("address"),
        postcode=call.optional("postcode", most=5),
        note=call.optional("note"),
        total=call.money("total"),
    )
    name, email = call.text("name", most=120), call.email("email")
    return kitchen.order(wanted, name=name, email=email, at=call.at)


@door(PACK)
@with_order
def find_order(_call: Call, found: FoodOrder) -> dict[str, Any]:
    return kitchen.order_view(found)


@door(PACK, writes=True)
@with_order
def new_link(call: Call, found: FoodOrder) -> dict[str, Any]:
    return kitchen.new_link(found, at=call.at)


@door(PACK, writes=True)
@with_order
def cancel_order(call: Call, found: FoodOrder) -> dict[str, Any]:
    return kitchen.cancel(found, at=call.at)


urlpatterns = [
    path("menu", menu),
    path("tables/free", free_tables),
    path("tables/book", book_table),
    path("tables/find", find_table),
    path("tables/other", other_tables),
    path("tables/move", move_table),
    path("tables/cancel", cancel_table),
    path("orders/quote", quote),
    path("orders", order),
    path("orders/find", find_order),
    path("orders/cancel", cancel_order),
    path("payments/link", new_link),
]
