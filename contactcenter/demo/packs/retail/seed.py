"""What the shop's books need besides: where parcels were seen, and what suits whom."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from contactcenter.demo.models import Order, Product
from contactcenter.demo.packs.retail.models import ParcelEvent, Suits

SUITS: Final = Path(__file__).parent / "suits.jsonl"
What = ParcelEvent.What


def seed(*, at: datetime) -> int:
    """Writes what is missing for orders and products that are there; counts the rows."""
    return _events(at=at) + _suits()


def _events(*, at: datetime) -> int:
    rows: list[ParcelEvent] = []
    for order in Order.objects.filter(shipped_at__isnull=False, parcel_events=None):
        assert order.shipped_at is not None
        steps = [
            (What.HANDED_OVER, "Hamburg", order.shipped_at),
            (What.SORTED, "Hannover", order.shipped_at + timedelta(hours=14)),
        ]
        if order.delivered_at is not None:
            steps += [
                (What.OUT, "", order.delivered_at - timedelta(hours=4)),
                (What.DELIVERED, "", order.delivered_at),
            ]
        rows += [
            ParcelEvent(order=order, what=what, place=place, at=when)
            for what, place, when in steps
            if when <= at
        ]
    return len(ParcelEvent.objects.bulk_create(rows))


def _suits() -> int:
    known = set(Suits.objects.values_list("product__sku", flat=True))
    lines = [json.loads(line) for line in SUITS.read_text(encoding="utf-8").splitlines()]
    products = Product.objects.in_bulk([line["sku"] for line in lines], field_name="sku")
    return len(
        Suits.objects.bulk_create(
            Suits(product=products[line["sku"]], **{k: v for k, v in line.items() if k != "sku"})
            for line in lines
            if line["sku"] in products and line["sku"] not in known
        )
    )
