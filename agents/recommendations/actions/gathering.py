"""Items and events out of a business's own tables that are kept in this house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from agents.recommendations.actions.importing import Did, Offered, keep_events, keep_items


class Business(Protocol):
    """What it sells and what was bought there."""

    def items(self) -> Sequence[Offered]: ...

    def events(self, *, at: datetime) -> Sequence[Did]:
        """Only of people whom the business itself has let in: an address that was typed proves nothing."""


_businesses: list[Business] = []


def join(business: Business) -> None:
    """Called once by each business, when the apps are ready."""
    if business not in _businesses:
        _businesses.append(business)


def gather(*, at: datetime) -> int:
    """Answers how many events are new. Doing it twice changes nothing."""
    fresh = 0
    for business in _businesses:
        keep_items(business.items(), at=at)
        fresh += keep_events([one for one in business.events(at=at) if one.at <= at], at=at)
    return fresh
