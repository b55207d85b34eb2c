"""Who waits is offered a call when it is the better offer, once in each wait."""

import random
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from agents.callbacks.actions.foretelling import teller
from agents.callbacks.actions.steps import rules
from agents.callbacks.models import CallFit, CallRules, Need
from agents.callbacks.reads.facts import waiting as waits_now
from agents.callbacks.reads.patience import patience
from agents.callbacks.rules.patience import Patience, is_worth_offering
from conversations.actions.calling import offer_a_call
from conversations.actions.log import append, hold
from conversations.lifecycle import WAITING
from conversations.models import Callback, Conversation, Event

_AT_ONCE = 500


def offer_calls(*, at: datetime, lots: random.Random) -> int:
    """How many were offered one now: their wait is still long, or most people would give up before its end, or,
    once that was learnt, they in particular probably need one and were not drawn to have none."""
    house, patient = rules(), patience(at=at)
    asked = Callback.objects.filter(conversation=OuterRef("pk"), state=Callback.State.OPEN)
    told = Event.objects.filter(
        conversation=OuterRef("pk"), kind__in=_OFFERS, created_at__gte=OuterRef("queued_at")
    )
    waiting = list(
        Conversation.objects.filter(state__in=WAITING)
        .exclude(Exists(asked))
        .exclude(Exists(told))
        .order_by("queued_at")[:_AT_ONCE]
    )
    told_why = foretell(waiting, house, lots, at=at)
    return sum(
        _offer(talk.pk, house, patient, needed=talk.pk in told_why, at=at)
        for talk in waiting
        if talk.pk in told_why or _is_worth_it(talk, house, patient, at=at)
    )


def foretell(
    waiting: Sequence[Conversation], house: CallRules, lots: random.Random, *, at: datetime
) -> set[int]:
    """Foretells each wait once and logs it with the lot that was drawn; answers who is to be offered a call for it."""
    found = teller(CallFit.Purpose.NEEDS)
    if found is None:
        return set()
    known = Need.objects.filter(conversation__in=[talk.pk for talk in waiting])
    seen = {(need.conversation_id, need.at) for need in known}
    newest = {pk: max((when for key, when in seen if key == pk), default=None) for pk, _ in seen}
    fresh = [
        talk
        for talk in waiting
        if (last := newest.get(talk.pk)) is None or (talk.queued_at and last < talk.queued_at)
    ]
    facts = waits_now([talk.pk for talk in fresh]) if fresh else {}
    share = house.drawn_percent / 100
    rows = []
    for pk, said in zip(facts, found.say(list(facts.values())), strict=True):
        likely = said.chance >= house.need_share
        drawn_out = likely and lots.random() < share
        rows.append(
            Need(
                conversation_id=pk,
                at=at,
                chance=said.chance,
                reasons=said.reasons,
                is_likely=likely,
                offered=likely and not drawn_out,
                propensity=(share if drawn_out else 1 - share) if likely else 1.0,
                fit=found.fit,
            )
        )
    Need.objects.bulk_create(rows)
    return {row.conversation_id for row in rows if row.offered}


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
def _offer(
    pk: int, house: CallRules, patient: Patience | None, *, needed: bool, at: datetime
) -> bool:
    talk = hold(pk)
    is_told = Event.objects.filter(
        conversation=talk, kind__in=_OFFERS, created_at__gte=talk.queued_at or at
    ).exists()
    is_worth_it = needed or _is_worth_it(talk, house, patient, at=at)
    if is_told or talk.state not in WAITING or not is_worth_it:
        return False
    append(talk, "call_offered", at=at, why="need" if needed else "wait")
    offer_a_call(talk, at=at)
    return True
