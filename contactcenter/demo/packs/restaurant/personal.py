"""Whose tables and orders are whose."""

from django.db.models import Q

from contactcenter.demo.packs.personal import ERASED, Kept, Theirs
from contactcenter.demo.packs.restaurant.models import FoodOrder, Reservation


def personal(who: Theirs) -> list[Kept]:
    """The table stays taken, and what was eaten stays in the accounts."""
    wanted = Q(email__in=who.emails) | Q(number__in=who.numbers)
    orders = FoodOrder.objects.filter(wanted)
    nobody = {"name": ERASED, "email": "", "note": ""}
    return [
        Kept(Reservation.objects.filter(wanted), nobody),
        # First those with an address, while they can still be found by theirs.
        Kept(orders.exclude(address=""), nobody | {"address": ERASED, "postcode": "00000"}),
        Kept(orders, nobody),
    ]
