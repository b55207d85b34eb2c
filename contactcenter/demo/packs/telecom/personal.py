"""Whose contracts, complaints and reports are whose."""

from django.db.models import Q

from contactcenter.demo.packs.personal import ERASED, Kept, Theirs
from contactcenter.demo.packs.telecom.models import Complaint, FaultReport, Subscriber


def personal(who: Theirs) -> list[Kept]:
    """A contract stays without its name, and opens to no code; a complaint is its customer's words, and goes."""
    return [
        Kept(
            Subscriber.objects.filter(number__in=who.proved),
            {"name": ERASED, "name_zh": "", "pin": ""},
        ),
        Kept(
            Complaint.objects.filter(Q(email__in=who.emails) | Q(number__in=who.numbers)),
            None,
        ),
        Kept(
            FaultReport.objects.filter(number__in=who.numbers),
            {"phone": "", "since": "", "postcode": "00000"},
        ),
    ]
