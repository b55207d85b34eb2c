"""What became of what was shown: seen, clicked, put away, bought."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from agents.recommendations.models import CustomerEvent, Showing, Shown
from agents.recommendations.reads.events import persons_of
from conversations.errors import NotFound
from conversations.models import Conversation

WINDOW = timedelta(days=14)  # in which buying counts
AT_ONCE = 500


@transaction.atomic
def tell(*, conversation: Conversation, place: str, key: UUID, did: str, at: datetime) -> Shown:
    """`did`: seen, clicked or dismissed. The first of each counts; a click after a dismissal does, too. Raises NotFound."""
    row = (
        Shown.objects.select_for_update(of=("self",))
        .select_related("showing", "item")
        .filter(showing__conversation=conversation, showing__place=place, uuid=key)
        .first()
    )
    if row is None:
        raise NotFound("There is no such recommendation.")
    showing = Showing.objects.filter(pk=row.showing_id)
    showing.filter(seen_at=None).update(seen_at=at)
    if did == "clicked":
        showing.filter(clicked_at=None).update(clicked_at=at)
        _mark(row, Shown.Outcome.CLICKED, at, over=("", Shown.Outcome.DISMISSED))
        if conversation.customer.remembers:
            CustomerEvent.objects.get_or_create(
                source=f"shown:{row.uuid}",
                defaults={
                    "customer": conversation.customer,
                    "item": row.item,
                    "kind": "viewed",
                    "at": at,
                },
            )
    elif did == "dismissed":
        _mark(row, Shown.Outcome.DISMISSED, at, over=("",))
    return row


def _mark(row: Shown, outcome: str, at: datetime, *, over: tuple[str, ...]) -> None:
    if row.outcome in over:
        row.outcome, row.outcome_at = outcome, at
        row.save(update_fields=["outcome", "outcome_at"])


def settle(*, at: datetime) -> int:
    """What was bought within fourteen days, of those shown something and of those not alike. Answers how many were
    settled for good."""
    open_rows = Showing.objects.filter(settled_at=None, silent="").order_by("at", "pk")
    done = 0
    for row in open_rows.prefetch_related("items")[:AT_ONCE]:
        done += _settle(row, at=at)
    Showing.objects.filter(settled_at=None, at__lt=at - WINDOW).exclude(silent="").update(
        settled_at=at
    )
    return done


@transaction.atomic
def _settle(row: Showing, *, at: datetime) -> int:
    keys = [one["item"] for one in row.candidates]
    bought = (
        CustomerEvent.objects.filter(
            Q(customer=row.customer_id) | Q(person__in=persons_of(row.customer_id) or ["-"]),
            kind="bought",
            item__key__in=keys,
            at__gt=row.at,
            at__lte=row.at + WINDOW,
        )
        .order_by("at")
        .values_list("item", "at")
    )
    for item, when in bought:
        row.bought_at = row.bought_at or when
        Shown.objects.filter(showing=row, item=item).update(
            outcome=Shown.Outcome.BOUGHT, outcome_at=when
        )
    is_over = at > row.at + WINDOW
    if is_over:
        row.settled_at = at
    if is_over or row.bought_at:
        row.save(update_fields=["bought_at", "settled_at"])
    return int(is_over)
