"""Events of a customer that stand under a digest, so that they go and are given out with everything else."""

from __future__ import annotations

from collections.abc import Collection

from agents.reads.customer_data import Found
from agents.recommendations.models import CustomerEvent
from agents.recommendations.reads.events import persons_of


class EventsOfTheUnseen:
    """The business told us of them before they first wrote."""

    secrets: Collection[str] = ("recommendations.CustomerEvent.person",)

    def found(self, customer_id: int) -> Found:
        persons = persons_of(customer_id)
        keys = set(CustomerEvent.objects.filter(person__in=persons).values_list("pk", flat=True)) if persons else set()  # fmt: skip
        return {CustomerEvent: keys} if keys else {}

    def make_anonymous(self, customer_id: int) -> None:
        if persons := persons_of(customer_id):
            CustomerEvent.objects.filter(person__in=persons).delete()
