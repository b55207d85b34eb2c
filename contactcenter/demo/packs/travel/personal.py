"""Whose bookings are whose."""

from django.db.models import Q

from contactcenter.demo.packs.personal import ERASED, Kept, Theirs
from contactcenter.demo.packs.travel.models import Booking


def personal(who: Theirs) -> list[Kept]:
    """The seat stays taken; who sits there is not known."""
    rows = Booking.objects.filter(Q(email__in=who.emails) | Q(number__in=who.numbers))
    return [Kept(rows, {"name": ERASED, "email": ""})]
