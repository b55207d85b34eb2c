"""Segments as the audiences of articles and procedures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from agents.recommendations.models import Segment
from agents.recommendations.reads.segments import belongs
from bots.audiences import Audience
from conversations.models import Customer


class Segments:
    def audiences(self) -> Sequence[Audience]:
        return [_named(one) for one in Segment.objects.filter(is_active=True)]

    def of(self, customer_id: int, *, among: Collection[str], at: datetime) -> Collection[Audience]:
        """One question to the database for each segment that is meant."""
        customer = Customer.objects.filter(pk=customer_id).first()
        if customer is None:
            return []
        meant = {one.casefold() for one in among}
        active = [one for one in Segment.objects.filter(is_active=True) if _is_meant(one, meant)]
        return [_named(one) for one in active if belongs(customer, one, at=at)]


def _is_meant(segment: Segment, meant: Collection[str]) -> bool:
    return str(segment.uuid) in meant or segment.name.casefold() in meant


def _named(segment: Segment) -> Audience:
    return Audience(str(segment.uuid), segment.name)
