"""Farwander's interface for programs."""

from collections.abc import Callable
from typing import Any

from django.urls import path

from contactcenter.demo.models import Order, Product
from contactcenter.demo.packs.door import Call, Refusal, door
from contactcenter.demo.packs.identity import known
from contactcenter.demo.packs.retail import business
from contactcenter.demo.packs.retail.models import Return

PACK = "retail"
NEEDS = frozenset({Product.Category.TENTS, Product.Category.PACKS, Product.Category.SLEEP,
                   Product.Category.BOOTS, Product.Category.JACKETS})  # fmt: skip
TRIPS = frozenset({"day", "weekend", "long"})
SEASONS = frozenset({"summer", "three", "winter"})


def of_owner(deed: Callable[[Call, Order], dict[str, Any]]) -> Callable[[Call], Any]:
    """A deed with somebody's order, for whoever knows its number and its e-mail address."""

    def asked(call: Call) -> dict[str, Any] | Refusal:
        number, email = call.text("number", most=16).upper(), call.text("email", most=254).lower()
        order = Order.objects.numbered(number).select_for_update().first()
        right = order is not None and order.customer_email == email
        refusal = known(PACK, number, is_right=right, at=call.at)
        if refusal is not None or order is None:
            return refusal or Refusal("wrong", "", status=403)
        return deed(call, order)

    return asked


@door(PACK)
@of_owner
def find(call: Call, order: Order) -> dict[str, Any]:
    return business.order_view(order, call.at)


@door(PACK)
@of_owner
def returnable(call: Call, order: Order) -> dict[str, Any]:
    return business.returnable(order, call.at)


@door(PACK)
@of_owner
def quote(call: Call, order: Order) -> dict[str, Any]:
    return business.quote(
        order,
        call.text("sku", most=32),
        call.whole("count", 1, 99),
        call.choice("country", business.LABELS),
        call.at,
    )


@door(PACK, writes=True)
@of_owner
def take_back(call: Call, order: Order) -> dict[str, Any]:
    return business.take_back(
        order,
        sku=call.text("sku", most=32),
        count=call.whole("count", 1, 99),
        reason=call.choice("reason", frozenset(Return.Reason.values)),
        country=call.choice("country", business.LABELS),
        refund=call.money("refund"),
        at=call.at,
    )


@door(PACK)
def advise(call: Call) -> dict[str, Any]:
    return business.advise(
        call.choice("need", NEEDS),
        people=call.whole("people", 1, 12) if call.optional("people") else None,
        trip=call.choice("trip", TRIPS) if call.optional("trip") else "",
        season=call.choice("season", SEASONS) if call.optional("season") else "",
        budget=call.money("budget") if call.optional("budget") else None,
    )


urlpatterns = [
    path("orders/find", find),
    path("returns/open", returnable),
    path("returns/quote", quote),
    path("returns", take_back),
    path("advice", advise),
]
