"""What Farwander's system does for a customer: where an order is, taking things back, advice."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse

from contactcenter.demo.models import Order, OrderLine, Product
from contactcenter.demo.packs.call import Refusal
from contactcenter.demo.packs.retail.models import Return, Suits

HOME: Final = ZoneInfo("Europe/Berlin")
WINDOW: Final = timedelta(days=30)  # as the article on returns says
SEND_WITHIN: Final = timedelta(days=7)
WAY: Final = timedelta(days=3)  # from placing to the door
# From where, and what the label costs; from elsewhere the customer pays the post.
LABELS: Final = {"germany": Decimal(0), "eu": Decimal("4.90")}
FOR_PEOPLE: Final = frozenset({"KT-GAS230", "KT-BROOK"})  # opened or used ones cannot come back
FIRST_NUMBER: Final = 10_001
SHOWN: Final = 3


def order_view(order: Order, at: datetime) -> dict[str, Any]:
    lines = list(order.lines.select_related("product"))
    last = order.parcel_events.order_by("-at").first()
    expected = (order.placed_at + WAY).astimezone(HOME).date()
    return {
        "number": order.number,
        "status": order.status,
        "placed": order.placed_at.astimezone(HOME).date().isoformat(),
        "carrier": order.carrier,
        "tracking": order.tracking_number,
        "seen": last.what if last else "",
        "place": last.place if last else "",
        "seen_on": last.at.astimezone(HOME).date().isoformat() if last else "",
        "expected": expected.isoformat(),
        "late": order.status == Order.Status.SHIPPED and at - order.placed_at > 2 * WAY,
        "delivered": order.delivered_at.astimezone(HOME).date().isoformat()
        if order.delivered_at
        else "",
        "said": ", ".join(f"{one.quantity} × {one.name}" for one in lines),
        "said_zh": "、".join(
            f"{one.product.name_zh or one.name} {one.quantity} 件" for one in lines
        ),
        "total": float(order.total),
    }


def returnable(order: Order, at: datetime) -> dict[str, Any]:
    """What of the order can go back today. Refused: not_delivered, too_late, nothing_left."""
    if order.status != Order.Status.DELIVERED or order.delivered_at is None:
        raise Refusal("not_delivered", "It has not arrived, or went back already.")
    until = order.delivered_at + WINDOW
    if at > until:
        raise Refusal("too_late", "The time for returns is over.", status=410)
    lines = [line for line in (_line(one) for one in order.lines.all()) if line["most"]]
    if not lines:
        raise Refusal("nothing_left", "Everything of it has been sent back.", status=422)
    return {
        "order": order.number,
        "until": until.astimezone(HOME).date().isoformat(),
        "most": max(line["most"] for line in lines),
        "lines": lines,
    }


def _line(line: OrderLine) -> dict[str, Any]:
    product = line.product
    return {
        "sku": product.sku,
        "name": line.name,
        "name_zh": product.name_zh or line.name,
        "price": float(line.unit_price),
        "most": 0 if product.sku in FOR_PEOPLE else line.quantity - _sent_back(line),
    }


def _sent_back(line: OrderLine) -> int:
    return int(line.returns.aggregate(n=Sum("count"))["n"] or 0)


def quote(order: Order, sku: str, count: int, country: str, at: datetime) -> dict[str, Any]:
    """What would be paid back, and what the label costs."""
    line = _of(order, sku, count, at)
    label = LABELS[country]
    return {
        "sku": sku,
        "name": line.name,
        "name_zh": line.product.name_zh or line.name,
        "label": float(label),
        "refund": float(max(Decimal(0), line.unit_price * count - label)),
    }


def _of(order: Order, sku: str, count: int, at: datetime) -> OrderLine:
    left = {line["sku"]: line["most"] for line in returnable(order, at)["lines"]}
    if left.get(sku, 0) < count:
        why = "is more than there is to send back"
        raise Refusal("too_many", f"count {why}.", status=422, fields={"count": why})
    return order.lines.select_related("product").get(product__sku=sku)


def take_back(
    order: Order,
    *,
    sku: str,
    count: int,
    reason: str,
    country: str,
    refund: Decimal,
    at: datetime,
) -> dict[str, Any]:
    """Announces the return and makes its label, for the refund that the customer has agreed to."""
    now = quote(order, sku, count, country, at)
    if Decimal(str(now["refund"])) != refund:
        raise Refusal("refund_changed", f"{now['refund']:.2f} EUR come back now.", status=412)
    last = Return.objects.order_by("-number").values_list("number", flat=True).first()
    made = Return.objects.create(
        number=f"RT-{int(last[3:]) + 1 if last else FIRST_NUMBER:05d}",
        line=_of(order, sku, count, at),
        count=count,
        reason=reason,
        country=country,
        refund=refund,
        made_at=at,
        send_by=(at + SEND_WITHIN).astimezone(HOME).date(),
    )
    return now | {
        "number": made.number,
        "send_by": made.send_by.isoformat(),
        "url": settings.SITE_URL + reverse("shop:return_label", args=[made.label]),
    }


def advise(
    need: str, *, people: int | None, trip: str, season: str, budget: Decimal | None
) -> dict[str, Any]:
    """The three that suit best and can be had; an empty wish suits everything."""
    rows = Suits.objects.filter(
        product__category=need, product__is_active=True, product__stock__gt=0
    ).select_related("product")
    fit = [
        one
        for one in rows
        if (not trip or trip in one.trips)
        and (not season or season in one.seasons)
        and (people is None or one.people is None or one.people >= people)
    ]
    cheap = [one for one in fit if budget is None or one.product.price <= budget]
    fit.sort(key=lambda one: (one.people or 0, one.product.price))
    cheap.sort(key=lambda one: (one.people or 0, one.product.price))
    return {
        "products": [_advice(one) for one in cheap[:SHOWN]],
        "above": [_advice(one) for one in fit[:1]] if not cheap else [],
    }


def _advice(one: Suits) -> dict[str, Any]:
    product: Product = one.product
    return {
        "sku": product.sku,
        "name": product.name,
        "name_zh": product.name_zh or product.name,
        "price": float(product.price),
        "why": one.why,
        "why_zh": one.why_zh,
        "url": settings.SITE_URL + product.get_absolute_url(),
    }
