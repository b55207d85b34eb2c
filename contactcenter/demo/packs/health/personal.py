"""Whose appointments and medicines are whose."""

from datetime import date
from typing import Final

from django.db.models import Q

from contactcenter.demo.packs.health.models import Appointment, Medicine, Patient, Refill
from contactcenter.demo.packs.personal import ERASED, Kept, Theirs

NO_DAY: Final = date(1900, 1, 1)


def personal(who: Theirs) -> list[Kept]:
    """The hour stays taken; what somebody takes, and that they asked for it, goes."""
    of = {"patient__number__in": who.proved}
    return [
        Kept(
            Appointment.objects.filter(Q(**of) | Q(number__in=who.numbers)),
            {"name": ERASED, "phone": ERASED},
        ),
        Kept(Refill.objects.filter(medicine__patient__number__in=who.proved), None),
        Kept(Medicine.objects.filter(**of), None),
        Kept(
            Patient.objects.filter(number__in=who.proved),
            {"name": ERASED, "name_zh": "", "birth_date": NO_DAY, "card": ""},
        ),
    ]
