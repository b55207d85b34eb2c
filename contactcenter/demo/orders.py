"""The order book of a shop that has been open for a while: the same one at every seeding."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from contactcenter.demo.models import Order, OrderLine, Product

FIRST_NUMBER = 10182
HOW_MANY = 60
EXAMPLE = 10234  # Mia Berger's, on its way; the guide and the pages name it
RETURNABLE = 10230  # hers, too, and delivered: a return can be tried with it
OLDEST_DAYS = 120
DELIVERY, FREE_FROM = Decimal("4.90"), Decimal(60)
CARRIERS = (("Nordpost", "NP"), ("Kite Express", "KX"))

CUSTOMERS = (
    ("Mia Berger", "mia.berger@example.com"),
    ("Oliver Hansen", "oliver.hansen@example.com"),
    ("林小雨", "lin.xiaoyu@example.com"),
    ("Priya Nair", "priya.nair@example.com"),
    ("Tom Whitfield", "tom.whitfield@example.com"),
    ("王建国", "wang.jianguo@example.com"),
    ("Sofia Marchetti", "sofia.marchetti@example.com"),
    ("Yusuf Demir", "yusuf.demir@example.com"),
    ("Hannah Vogel", "hannah.vogel@example.com"),
    ("陈思远", "chen.siyuan@example.com"),
    ("Lucas Fontaine", "lucas.fontaine@example.com"),
    ("Aoife Brennan", "aoife.brennan@example.com"),
    ("Kwame Boateng", "kwame.boateng@example.com"),
    ("赵晓梅", "zhao.xiaomei@example.com"),
    ("Elin Sandberg", "elin.sandberg@example.com"),
    ("Mateo Ruiz", "mateo.ruiz@example.com"),
    ("Nadia Haddad", "nadia.haddad@example.com"),
    ("刘子涵", "liu.zihan@example.com"),
    ("Piotr Zielinski", "piotr.zielinski@example.com"),
    ("Grace Adeyemi", "grace.adeyemi@example.com"),
)


@dataclass(frozen=True)
class Plan:
    """One order to be: what, for whom, and how far it has come. `age` counts days."""

    number: str
    name: str
    email: str
    age: float
    status: Order.Status
    carrier: str
    tracking_number: str
    basket: Sequence[tuple[Product, int]]


def plans(products: Sequence[Product]) -> list[Plan]:
    """The whole book, oldest first."""
    dice = random.Random(FIRST_NUMBER)
    # A shop that grows: the last days hold more orders than the first weeks.
    ages = [OLDEST_DAYS * (1 - i / HOW_MANY) ** 2 for i in range(HOW_MANY)]
    return [_plan(dice, FIRST_NUMBER + i, age=age, products=products) for i, age in enumerate(ages)]


def _plan(dice: random.Random, number: int, *, age: float, products: Sequence[Product]) -> Plan:
    name, email = dice.choice(CUSTOMERS)
    carrier, prefix = CARRIERS[dice.random() < 0.25]
    basket = [
        (product, 1 if product.price > 40 else dice.randint(1, 3))
        for product in dice.sample(list(products), dice.choice((1, 1, 2, 2, 3)))
    ]
    status = _status(dice.random(), age)
    tracking = f"{prefix}{dice.randrange(10**9, 10**10)}DE"
    if number == EXAMPLE:
        name, email = CUSTOMERS[0]
        status = Order.Status.SHIPPED
        basket = [(p, 1) for p in products if p.slug in {"heron-2", "beam-400"}]
    if number == RETURNABLE:
        name, email = CUSTOMERS[0]
        status = Order.Status.DELIVERED
        wanted = {"heron-2": 1, "merino-socks": 3}
        basket = [(p, wanted[p.slug]) for p in products if p.slug in wanted]
    return Plan(f"FW-{number}", name, email, age, status, carrier, tracking, basket)


def _status(luck: float, age: float) -> Order.Status:
    """What is old has arrived, but for a few that came back or were never sent."""
    if luck < 0.05:
        return Order.Status.CANCELLED
    if age > 14 and luck < 0.13:
        return Order.Status.RETURNED
    for days, status in (
        (1, Order.Status.PLACED),
        (2, Order.Status.PAID),
        (4, Order.Status.PACKED),
        (8, Order.Status.SHIPPED),
    ):
        if age < days:
            return status
    return Order.Status.DELIVERED


def write(plan: Plan, *, at: datetime) -> Order:
    """Saves the plan as an order with its lines."""
    placed_at = at - timedelta(days=plan.age)
    shipped_at = placed_at + timedelta(days=1) if plan.status in Order.LEFT_THE_HOUSE else None
    arrived = plan.status in {Order.Status.DELIVERED, Order.Status.RETURNED}
    goods = sum((p.price * count for p, count in plan.basket), Decimal(0))
    order = Order.objects.create(
        number=plan.number,
        customer_name=plan.name,
        customer_email=plan.email,
        status=plan.status,
        placed_at=placed_at,
        shipped_at=shipped_at,
        delivered_at=placed_at + timedelta(days=3) if arrived else None,
        carrier=plan.carrier if shipped_at else "",
        tracking_number=plan.tracking_number if shipped_at else "",
        total=goods + (DELIVERY if goods < FREE_FROM else Decimal(0)),
    )
    OrderLine.objects.bulk_create(
        OrderLine(order=order, product=p, name=p.name, quantity=count, unit_price=p.price)
        for p, count in plan.basket
    )
    return order
