"""Who waits is offered a call when it is the better offer, once in each wait."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from agents.callbacks.actions.keeping import rules
from agents.callbacks.models import CallRules
from agents.callbacks.reads.patience import patience
from agents.callbacks.rules.patience import Patience, is_worth_offering
from conversations.actions.customer import offer_a_call
from conversations.actions.log import append, hold
from conversations.lifecycle import WAITING
from conversations.models import Callback, Conversation, Event

_AT_ONCE = 500


def offer_calls(*, at: datetime) -> int:
    """How many were offered one now: their wait is still long, or most people would give up before its end."""
    house, patient = rules(), patience(at=at)
    asked = Callback.objects.filter(conversation=OuterRef("pk"), state=Callback.State.OPEN)
    told = Event.objects.filter(
        conversation=OuterRef("pk"), kind__in=_OFFERS, created_at__gte=OuterRef("queued_at")
    )
    waiting = (
        Conversation.objects.filter(state__in=WAITING, promised__isnull=False)
        .exclude(Exists(asked))
        .exclude(Exists(told))
        .order_by("queued_at")[:_AT_ONCE]
    )
    return sum(
        _offer(talk.pk, house, patient, at=at)
        for talk in waiting
        if _is_worth_it(talk, house, patient, at=at)
    )


# The rule of a queue may have offered one, too.
_OFFERS = ("call_offered", "waited_too_long")


def _is_worth_it(
    talk: Conversation, house: CallRules, patient: Patience | None, *, at: datetime
) -> bool:
    promised = talk.promised or {}
    if promised.get("high") is None or promised.get("at") is None or talk.queued_at is None:
        return False
    passed = (at - datetime.fromisoformat(promised["at"])).total_seconds()
    middle = (float(promised["low"]) + float(promised["high"])) / 2 - passed
    return is_worth_offering(
        patient,
        waited=(at - talk.queued_at).total_seconds(),
        expected=max(0.0, middle),
        long_wait=house.offer_after,
        share=house.offer_share,
    )


@transaction.atomic
def _offer(pk: int, house: CallRules, patient: Patience | None, *, at: datetime) -> bool:
    talk = hold(pk)
    is_told = Event.objects.filter(
        conversation=talk, kind__in=_OFFERS, created_at__gte=talk.queued_at or at
    ).exists()
    is_gone = talk.state not in WAITING or not _is_worth_it(talk, house, patient, at=at)
    if is_told or is_gone:
        return False
    append(talk, "call_offered", at=at)
    offer_a_call(talk, at=at)
    return True
