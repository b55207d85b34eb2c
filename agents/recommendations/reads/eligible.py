"""Which items may be offered to a customer at all, whatever any model says."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from agents.recommendations.models import Item, Shown
from agents.recommendations.reads.events import events_of
from agents.recommendations.reads.segments import segments_of
from conversations.models import Conversation

CAPPED = timedelta(days=30)


def eligible(conversation: Conversation, *, at: datetime) -> QuerySet[Item]:
    """Offered now, here, and to people like this one; not bought already, nor shown too often, nor put away."""
    customer = conversation.customer
    rows = Item.objects.filter(
        Q(starts_at=None) | Q(starts_at__lte=at),
        Q(ends_at=None) | Q(ends_at__gt=at),
        Q(inbox=None) | Q(inbox=conversation.inbox_id),
        is_active=True,
    )
    audience = Q(segment=None)
    if rows.exclude(segment=None).exists():
        audience |= Q(segment__in=segments_of(customer, at=at))
    bought = events_of(customer).filter(kind="bought").values("item")
    lately = Shown.objects.filter(showing__customer=customer, showing__at__gt=at - CAPPED)
    put_away = lately.filter(outcome=Shown.Outcome.DISMISSED).values("item")
    often = (
        lately.exclude(showing__conversation=conversation)
        .order_by()
        .values("item")
        .annotate(many=Count("pk"))
        .filter(many__gte=F("item__most_shown"))
        .values("item")
    )
    mine = rows.filter(audience).exclude(pk__in=put_away).exclude(pk__in=often)
    return mine.exclude(Q(again=False) & Q(pk__in=bought))
