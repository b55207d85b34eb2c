"""Whose orders are whose."""

from django.db.models import Q

from contactcenter.demo.models import Order
from contactcenter.demo.packs.personal import ERASED, Kept, Theirs
from contactcenter.demo.packs.retail.models import Return


def personal(who: Theirs) -> list[Kept]:
    """What was sold stays in the accounts. A return belongs to its order; its label's address was a secret."""
    returned = Return.objects.filter(number__in=who.numbers).values("line__order")
    wanted = Q(customer_email__in=who.emails) | Q(number__in=who.numbers) | Q(pk__in=returned)
    return [
        Kept(
            Order.objects.filter(wanted),
            {"customer_name": ERASED, "customer_email": "", "tracking_number": ""},
        )
    ]
