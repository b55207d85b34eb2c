"""The menu, the tables and the books of Lantern House: the same ones at every seeding."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from contactcenter.demo.packs.restaurant import hours, kitchen, tables
from contactcenter.demo.packs.restaurant.models import (
    Dish,
    FoodLine,
    FoodOrder,
    Payment,
    Reservation,
    Table,
)

MENU: Final = Path(__file__).parent / "menu.jsonl"
SEATS: Final = (2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 8)
GUESTS: Final = (
    ("Marta Keller", "marta.keller@example.com"),
    ("何佳", "he.jia@example.com"),
    ("Samuel Osei", "samuel.osei@example.com"),
    ("Julie Arnaud", "julie.arnaud@example.com"),
    ("许文", "xu.wen@example.com"),
    ("Ben Whitaker", "ben.whitaker@example.com"),
    ("Aylin Kaya", "aylin.kaya@example.com"),
    ("黄蕾", "huang.lei@example.com"),
)
FIRST_ORDER: Final = 20_318  # Marta Keller's, whose payment failed; the demo page names it
FIRST_TABLE: Final = 30_112
HOW_MANY: Final = 20
# How orders came along, and how they were paid
STATES: Final = (
    (FoodOrder.Status.PLACED, Payment.Status.FAILED, "card"),
    (FoodOrder.Status.COOKING, Payment.Status.PAID, "card"),
    (FoodOrder.Status.PLACED, Payment.Status.OPEN, ""),
    (FoodOrder.Status.DONE, Payment.Status.PAID, "wechat"),
    (FoodOrder.Status.CANCELLED, Payment.Status.REFUNDED, "paypal"),
    (FoodOrder.Status.READY, Payment.Status.ON_COLLECTING, ""),
)


def seed(*, at: datetime) -> int:
    """Writes what is missing: dishes, tables, reservations, orders; counts the rows."""
    return _dishes() + _tables() + _reservations(at=at) + _orders(at=at)


def _dishes() -> int:
    known = set(Dish.objects.values_list("code", flat=True))
    lines = [json.loads(line) for line in MENU.read_text(encoding="utf-8").splitlines()]
    return len(Dish.objects.bulk_create(Dish(**one) for one in lines if one["code"] not in known))


def _tables() -> int:
    known = set(Table.objects.values_list("number", flat=True))
    return len(
        Table.objects.bulk_create(
            Table(number=number, seats=seats)
            for number, seats in enumerate(SEATS, 1)
            if number not in known
        )
    )


def _reservations(*, at: datetime) -> int:
    known = set(Reservation.objects.values_list("number", flat=True))
    dice = random.Random(FIRST_TABLE)
    made = 0
    for place in range(HOW_MANY):
        number = f"T-{FIRST_TABLE + place * 3}"
        day = at.date() + timedelta(days=10 if place == 0 else dice.randint(4, 50))
        people = 2 if place == 0 else dice.randint(1, 6)
        while hours.is_closed(day):
            day += timedelta(days=1)
        wanted = dice.choice(hours.table_times(day))
        if number in known:
            continue
        free = tables.free_at(day, wanted, people, now=at)
        if not free["free"]:
            continue
        name, email = GUESTS[place % len(GUESTS)]
        tables.reserve(day, wanted, people, name=name, email=email, note="", now=at)
        latest = Reservation.objects.order_by("-pk").first()
        assert latest is not None
        latest.number = number
        latest.save(update_fields=["number"])
        made += 1
    return made


def _orders(*, at: datetime) -> int:
    known = set(FoodOrder.objects.values_list("number", flat=True))
    dice = random.Random(FIRST_ORDER)
    dishes = list(Dish.objects.order_by("position"))
    made = 0
    for place in range(HOW_MANY):
        number = f"LH-{FIRST_ORDER + place * 4}"
        status, paid, way = STATES[place % len(STATES)]
        picked = [(dish, dice.randint(1, 2)) for dish in dice.sample(dishes, dice.randint(2, 4))]
        collect = paid == Payment.Status.ON_COLLECTING or dice.random() < 0.4
        age = timedelta(minutes=dice.randint(2, 12)) + timedelta(days=max(0, place - 6))
        if number in known:
            continue
        goods = sum(dish.price * count for dish, count in picked)
        collect = collect or goods < kitchen.LEAST_DELIVERY
        fee = 0 if collect or goods >= kitchen.FREE_FROM else kitchen.FEE
        name, email = GUESTS[place % len(GUESTS)]
        row = FoodOrder.objects.create(
            number=number,
            name=name,
            email=email,
            how=FoodOrder.How.COLLECT if collect else FoodOrder.How.DELIVER,
            address="" if collect else "Hafenstraße 9",
            postcode="" if collect else "20457",
            fee=fee,
            total=goods + fee,
            status=status,
            placed_at=at - age,
            due_at=at - age + timedelta(minutes=kitchen.DELIVER_MINUTES),
        )
        FoodLine.objects.bulk_create(
            FoodLine(order=row, dish=dish, count=count, price=dish.price) for dish, count in picked
        )
        Payment.objects.create(order=row, status=paid, way=way, amount=row.total, at=at - age)
        made += 1
    return made
