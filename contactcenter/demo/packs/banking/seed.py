"""The books of Northbridge Bank: the same ones at every seeding."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from contactcenter.demo.packs.banking.models import Account, Card, Client, Transfer
from contactcenter.demo.packs.identity import secret_digest
from contactcenter.demo.packs.numbers import working_day

PACK: Final = "banking"
# number, name, in Chinese, born, telephone code; the demo page names the first
CLIENTS: Final = (
    ("NB-204817", "Clara Brandt", "", date(1988, 4, 12), "48291"),
    ("NB-204902", "李文静", "李文静", date(1992, 11, 3), "73105"),
    ("NB-205118", "Marco Bellini", "", date(1975, 7, 28), "20946"),
    ("NB-205233", "Ines Duarte", "", date(1999, 1, 19), "61572"),
    ("NB-205347", "张伟", "张伟", date(1983, 6, 6), "35820"),
    ("NB-205461", "Henrik Lund", "", date(1969, 12, 24), "90417"),
    ("NB-205578", "Amina Diallo", "", date(1995, 9, 9), "17364"),
    ("NB-205690", "周敏", "周敏", date(1978, 2, 27), "84653"),
)
FIRST_TRANSFER: Final = 700_101
PAYEES: Final = (
    "Stadtwerke Nord", "Hausverwaltung Keller", "Jana Roth", "Bike & Berg GmbH", "王丽", "Orion Insurance",
)  # fmt: skip
STATES: Final = (
    Transfer.Status.CHECKING,
    Transfer.Status.SENT,
    Transfer.Status.COMPLETED,
    Transfer.Status.RETURNED,
    Transfer.Status.RECEIVED,
)


def seed(*, at: datetime) -> int:
    """Writes the customers that are missing, each with accounts, cards and transfers; counts them."""
    known = set(Client.objects.values_list("number", flat=True))
    made = 0
    for place, (number, name, name_zh, born, code) in enumerate(CLIENTS):
        if number in known:
            continue
        client = Client.objects.create(
            number=number,
            name=name,
            name_zh=name_zh,
            birth_date=born,
            code=secret_digest(PACK, number, code),
        )
        _fill(client, place, at=at)
        made += 1
    return made


def _fill(client: Client, place: int, *, at: datetime) -> None:
    dice = random.Random(place)
    current = Account.objects.create(
        client=client,
        iban=f"DE{20 + place}370400440{532_013_000 + place * 37:09d}0",
        kind=Account.Kind.CURRENT,
        balance=Decimal(dice.randrange(40_000, 620_000)) / 100,
        held=Decimal("35.90") if place % 2 == 0 else 0,
        overdraft=500,
    )
    Account.objects.create(
        client=client,
        iban=f"DE{60 + place}370400440{932_013_000 + place * 41:09d}0",
        kind=Account.Kind.SAVINGS,
        balance=Decimal(dice.randrange(100_000, 2_400_000)) / 100,
    )
    Card.objects.create(
        account=current, last_four=f"{4412 + place * 101:04d}", kind=Card.Kind.DEBIT
    )
    Card.objects.create(
        account=current, last_four=f"{8830 + place * 97:04d}", kind=Card.Kind.CREDIT
    )
    for step, status in enumerate(STATES):
        placed = at - timedelta(days=step if status != Transfer.Status.RECEIVED else 0, hours=2)
        Transfer.objects.create(
            number=f"TR-{FIRST_TRANSFER + place * 10 + step}",
            account=current,
            payee=PAYEES[(place + step) % len(PAYEES)],
            amount=Decimal(dice.randrange(1_500, 180_000)) / 100,
            status=status,
            placed_at=placed,
            due_on=working_day(placed.date(), 1),
        )
