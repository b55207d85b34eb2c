"""What a customer did, in order, and who somebody is that has never written to us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.crypto import salted_hmac

from agents.recommendations.models import CustomerEvent
from conversations.models import Customer, Identity

LATEST = 500
POPULAR_DAYS = 90


def person_of(inbox_key: str, external_id: str) -> str:
    """A digest that only this installation can make: the id itself is not kept of strangers."""
    return salted_hmac(
        "recommendations.person", f"{inbox_key}\0{external_id}", secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()  # fmt: skip


def persons_of(customer_id: int) -> list[str]:
    """The digests under which events of a customer may stand: of ids that the business signed."""
    known = Identity.objects.filter(customer=customer_id).values_list("inbox__key", "external_id")
    return [person_of(inbox, external) for inbox, external in known]


def events_of(customer: Customer) -> QuerySet[CustomerEvent]:
    mine = Q(customer=customer)
    if persons := persons_of(customer.pk):
        mine |= Q(person__in=persons)
    return CustomerEvent.objects.filter(mine).select_related("item")


def history_of(customer: Customer) -> list[tuple[str, float]]:
    """Items' keys with moments (seconds), oldest first: what a recommender is asked with.

    Of somebody who wants nothing to be remembered it is empty.
    """
    if not customer.remembers:
        return []
    newest = events_of(customer).order_by("-at", "-pk").values_list("item__key", "at")[:LATEST]
    return [(key, at.timestamp()) for key, at in reversed(newest)]


def popular(*, at: datetime, many: int) -> Sequence[tuple[str, int]]:
    """Items' keys with how many people wanted them lately, most first."""
    rows = (
        CustomerEvent.objects.filter(at__gt=at - timedelta(days=POPULAR_DAYS), item__is_active=True)
        .values("item__key")
        .annotate(many=Count("pk"))
        .order_by("-many", "item__key")[:many]
    )
    return [(row["item__key"], row["many"]) for row in rows]


def whole_log() -> Iterable[tuple[str, str, datetime]]:
    """Person (a number that means nothing outside), item, moment: of everybody who lets us remember."""
    rows = (
        CustomerEvent.objects.filter(Q(customer=None) | Q(customer__remembers=True))
        .order_by("at", "pk")
        .values_list("customer", "person", "item__key", "at")
    )
    numbers: dict[tuple[int | None, str], int] = {}
    for customer, person, key, at in rows.iterator(chunk_size=5_000):
        yield str(numbers.setdefault((customer, person), len(numbers))), key, at
