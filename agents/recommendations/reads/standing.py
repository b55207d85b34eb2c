"""How a conversation and the house stand when something might be offered."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from agents.models import Presence
from agents.recommendations.models import OfferRules, Showing
from agents.recommendations.rules.brakes import Standing
from bots.answering.mood import crossness, felt
from conversations.lifecycle import CLOSED
from conversations.models import Conversation, Customer, Handoff, Message

NEWEST = 6  # messages of the customer
WEEK = timedelta(days=7)
ALIVE = timedelta(seconds=60)  # a console that was heard of lately
CROSS_REASONS = {Handoff.Reason.COMPLAINT, Handoff.Reason.FRUSTRATED}


def rules_for(inbox_id: int) -> OfferRules:
    """Of the inbox, else of all others, else the defaults."""
    rows = {row.inbox_id: row for row in OfferRules.objects.filter(inbox__in=[inbox_id])}
    found = rows.get(inbox_id) or OfferRules.objects.filter(inbox=None).first()
    return found or OfferRules()


def words_of(conversation: Conversation) -> list[str]:
    """The customer's newest words, the newest first."""
    rows = Message.objects.filter(conversation=conversation, author_kind="customer", note=False)
    return list(rows.order_by("-pk").values_list("text", flat=True)[:NEWEST])


def standing_of(
    conversation: Conversation, *, rules: OfferRules, in_widget: bool, at: datetime
) -> Standing:
    words = words_of(conversation)
    handed = Handoff.objects.filter(conversation=conversation).values_list("reason", flat=True)
    cross = any(reason in CROSS_REASONS for reason in handed)
    return Standing(
        words=words,
        crossness=1.0 if cross else max(map(crossness, words), default=0.0),
        unhappy=felt(conversation.sentiment),
        labels=conversation.labels,
        urgent=conversation.priority >= Conversation.Priority.URGENT,
        complains_elsewhere=_complains(conversation.customer, besides=conversation),
        shown_this_week=_shown(conversation.customer, besides=conversation, at=at),
        most_a_week=rules.most_a_week,
        waiting=Conversation.objects.filter(state__in=["queued", "offered"]).count()
        if in_widget
        else 0,
        online=_online(at) if in_widget else 0,
        busy_from=rules.busy_from if in_widget else None,
    )


def _complains(customer: Customer, *, besides: Conversation) -> bool:
    """Nobody is sold anything in one place while they wait for what went wrong in another."""
    others = Conversation.objects.filter(customer=customer).exclude(pk=besides.pk)
    signs = Q(priority__gte=Conversation.Priority.URGENT) | Q(handoffs__reason__in=CROSS_REASONS)
    meant = Conversation.objects.annotate(said=Cast("labels", TextField())).filter(
        signs | Q(said__icontains="complaint")
    )
    return others.exclude(state__in=CLOSED).filter(pk__in=meant.values("pk")).exists()


def _shown(customer: Customer, *, besides: Conversation, at: datetime) -> int:
    rows = Showing.objects.filter(customer=customer, silent="", control=False, at__gt=at - WEEK)
    return rows.exclude(conversation=besides).values("conversation").distinct().count()


def _online(at: datetime) -> int:
    return Presence.objects.filter(status="online", seen_at__gt=at - ALIVE).count()
