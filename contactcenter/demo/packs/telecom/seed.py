"""The books of Kestrel Mobile: the same ones at every seeding."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from contactcenter.demo.packs.identity import secret_digest
from contactcenter.demo.packs.telecom.models import Disturbance, Plan, Subscriber

PACK: Final = "telecom"
PLANS: Final = (
    ("glide_5", "Glide 5", "轻翼 5", Decimal("9.99"), 5, True),
    ("glide_20", "Glide 20", "轻翼 20", Decimal("16.99"), 20, True),
    ("soar_60", "Soar 60", "翱翔 60", Decimal("24.99"), 60, True),
    ("soar_max", "Soar Max", "翱翔无限", Decimal("39.99"), 0, True),
    ("classic_10", "Classic 10", "经典 10", Decimal("14.99"), 10, False),
)
# number, name, in Chinese, hotline PIN, plan, months that they are bound; the page names the first
SUBSCRIBERS: Final = (
    ("KM-310042", "Noah Fischer", "", "60417", "glide_20", 0),
    ("KM-310058", "赵雨晴", "赵雨晴", "25938", "glide_5", 0),
    ("KM-310071", "Elena Costa", "", "81264", "soar_60", 9),
    ("KM-310090", "Samuel Okoye", "", "33750", "classic_10", 0),
    ("KM-310113", "孙浩", "孙浩", "49086", "soar_max", 5),
    ("KM-310127", "Freya Nilsson", "", "72519", "glide_5", 14),
    ("KM-310140", "Diego Ramos", "", "15602", "glide_20", 0),
    ("KM-310155", "何静", "何静", "90371", "soar_60", 0),
)
DISTURBANCES: Final = (
    ("DS-0412", "201", "outage", "a cable cut by building works", "施工挖断光缆", "internet, telephone", 4),
    ("DS-0415", "8033", "works", "new equipment in the exchange", "机房设备更换", "internet, television", 6),
    ("DS-0417", "50667", "outage", "a power cut at the radio tower", "基站停电", "mobile", 2),
)  # fmt: skip


def seed(*, at: datetime) -> int:
    """Writes the plans, subscribers and disturbances that are missing, and counts them."""
    return _plans() + _subscribers(at) + _disturbances()


def _plans() -> int:
    known = set(Plan.objects.values_list("code", flat=True))
    rows = [
        Plan(code=code, name=name, name_zh=zh, price=price, gigabytes=size, is_sold=sold)
        for code, name, zh, price, size, sold in PLANS
        if code not in known
    ]
    return len(Plan.objects.bulk_create(rows))


def _subscribers(at: datetime) -> int:
    known = set(Subscriber.objects.values_list("number", flat=True))
    plans = Plan.objects.in_bulk(field_name="code")
    rows = [
        Subscriber(
            number=number,
            name=name,
            name_zh=name_zh,
            pin=secret_digest(PACK, number, pin),
            plan=plans[plan],
            bound_until=at.date() + timedelta(days=30 * bound) if bound else None,
        )
        for number, name, name_zh, pin, plan, bound in SUBSCRIBERS
        if number not in known and plan in plans
    ]
    return len(Subscriber.objects.bulk_create(rows))


def _disturbances() -> int:
    known = set(Disturbance.objects.values_list("number", flat=True))
    rows = [
        Disturbance(
            number=number,
            postcodes=postcodes,
            kind=kind,
            cause=cause,
            cause_zh=cause_zh,
            services=services,
            hours=hours,
        )
        for number, postcodes, kind, cause, cause_zh, services, hours in DISTURBANCES
        if number not in known
    ]
    return len(Disturbance.objects.bulk_create(rows))
