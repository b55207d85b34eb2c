"""Lantern House: a table for one party at a time, and nothing cooked that nobody agreed to."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from contactcenter.demo.packs.pack import write_books
from contactcenter.demo.packs.restaurant import hours
from contactcenter.demo.packs.restaurant.basket import read_basket
from contactcenter.demo.packs.restaurant.models import (
    Dish,
    FoodOrder,
    Payment,
    Reservation,
    Sitting,
    Table,
)
from contactcenter.demo.packs.restaurant.seed import MENU
from tests.contactcenter.demo.packs.conftest import NOON, Program

PERSON: dict[str, Any] = {"name": "Ada Berg", "email": "Ada@Example.com"}
database = [pytest.mark.integration, pytest.mark.django_db]


def names() -> dict[str, list[str]]:
    lines = [json.loads(line) for line in MENU.read_text(encoding="utf-8").splitlines()]
    return {one["code"]: [one["name"], one["name_zh"], *one["also"]] for one in lines}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("said", "counts", "unknown"),
    [
        ("two pork dumplings, one mapo tofu and rice", {"5": 2, "10": 1, "21": 1}, []),
        ("I would like 3x kung pao chikcen and a beer", {"9": 3, "25": 1}, []),
        ("salt and pepper prawns, tomato and egg noodles", {"17": 1, "20": 1}, []),
        ("2 salt and peper prawns and 1 rice", {"17": 2, "21": 1}, []),
        ("pizza and rice", {"21": 1}, ["pizza"]),
        ("dumplings", {}, ["dumplings"]),
        ("两份猪肉饺子，一份麻婆豆腐和一碗米饭", {"5": 2, "10": 1, "21": 1}, []),
        ("宫保鸡丁2份，米饭3碗", {"9": 2, "21": 3}, []),
        ("我要两份饺子一碗米饭", {"21": 1}, ["饺子"]),
        ("", {}, []),
        ("999 rice", {"21": 20}, []),
    ],
)
def test_what_somebody_would_like_to_eat(
    said: str, counts: dict[str, int], unknown: list[str]
) -> None:
    reading = read_basket(said, names())

    assert (reading.counts, reading.unknown) == (counts, unknown)


@pytest.mark.unit
def test_every_dish_is_found_by_its_names() -> None:
    for code, known in names().items():
        for name in known:
            assert read_basket(f"2 {name}", names()).counts == {code: 2}, name


@pytest.mark.unit
def test_the_kitchen_keeps_its_hours() -> None:
    monday = datetime(2026, 5, 4, 12, tzinfo=hours.HOME)
    tuesday, friday = monday + timedelta(days=1), monday + timedelta(days=4)

    assert hours.table_times(monday.date()) == []
    assert len(hours.table_times(tuesday.date())) == 4 + 8
    assert hours.cooks_from(monday) == tuesday.replace(hour=12)
    assert hours.cooks_from(tuesday) == tuesday
    assert hours.cooks_from(tuesday.replace(hour=16)) == tuesday.replace(hour=17, minute=30)
    assert hours.is_busy(friday.replace(hour=19))
    assert hours.is_closed(date(2026, 12, 25))
    assert hours.is_closed(date(2026, 8, 4))


@pytest.fixture
def house(opened: Callable[[str], Program]) -> Program:
    return opened("restaurant")


def open_day(ahead: int = 55) -> str:
    """Far enough away that no guest of the books is there; a weekday, so that lunch ends."""
    day = timezone.now().date() + timedelta(days=ahead)
    while hours.is_closed(day) or day.weekday() >= hours.SATURDAY:
        day += timedelta(days=1)
    return day.isoformat()


def a_table(house: Program, **other: Any) -> tuple[int, dict[str, Any]]:
    wanted: dict[str, Any] = {"date": open_day(), "time": "19:00", "people": 2}
    return house.ask("tables/book", **(PERSON | wanted | other))


class TestTables:
    pytestmark = database

    def test_the_books_are_written_once(self) -> None:
        assert write_books("restaurant", at=NOON) > 60
        assert write_books("restaurant", at=NOON) == 0
        assert FoodOrder.objects.get(number="LH-20318").payment.status == "failed"
        assert Reservation.objects.get(number="T-30112").name == "Marta Keller"

    def test_a_table_is_booked_moved_and_given_back(self, house: Program) -> None:
        status, table = a_table(house)
        owner: dict[str, Any] = {"number": table["number"], "email": PERSON["email"]}
        other: dict[str, Any] = {"date": open_day(), "time": "20:00", "people": 4}

        assert (status, table["time"]) == (200, "19:00")
        assert house.ask("tables/move", **owner, **other)[1]["people"] == 4
        assert house.ask("tables/cancel", **owner)[0] == 200
        assert house.ask("tables/cancel", **owner)[1]["code"] == "cancelled"
        assert not Sitting.objects.filter(reservation__number=table["number"]).exists()

    def test_no_table_is_given_twice(self, house: Program) -> None:
        Table.objects.exclude(number=1).filter(reservations=None).delete()
        Table.objects.exclude(number=1).update(seats=1)
        assert a_table(house)[0] == 200

        assert a_table(house, time="20:30")[1]["code"] == "taken"
        free = house.ask("tables/free", date=open_day(), time="20:30", people=2)[1]
        assert (free["free"], free["others"][-1]) == (False, "21:00")
        sitting = Sitting.objects.get(half_hour=38, day=open_day())
        sitting.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            sitting.save()

    def test_closed_hours_and_bad_values(self, house: Program) -> None:
        assert a_table(house, time="15:30")[1]["code"] == "closed"
        assert a_table(house, people=9)[1]["fields"].keys() == {"people"}
        assert a_table(house, time="7 pm")[1]["fields"].keys() == {"time"}
        assert a_table(house, date="2020-01-01")[1]["fields"].keys() == {"date"}

    def test_a_stranger_hears_nothing(self, house: Program) -> None:
        number = a_table(house)[1]["number"]
        wrong = {"number": number, "email": "eve@example.com"}

        assert house.ask("tables/find", **wrong) == house.ask(
            "tables/find", number="T-99999", email="eve@example.com"
        )
        assert house.ask("tables/cancel", **wrong)[0] == 403
        assert Reservation.objects.get(number=number).status == "booked"

    def test_too_late_is_for_a_person(self, house: Program) -> None:
        number = a_table(house)[1]["number"]
        Reservation.objects.filter(number=number).update(day=timezone.now().date())
        Reservation.objects.filter(number=number).update(time="00:00")

        answer = house.ask("tables/cancel", number=number, email=PERSON["email"])
        assert (answer[0], answer[1]["code"]) == (410, "too_late")


def ordered(house: Program, items: str = "two pork dumplings and rice") -> dict[str, Any]:
    quote = house.ask("orders/quote", items=items, how="collect")[1]
    status, order = house.ask(
        "orders", **PERSON, basket=quote["basket"], how="collect", total=quote["total"]
    )
    assert status == 200
    return order


class TestOrders:
    pytestmark = database

    def test_the_menu_keeps_to_wishes(self, house: Program) -> None:
        def shown(wish: str, without: str = "nothing", course: str = "any") -> list[str]:
            menu = house.ask("menu", wish=wish, without=without, course=course)[1]
            return [dish["name"] for dish in menu["dishes"]]

        assert "Mango sago" in shown("vegan", course="sweet")
        assert "Kung pao chicken" not in shown("spicy", "peanuts")
        assert "Pork dumplings" not in shown("everything", "pork")
        assert shown("gluten_free", "fish", "main") == ["Garlic greens", "Salt and pepper prawns"]
        assert house.ask("menu", wish="cheap", without="nothing", course="any")[0] == 400

    def test_what_is_quoted_is_what_is_ordered(self, house: Program) -> None:
        order = ordered(house)

        assert (order["said"], order["total"]) == ("1 × Steamed rice, 2 × Pork dumplings", 20.6)
        assert (order["payment"], order["status"]) == ("open", "placed")
        owner: dict[str, Any] = {"number": order["number"], "email": PERSON["email"]}
        assert house.ask("orders/find", **owner)[1] == order

    def test_a_changed_price_or_a_dish_that_is_gone_orders_nothing(self, house: Program) -> None:
        before = FoodOrder.objects.count()
        wanted: dict[str, Any] = PERSON | {"basket": "5x2,21x1", "how": "collect"}
        Dish.objects.filter(code="21").update(price=3)
        assert house.ask("orders", **wanted, total=20.6)[1]["code"] == "price_changed"
        Dish.objects.filter(code="5").update(is_available=False)
        assert house.ask("orders", **wanted, total=20.8)[1]["code"] == "sold_out"
        for basket in ("", "99x1", "5x0", "21x1,21x1", "21xx"):
            assert house.ask("orders", **(wanted | {"basket": basket}), total=1)[0] == 400
        assert FoodOrder.objects.count() == before

    @pytest.mark.parametrize(
        ("items", "postcode", "problem"),
        [
            ("pizza", "20457", "unknown_dish"),
            ("hello", "20457", "unknown_dish"),
            ("rice", "20457", "too_little"),
            ("3 pork dumplings", "10115", "too_far"),
            ("3 pork dumplings", "20457", ""),
        ],
    )
    def test_delivery_has_its_limits(
        self, house: Program, items: str, postcode: str, problem: str
    ) -> None:
        quote = house.ask("orders/quote", items=items, how="deliver", postcode=postcode)[1]
        if items == "hello":
            problem = "nothing"

        assert quote["problem"] == problem
        assert quote["fee"] == (3.5 if quote["goods"] < 35 else 0)

    def test_a_failed_payment_gets_a_new_link_and_a_paid_one_none(self, house: Program) -> None:
        marta = {"number": "LH-20318", "email": "marta.keller@example.com"}

        assert house.ask("payments/link", **marta)[1]["payment"] == "open"
        Payment.objects.filter(order__number="LH-20318").update(status="paid")
        assert house.ask("payments/link", **marta)[1]["code"] == "nothing_to_pay"
        assert house.ask("orders/cancel", **marta)[1]["paid_back"] > 0
        assert Payment.objects.get(order__number="LH-20318").status == "refunded"

    def test_what_is_cooking_is_not_cancelled(self, house: Program) -> None:
        number = ordered(house)["number"]
        FoodOrder.objects.filter(number=number).update(status="cooking")

        owner: dict[str, Any] = {"number": number, "email": PERSON["email"]}
        assert house.ask("orders/cancel", **owner)[1]["code"] == "too_late"
        assert house.ask("orders/find", number=number, email="eve@example.com")[0] == 403
