"""The clock of calls: taken up, due, listened to while they ring, over.

Each step is one transaction that holds the call's row; what the clock owes stands in `due_at`, so whoever is
killed in between has done it or has not, and the next round finds it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from agents.callbacks.actions.booking import plan_wish
from agents.callbacks.actions.steps import (
    LOOK_AFTER,
    State,
    ended,
    expired,
    heard,
    held,
    noted,
    plan_of,
    rules,
    saved,
    say,
    stop_ringing,
)
from agents.callbacks.dialling import provider
from agents.callbacks.models import Attempt, Call
from agents.models import Assignment, Presence
from conversations.lifecycle import HELD
from conversations.models import Callback

TALKS_AT_MOST = timedelta(hours=4)
NOBODY_WROTE = "Nobody wrote down how it went."
_AT_ONCE = 200


def tend(*, at: datetime) -> dict[str, int]:
    """One round of the clock."""
    return {
        "taken_up": take_up(at=at),
        "moved": sum(_move_on(pk, at=at) for pk in _overdue(at)),
        "heard": sum(listen(call_id=pk, at=at) for pk in _ringing()),
        "in_chat": sum(_in_chat(pk, at=at) for pk in _answered_in_chat()),
    }


def _overdue(at: datetime) -> list[int]:
    late = Q(due_at__lte=at) | Q(state=State.DUE, expires_at__lte=at)
    return list(
        Call.objects.filter(late).order_by("due_at").values_list("pk", flat=True)[:_AT_ONCE]
    )


def _ringing() -> list[int]:
    return list(Call.objects.filter(state=State.DIALLING).values_list("pk", flat=True)[:_AT_ONCE])


# --- wishes that no call has been made of, or that are gone ----------------------------------


def take_up(*, at: datetime) -> int:
    """Every wish that is open has its call, at the time that the customer said last; one that was dropped has
    none any more."""
    open_ = Callback.objects.filter(state=Callback.State.OPEN)
    fresh = open_.filter(call=None)
    changed = open_.filter(call__state__in=[*Call.WAITING, State.DUE]).exclude(
        call__wanted_at__isnull=True, call_at__isnull=True
    ).exclude(call_at=F("call__wanted_at"))  # fmt: skip
    gone = Callback.objects.filter(call__ended_at=None, call__isnull=False).exclude(
        state=Callback.State.OPEN
    )
    done = 0
    for wish in [*fresh.order_by("pk")[:_AT_ONCE], *changed.order_by("pk")[:_AT_ONCE]]:
        done += plan_wish(wish.pk, at=at)
    for pk in gone.values_list("call__pk", flat=True)[:_AT_ONCE]:
        done += _dropped(pk, at=at)
    return done


@transaction.atomic
def _dropped(call_id: int, *, at: datetime) -> bool:
    call = held(call_id)
    if call is None or call.state in {*Call.ENDED, State.REACHED}:
        return False
    stop_ringing(call, at=at)
    ended(call, State.CANCELLED, at=at)
    return True


def _answered_in_chat() -> list[int]:
    """Calls of those whom another agent took in the chat since they asked, and since they were last called."""
    tries = Attempt.objects.filter(call=OuterRef("pk")).order_by("-number")
    since = Coalesce(Subquery(tries.values(when=Coalesce("ended_at", "at"))[:1]), F("created_at"))
    talks = Assignment.objects.filter(
        conversation=OuterRef("wish__conversation"),
        ended_at=None,
        started_at__gt=OuterRef("since"),
    ).exclude(agent_id=OuterRef("by"))
    waiting = Call.objects.filter(
        state__in=[*Call.WAITING, State.DUE, State.OFFERED, State.DIALLING],
        wish__conversation__state__in=HELD,
    )
    found = waiting.annotate(since=since, by=Coalesce("agent_id", 0)).filter(Exists(talks))
    return list(found.values_list("pk", flat=True)[:_AT_ONCE])


@transaction.atomic
def _in_chat(call_id: int, *, at: datetime) -> bool:
    """They have somebody now: nobody calls them as well."""
    call = held(call_id)
    if call is None or call.state in {*Call.ENDED, State.REACHED}:
        return False
    if call.wish.conversation.state not in HELD:
        return False
    stop_ringing(call, at=at)
    ended(call, State.CANCELLED, at=at)
    call.agent = None  # it was nobody's doing
    noted(call, at=at, outcome="in_chat")
    say(call, "call_not_needed", at=at)
    return True


# --- the clock -----------------------------------------------------------------------------


@transaction.atomic
def _move_on(call_id: int, *, at: datetime) -> bool:
    call = held(call_id)
    if call is None or call.state in {*Call.ENDED, State.DIALLING}:
        return False
    if call.state == State.REACHED:
        return _still_talking(call, at=at)
    if call.expires_at <= at:
        expired(call, at=at)
        return True
    if call.due_at is None or call.due_at > at:
        return False
    begins = plan_of(rules()).allowed(at, call.time_zone)
    call.agent = None
    call.due_at = begins if begins > at else None
    call.state = State.SCHEDULED if call.due_at else State.DUE
    saved(call)
    return True


def _still_talking(call: Call, *, at: datetime) -> bool:
    """Whoever is gone no longer talks; and nobody talks for ever. They were reached, so it is done."""
    if call.due_at is None or call.due_at > at:
        return False
    last = Attempt.objects.filter(call=call).aggregate(at=Max("at"))["at"] or at
    if call.agent_id and _shows_life(call.agent_id, at=at) and at - last < TALKS_AT_MOST:
        call.due_at = at + LOOK_AFTER
        saved(call)
        return True
    call.note = call.note or NOBODY_WROTE
    ended(call, State.DONE, at=at)
    noted(call, at=at, outcome="left")
    return True


def _shows_life(agent_id: int, *, at: datetime) -> bool:
    """Since the last look: who loads their page in the very moment of this one still holds the telephone."""
    return Presence.objects.filter(
        agent_id=agent_id, agent__is_active=True, seen_at__gt=at - LOOK_AFTER
    ).exists()


@transaction.atomic
def listen(*, call_id: int, at: datetime) -> bool:
    """What became of a call that rings; False: it rings on."""
    call = held(call_id)
    if call is None or call.state != State.DIALLING:
        return False
    outcome = provider().outcome(call.dialled, at=at)
    if not outcome and call.due_at is not None and call.due_at <= at:
        provider().hang_up(call.dialled)
        outcome = Attempt.Outcome.NO_ANSWER
    if not outcome:
        return False
    heard(call, outcome, at=at)
    return True
