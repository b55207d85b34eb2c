"""Items and events that the business sends: by the API, from a CSV, or from its own tables. The same twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from agents.recommendations.models import CustomerEvent, Item
from agents.recommendations.reads.events import person_of
from conversations.errors import Refused
from conversations.models import Customer, Identity

MOST = 5_000  # in one go


class Unknown(Refused):
    """Something is named that is not there."""

    code = "unknown"
    http_status = 400


@dataclass(frozen=True, slots=True)
class Offered:
    """An item as the business describes it."""

    key: str
    name: str
    kind: str = Item.Kind.PRODUCT
    description: str = ""
    category: str = ""
    url: str = ""
    price: Decimal | None = None
    currency: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Did:
    """An event: of a customer by uuid, or of the business's own id in an inbox; `id` is the business's own."""

    id: str
    item: str
    kind: str
    at: datetime
    customer: UUID | None = None
    inbox: str = ""
    external_id: str = ""


_GIVEN = ("name", "kind", "description", "category", "url", "price", "currency", "is_active")


def keep_items(items: Sequence[Offered], *, at: datetime) -> int:
    """New ones are added, known ones (by key) follow what is said now; what is set here by hand stays."""
    rows = [
        Item(key=one.key, updated_at=at, **{name: getattr(one, name) for name in _GIVEN})
        for one in {one.key: one for one in items}.values()
    ]
    Item.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=[*_GIVEN, "updated_at"],
        batch_size=500,
    )
    return len(rows)


@transaction.atomic
def keep_events(events: Sequence[Did], *, at: datetime) -> int:
    """Answers how many are new. Raises Unknown with what is not there; then nothing is kept.

    An event of a customer who wants nothing to be remembered is passed over.
    """
    later = next((one for one in events if one.at > at), None)
    if later is not None:
        raise Unknown(f"{later.id}: {later.at.isoformat()} lies in the future.")
    items = dict(Item.objects.filter(key__in={one.item for one in events}).values_list("key", "pk"))
    missing = sorted({one.item for one in events} - items.keys())
    if missing:
        raise Unknown(f"There is no item {', '.join(missing[:5])}.")
    who = _customers(events)
    rows = [
        CustomerEvent(
            source=f"given:{one.id}",
            item_id=items[one.item],
            kind=one.kind,
            at=one.at,
            **who[one.id],
        )
        for one in events
        if one.id in who
    ]
    before = CustomerEvent.objects.count()
    CustomerEvent.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return CustomerEvent.objects.count() - before


def _customers(events: Sequence[Did]) -> Mapping[str, dict[str, object]]:
    """By the event's id: the customer's key, or a digest."""
    asked = {one.customer for one in events if one.customer}
    known = {row.uuid: row for row in Customer.objects.filter(uuid__in=asked)}
    missing = asked - known.keys()
    if missing:
        raise Unknown(f"There is no customer {min(map(str, missing))}.")
    signed = _signed(events)
    found: dict[str, dict[str, object]] = {}
    for one in events:
        row = known[one.customer] if one.customer else signed.get((one.inbox, one.external_id))
        if row is None:
            found[one.id] = {"person": person_of(one.inbox, one.external_id)}
        elif row.remembers:
            found[one.id] = {"customer_id": row.pk}
    return found


def _signed(events: Iterable[Did]) -> dict[tuple[str, str], Customer]:
    names = {one.external_id for one in events if not one.customer}
    rows = Identity.objects.filter(external_id__in=names).select_related("inbox", "customer")
    return {(row.inbox.key, row.external_id): row.customer for row in rows}
