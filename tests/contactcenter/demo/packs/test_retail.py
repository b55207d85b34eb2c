"""Farwander: the right order to the right person, and one label for one thing that goes back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter.demo.models import Order
from contactcenter.demo.packs.models import open_business
from contactcenter.demo.packs.pack import write_books
from contactcenter.demo.packs.retail.models import Return
from contactcenter.demo.seed import _orders, _products
from tests.contactcenter.demo.packs.conftest import Program

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def shop() -> Program:
    now = timezone.now()
    _products()
    _orders(at=now)
    open_business("retail", at=now)
    assert write_books("retail", at=now) > 100
    assert write_books("retail", at=now) == 0
    return Program("retail")


def arrived() -> tuple[Order, dict[str, Any]]:
    """The newest order that has arrived, and what its owner says."""
    order = Order.objects.filter(
        status="delivered", delivered_at__gt=timezone.now() - timedelta(days=25)
    ).latest("placed_at")
    return order, {"number": order.number.lower(), "email": order.customer_email.upper()}


def test_where_an_order_is(shop: Program) -> None:
    mia: dict[str, Any] = {"number": "FW-10234", "email": "mia.berger@example.com"}

    status, order = shop.ask("orders/find", **mia)

    assert (status, order["status"], order["seen"]) == (200, "shipped", "sorted")
    assert order["tracking"].startswith(("NP", "KX"))
    assert "苍鹭" in order["said_zh"]
    assert shop.ask("returns/open", **mia)[1]["code"] == "not_delivered"
    wrong = mia | {"email": "eve@example.com"}
    assert shop.ask("orders/find", **wrong) == shop.ask(
        "orders/find", **(wrong | {"number": "FW-00001"})
    )


def test_a_return_up_to_its_label(shop: Program, client: Client) -> None:
    order, who = arrived()
    line: dict[str, Any] = shop.ask("returns/open", **who)[1]["lines"][0]
    wanted: dict[str, Any] = {"sku": line["sku"], "count": line["most"], "country": "eu"}
    quote = shop.ask("returns/quote", **who, **wanted)[1]
    assert quote["refund"] == pytest.approx(line["price"] * line["most"] - 4.9)

    refused = shop.ask("returns", **who, **wanted, reason="too_big", refund=1)
    assert refused[1]["code"] == "refund_changed"
    status, made = shop.ask("returns", **who, **wanted, reason="too_big", refund=quote["refund"])

    assert status == 200
    again = shop.ask("returns", **who, **wanted, reason="too_big", refund=quote["refund"])
    assert again[0] == 422
    assert Return.objects.get().line.order == order
    page = client.get(made["url"].removeprefix("http://").partition("/")[2].join(("/", "")))
    assert made["number"] in page.content.decode()
    assert order.customer_name not in page.content.decode()


def test_old_orders_and_gas_do_not_come_back(shop: Program) -> None:
    order, who = arrived()
    Order.objects.filter(pk=order.pk).update(
        shipped_at=timezone.now() - timedelta(days=33),
        delivered_at=timezone.now() - timedelta(days=31),
    )
    assert shop.ask("returns/open", **who)[1]["code"] == "too_late"
    gas = (
        Order.objects.filter(lines__product__sku__in=["KT-GAS230", "KT-BROOK"])
        .filter(status="delivered")
        .latest("placed_at")
    )
    Order.objects.filter(pk=gas.pk).update(delivered_at=timezone.now())
    who = {"number": gas.number, "email": gas.customer_email}
    answer = shop.ask("returns/open", **who)[1]
    assert not {"KT-GAS230", "KT-BROOK"} & {line["sku"] for line in answer.get("lines", [])}


def test_advice_fits_the_wish(shop: Program) -> None:
    def names(**wish: Any) -> list[str]:
        return [one["sku"] for one in shop.ask("advice", **wish)[1]["products"]]

    assert names(need="tents", people=2, trip="long", season="three")[0] == "TN-HERON2"
    assert names(need="sleep", season="winter") == ["SL-EIDER10"]
    assert names(need="boots", trip="day", season="summer") == ["BT-FELLLOW"]
    answer = shop.ask("advice", need="tents", people=4, budget=100)[1]
    assert (answer["products"], answer["above"][0]["sku"]) == ([], "TN-CRANE4")
    assert shop.ask("advice", need="cars")[0] == 400


def test_nothing_is_there_before_it_is_opened(opened: Callable[[str], Program]) -> None:
    assert Program("retail").ask("advice", need="tents")[0] == 404
