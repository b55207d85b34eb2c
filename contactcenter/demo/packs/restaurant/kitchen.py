"""The menu of Lantern House, orders from it, and how they are paid."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.restaurant import hours
from contactcenter.demo.packs.restaurant.basket import read_basket
from contactcenter.demo.packs.restaurant.models import Dish, FoodLine, FoodOrder, Payment

LEAST_DELIVERY, FEE, FREE_FROM = Decimal(20), Decimal("3.50"), Decimal(35)
POSTCODES: Final = frozenset(
    [str(n) for n in range(20095, 20100)]
    + [str(n) for n in range(20354, 20360)]
    + ["20457", "20459", "22765", "22767"]
)
COLLECT_MINUTES, DELIVER_MINUTES, BUSY_MINUTES = 25, 45, 70
FIRST_NUMBER: Final = 20_401
SHOWN: Final = 12
WISHES: Final[dict[str, dict[str, Any]]] = {
    "everything": {},
    "vegetarian": {"diet__in": ["vegetarian", "vegan"]},
    "vegan": {"diet": "vegan"},
    "gluten_free": {"gluten_free": True},
    "not_spicy": {"spicy": 0},
    "spicy": {"spicy__gte": 1},
}
ALLERGENS: Final = ("peanuts", "sesame", "soya", "wheat", "egg", "fish", "crustaceans", "pork")


def menu(wish: str, course: str, without: str) -> dict[str, Any]:
    """Dishes that can be ordered and fit, in the menu's order."""
    dishes = Dish.objects.filter(is_available=True, **WISHES[wish])
    if course != "any":
        dishes = dishes.filter(course=course)
    fit = [d for d in dishes if without not in d.allergens and without != d.meat]
    return {
        "count": len(fit),
        "dishes": [dish_view(d) for d in fit[:SHOWN]],
        "more": max(0, len(fit) - SHOWN),
    }


def dish_view(dish: Dish) -> dict[str, Any]:
    return {
        "code": dish.code,
        "name": dish.name,
        "name_zh": dish.name_zh,
        "price": float(dish.price),
        "peppers": "🌶" * dish.spicy,
        "mark": {"vegan": "VG", "vegetarian": "V"}.get(dish.diet, ""),
        "allergens": dish.allergens,
    }


def quote(said: str, how: str, postcode: str, at: datetime) -> dict[str, Any]:
    """What was understood, with every price; `problem` is unknown_dish, sold_out, nothing, too_little,
    too_far or empty. Nothing is ordered."""
    dishes = {d.code: d for d in Dish.objects.all()}
    names = {code: [d.name, d.name_zh, *d.also] for code, d in dishes.items()}
    reading = read_basket(said, names)
    lines = [(dishes[code], count) for code, count in sorted(reading.counts.items())]
    gone = [dish for dish, _ in lines if not dish.is_available]
    goods, fee, total = _sums(lines, how)
    problem = ""
    if reading.unknown:
        problem = "unknown_dish"
    elif gone:
        problem = "sold_out"
    elif not lines:
        problem = "nothing"
    elif how == FoodOrder.How.DELIVER and goods < LEAST_DELIVERY:
        problem = "too_little"
    elif how == FoodOrder.How.DELIVER and postcode and postcode not in POSTCODES:
        problem = "too_far"
    due = _due(how, at)
    return {
        "problem": problem,
        "unknown": reading.unknown + [dish.name for dish in gone],
        "basket": ",".join(f"{dish.code}x{count}" for dish, count in lines),
        "lines": [_line(dish, count) for dish, count in lines],
        "said": ", ".join(f"{n} × {d.name}" for d, n in lines),
        "said_zh": "、".join(f"{d.name_zh} {n} 份" for d, n in lines),
        "goods": float(goods),
        "fee": float(fee),
        "total": float(total),
        "missing": float(max(Decimal(0), LEAST_DELIVERY - goods)),
        "minutes": max(0, round((due - at).total_seconds() / 60)),
        "open": hours.cooks_from(at) <= at,
        "due": f"{due:%H:%M}",
        "due_day": due.date().isoformat(),
    }


def _line(dish: Dish, count: int) -> dict[str, Any]:
    return {
        "count": count,
        "name": dish.name,
        "name_zh": dish.name_zh,
        "sum": float(dish.price * count),
    }


def _sums(lines: list[tuple[Dish, int]], how: str) -> tuple[Decimal, Decimal, Decimal]:
    goods = sum((dish.price * count for dish, count in lines), Decimal(0))
    fee = FEE if how == FoodOrder.How.DELIVER and goods < FREE_FROM else Decimal(0)
    return goods, fee, goods + fee


def _due(how: str, at: datetime) -> datetime:
    begins = hours.cooks_from(at)
    minutes = COLLECT_MINUTES
    if how == FoodOrder.How.DELIVER:
        minutes = BUSY_MINUTES if hours.is_busy(begins) else DELIVER_MINUTES
    return begins + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Wanted:
    """What a customer has agreed to: the dishes of a quote and their whole sum."""

    basket: str
    how: str
    address: str
    postcode: str
    note: str
    total: Decimal


def order(wanted: Wanted, *, name: str, email: str, at: datetime) -> dict[str, Any]:
    """Orders what was quoted, at the sum that the customer has agreed to, or nothing."""
    lines = _lines_of(wanted.basket)
    deliver = wanted.how == FoodOrder.How.DELIVER
    goods, fee, total = _sums(lines, wanted.how)
    if deliver:
        _check_delivery(wanted, goods)
    if total != wanted.total:
        raise Refusal("price_changed", f"It costs {total:.2f} EUR now.", status=412)
    last = FoodOrder.objects.order_by("-number").values_list("number", flat=True).first()
    row = FoodOrder.objects.create(
        number=f"LH-{int(last[3:]) + 1 if last else FIRST_NUMBER:05d}",
        name=name,
        email=email,
        how=wanted.how,
        address=wanted.address if deliver else "",
        postcode=wanted.postcode if deliver else "",
        note=wanted.note,
        fee=fee,
        total=total,
        placed_at=at,
        due_at=_due(wanted.how, at),
    )
    FoodLine.objects.bulk_create(
        FoodLine(order=row, dish=dish, count=count, price=dish.price) for dish, count in lines
    )
    Payment.objects.create(order=row, amount=total, at=at)
    return order_view(row)


def _check_delivery(wanted: Wanted, goods: Decimal) -> None:
    if goods < LEAST_DELIVERY:
        raise Refusal("too_little", "Delivery begins at 20 EUR.", status=422)
    if wanted.postcode not in POSTCODES:
        raise Refusal("too_far", "We do not deliver there.", status=422)
    if not wanted.address:
        raise Refusal(
            "invalid", "address is missing.", status=400, fields={"address": "is missing"}
        )


def _lines_of(basket: str) -> list[tuple[Dish, int]]:
    """The dishes of a quote; refused when one is not to be had any more."""
    dishes = Dish.objects.select_for_update().in_bulk(field_name="code")
    lines = []
    for part in filter(None, basket.split(",")):
        code, _, count = part.partition("x")
        dish = dishes.get(code)
        if dish is None or not count.isascii() or not count.isdigit() or not 1 <= int(count) <= 20:
            why = "is not one of ours"
            raise Refusal("invalid", f"basket {why}.", status=400, fields={"basket": why})
        if not dish.is_available:
            raise Refusal("sold_out", f"{dish.name} is sold out.")
        lines.append((dish, int(count)))
    if not lines or len({dish.pk for dish, _ in lines}) < len(lines):
        why = "must name each dish once"
        raise Refusal("invalid", f"basket {why}.", status=400, fields={"basket": why})
    return lines


def order_view(row: FoodOrder) -> dict[str, Any]:
    lines = list(row.lines.select_related("dish"))
    payment = row.payment
    due = row.due_at.astimezone(hours.HOME)
    return {
        "number": row.number,
        "status": row.status,
        "how": row.how,
        "said": ", ".join(f"{one.count} × {one.dish.name}" for one in lines),
        "said_zh": "、".join(f"{one.dish.name_zh} {one.count} 份" for one in lines),
        "total": float(row.total),
        "due": f"{due:%H:%M}",
        "due_day": due.date().isoformat(),
        "payment": payment.status,
        "way": payment.way,
        "amount": float(payment.amount),
        "paid_on": payment.at.astimezone(hours.HOME).date().isoformat(),
    }


def new_link(row: FoodOrder, *, at: datetime) -> dict[str, Any]:
    """Another link by e-mail; nothing is taken from anybody."""
    payment = row.payment
    if row.status == FoodOrder.Status.CANCELLED:
        raise Refusal("cancelled", "This order has been cancelled.")
    if payment.status not in (Payment.Status.OPEN, Payment.Status.FAILED):
        raise Refusal("nothing_to_pay", "There is nothing to pay.")
    payment.status, payment.at = Payment.Status.OPEN, at
    payment.links += 1
    payment.save()
    return order_view(row) | {"minutes": 30}


def cancel(row: FoodOrder, *, at: datetime) -> dict[str, Any]:
    """Before the kitchen begins; what was paid goes back."""
    if row.status == FoodOrder.Status.CANCELLED:
        raise Refusal("cancelled", "This order has been cancelled.")
    if row.status != FoodOrder.Status.PLACED:
        raise Refusal("too_late", "The kitchen has begun.", status=410)
    row.status = FoodOrder.Status.CANCELLED
    row.save(update_fields=["status"])
    paid = row.payment.status == Payment.Status.PAID
    if paid:
        row.payment.status, row.payment.at = Payment.Status.REFUNDED, at
        row.payment.save()
    return order_view(row) | {"paid_back": float(row.total) if paid else 0.0}
