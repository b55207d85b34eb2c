"""Whose accounts are whose."""

from datetime import date
from typing import Final

from django.db.models import F, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat

from contactcenter.demo.packs.banking.models import Account, Card, Client, LoanApplication, Transfer
from contactcenter.demo.packs.personal import ERASED, Kept, Theirs

NO_DAY: Final = date(1900, 1, 1)


def personal(who: Theirs) -> list[Kept]:
    """What was moved stays in the bank's accounts, between nobody and nobody."""
    of = {"account__client__number__in": who.proved}
    nameless = Concat(Value("erased-"), Cast(F("pk"), CharField()))
    return [
        Kept(Card.objects.filter(**of), {"last_four": "0000", "reference": ""}),
        Kept(Transfer.objects.filter(**of), {"payee": ERASED}),
        Kept(LoanApplication.objects.filter(client__number__in=who.proved), None),
        Kept(Account.objects.filter(client__number__in=who.proved), {"iban": nameless}),
        Kept(
            Client.objects.filter(number__in=who.proved),
            {"name": ERASED, "name_zh": "", "birth_date": NO_DAY, "code": ""},
        ),
    ]
