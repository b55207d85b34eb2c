"""Audiences: groups of customers for whom an article or a procedure may be kept.

Who belongs to one is known above this app: whoever knows joins here when the apps are ready. While nobody does, and of
anybody whom the company's own site does not vouch for, nobody belongs to any.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from bots.models import Article, Member, Reader, Readership, Visibility
from conversations.models import Identity


class Audience(NamedTuple):
    """`key` stands in an article, `name` in a procedure's file."""

    key: str
    name: str


class Roll(Protocol):
    """Who knows audiences and their members."""

    def audiences(self) -> Sequence[Audience]:
        """All that may be chosen, by name."""

    def of(self, customer_id: int, *, among: Collection[str], at: datetime) -> Collection[Audience]:
        """Those of the named ones (keys, or names in any case) that the customer belongs to now."""


_rolls: list[Roll] = []


def join(roll: Roll) -> None:
    """Called once by each, when the apps are ready."""
    if roll not in _rolls:
        _rolls.append(roll)


def audiences() -> list[Audience]:
    return sorted((one for roll in _rolls for one in roll.audiences()), key=lambda one: one.name)


def check(visibility: str, audience: str) -> str:
    """What is wrong with keeping an article for this audience; "" if nothing is."""
    if visibility != Visibility.AUDIENCE:
        return "" if not audience else "Only what is kept for an audience names one."
    if audience not in {one.key for one in audiences()}:
        return "There is no such audience."
    return ""


def is_vouched_for(*, customer_id: int, inbox_id: int) -> bool:
    """Whether the site of this inbox says who the customer is: what is typed by hand proves nothing."""
    return Identity.objects.filter(customer_id=customer_id, inbox_id=inbox_id).exists()


def reader_of_inbox(*, customer_id: int, inbox_id: int, at: datetime) -> Readership:
    """What a customer may read here."""
    if not is_vouched_for(customer_id=customer_id, inbox_id=inbox_id):
        return Reader.ANYBODY
    kept = Article.objects.published().filter(visibility=Visibility.AUDIENCE)
    among = set(kept.values_list("audience", flat=True))
    mine = _of(customer_id, among=among, at=at)
    return Member(tuple(sorted(one.key for one in mine))) if mine else Reader.CUSTOMER


def names_of(
    *, customer_id: int, inbox_id: int, among: Collection[str], at: datetime
) -> frozenset[str]:
    """Those of the named audiences that a customer belongs to who is vouched for here, in lower case."""
    if not among or not is_vouched_for(customer_id=customer_id, inbox_id=inbox_id):
        return frozenset()
    return frozenset(one.name.casefold() for one in _of(customer_id, among=among, at=at))


def _of(customer_id: int, *, among: Collection[str], at: datetime) -> list[Audience]:
    if not among:
        return []
    return [one for roll in _rolls for one in roll.of(customer_id, among=among, at=at)]
