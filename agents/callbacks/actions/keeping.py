"""The life of a call: taken up, due, in somebody's hand, ringing, talked, over.

Each step is one transaction that holds the call's row; what the clock owes stands in `due_at`, so whoever is
killed in between has done it or has not, and the next round finds it.
"""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from agents.callbacks.dialling import CannotDial, provider
from agents.callbacks.models import Attempt, Call, CallRules
from agents.callbacks.rules.planning import RETRIES, Plan
from conversations.actions.log import append, hold
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.errors import CannotMove, NotFound, Taken
from conversations.models import Callback, Conversation
from conversations.phrases import phrase

IN_HAND = timedelta(minutes=2)  # an agent has so long to dial
RINGS_AT_MOST = timedelta(seconds=60)
_AT_ONCE = 200
State = Call.State


def rules() -> CallRules:
    return CallRules.objects.filter(pk=1).first() or CallRules(pk=1)


def plan_of(row: CallRules) -> Plan:
    row.clean_fields()  # times from their defaults are texts
    return Plan(
        row.quiet_from,
        row.quiet_until,
        timedelta(minutes=row.window_minutes),
        timedelta(hours=row.expires_hours),
        tuple(row.retry_minutes) or RETRIES,
    )


def tend(*, at: datetime) -> dict[str, int]:
    """One round of the clock."""
    return {
        "taken_up": take_up(at=at),
        "moved": sum(_move_on(pk, at=at) for pk in _overdue(at)),
        "heard": sum(listen(call_id=pk, at=at) for pk in _ringing()),
    }


def _overdue(at: datetime) -> list[int]:
    late = Q(due_at__lte=at) | Q(state=State.DUE, expires_at__lte=at)
    return list(
        Call.objects.filter(late).order_by("due_at").values_list("pk", flat=True)[:_AT_ONCE]
    )


def _ringing() -> list[int]:
    return list(Call.objects.filter(state=State.DIALLING).values_list("pk", flat=True)[:_AT_ONCE])


# --- from a wish to a call ----------------------------------------------------------------


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
        done += _plan(wish.pk, at=at)
    for pk in gone.values_list("call__pk", flat=True)[:_AT_ONCE]:
        done += _dropped(pk, at=at)
    return done


@transaction.atomic
def _plan(wish_id: int, *, at: datetime) -> bool:
    wish = (
        Callback.objects.select_for_update(of=("self",), no_key=True)
        .select_related("conversation")
        .filter(pk=wish_id, state=Callback.State.OPEN)
        .first()
    )
    if wish is None:
        return False
    call = Call.objects.select_for_update().filter(wish=wish).first()
    if call is not None and call.state not in {*Call.WAITING, State.DUE}:
        return False
    house = rules()
    plan = plan_of(house)
    talk = wish.conversation
    zone = wish.time_zone if wish.time_zone in available_timezones() else house.time_zone
    wanted = max(at, wish.call_at or at)
    begins = plan.allowed(wanted, zone)
    call = call or Call(
        wish=wish,
        place_from=talk.place_from or talk.queued_at or wish.created_at,
        most_attempts=house.most_attempts,
        created_at=at,
    )
    call.queue_id = talk.queue_id or call.queue_id
    call.wanted_at = wish.call_at
    call.time_zone = zone
    call.window_until = begins + plan.window
    call.expires_at = begins + plan.expires
    call.due_at = begins if begins > at else None
    call.state = State.SCHEDULED if call.due_at else State.DUE
    call.save()
    return True


@transaction.atomic
def _dropped(call_id: int, *, at: datetime) -> bool:
    call = _held(call_id)
    if call is None or call.state in {*Call.ENDED, State.REACHED}:
        return False
    _stop_ringing(call, at=at)
    _end(call, State.CANCELLED, at=at)
    return True


# --- the clock -----------------------------------------------------------------------------


@transaction.atomic
def _move_on(call_id: int, *, at: datetime) -> bool:
    call = _held(call_id)
    if call is None or call.state in {*Call.ENDED, State.REACHED, State.DIALLING}:
        return False
    if call.expires_at <= at:
        _expire(call, at=at)
        return True
    if call.due_at is None or call.due_at > at:
        return False
    begins = plan_of(rules()).allowed(at, call.time_zone)
    call.agent = None
    call.due_at = begins if begins > at else None
    call.state = State.SCHEDULED if call.due_at else State.DUE
    call.save()
    return True


@transaction.atomic
def listen(*, call_id: int, at: datetime) -> bool:
    """What became of a call that rings; False: it rings on."""
    call = _held(call_id)
    if call is None or call.state != State.DIALLING:
        return False
    heard = provider().outcome(call.dialled, at=at)
    if not heard and call.due_at is not None and call.due_at <= at:
        provider().hang_up(call.dialled)
        heard = Attempt.Outcome.NO_ANSWER
    if not heard:
        return False
    _heard(call, heard, at=at)
    return True


def _heard(call: Call, heard: str, *, at: datetime) -> None:
    """The attempt is over: they talk, or it is tried again, or not any more."""
    Attempt.objects.filter(call=call, outcome="").update(outcome=heard, ended_at=at)
    _note_it(call, at=at, outcome=heard)
    call.dialled = ""
    if heard == Attempt.Outcome.REACHED:
        call.state, call.due_at = State.REACHED, None
        call.save()
        return
    again = plan_of(rules()).again(at, attempts=call.attempts, zone=call.time_zone)
    given_up = heard == Attempt.Outcome.WRONG_NUMBER or call.attempts >= call.most_attempts
    if given_up or again >= call.expires_at:
        _expire(call, at=at)
        return
    machine = heard == Attempt.Outcome.VOICEMAIL
    call.state = State.VOICEMAIL if machine else State.NO_ANSWER
    call.agent, call.due_at = None, again
    call.save()


def _expire(call: Call, *, at: datetime) -> None:
    _end(call, State.EXPIRED, at=at)
    talk = call.wish.conversation
    words = phrase("call_missed", talk.language, phone=call.wish.phone)
    if not talk.merged_into_id:
        post(Draft(conversation_id=talk.pk, author_kind="system", text=words, at=at))


# --- an agent ------------------------------------------------------------------------------


@transaction.atomic
def take(*, call: UUID, agent_id: int, at: datetime) -> Call:
    """The agent has it in hand for two minutes, so that nobody else dials. Raises Taken, CannotMove."""
    row = _held_by(call)
    if row.state in Call.IN_HAND and row.agent_id != agent_id:
        raise Taken("A colleague is calling them.")
    if row.state not in {State.DUE, State.OFFERED, *Call.WAITING}:
        raise CannotMove(f"It is {row.get_state_display().lower()}.")
    row.state, row.agent_id, row.due_at = State.OFFERED, agent_id, at + IN_HAND
    row.save()
    return row


@transaction.atomic
def dial(*, call: UUID, agent_id: int, at: datetime) -> Call:
    """Rings. One agent makes one call at a time; nobody is called in their quiet hours.

    Raises Taken, CannotMove. The attempt is counted also when the number could not be dialled."""
    row = take(call=call, agent_id=agent_id, at=at)
    if plan_of(rules()).allowed(at, row.time_zone) > at:
        raise CannotMove("It is night where they are.")
    if Call.objects.filter(agent_id=agent_id, state__in=[State.DIALLING, State.REACHED]).exists():
        raise Taken("You are in a call.")
    row.attempts += 1
    Attempt.objects.create(call=row, number=row.attempts, agent_id=agent_id, at=at)
    try:
        row.dialled = provider().dial(row.wish.phone, at=at)
    except CannotDial:
        _heard(row, Attempt.Outcome.FAILED, at=at)
        return row
    row.state, row.due_at = State.DIALLING, at + RINGS_AT_MOST
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # two pages of one agent at once
        provider().hang_up(row.dialled)
        raise Taken("You are in a call.") from None
    return row


@transaction.atomic
def finish(*, call: UUID, agent_id: int, outcome: str, note: str, at: datetime) -> Call:
    """What came of it, in the agent's words. `done`: they talked; any other outcome of an attempt: it was not
    them after all, and it is tried again by the rules."""
    row = _held_by(call)
    if row.state not in {State.DIALLING, State.REACHED} or row.agent_id != agent_id:
        raise CannotMove("You are not calling them.")
    if row.dialled:
        provider().hang_up(row.dialled)
    row.note = note
    if outcome == "done":
        Attempt.objects.filter(call=row, outcome="").update(
            outcome=Attempt.Outcome.REACHED, ended_at=at
        )
        _end(row, State.DONE, at=at)
        _note_it(row, at=at, outcome="done")
        return row
    last = Attempt.objects.filter(call=row).order_by("-number").first()
    if last is not None:
        Attempt.objects.filter(pk=last.pk).update(outcome="", ended_at=None)
    _heard(row, outcome, at=at)
    return row


@transaction.atomic
def give_back(*, call: UUID, agent_id: int) -> Call:
    """Somebody else may have it; doing it twice changes nothing."""
    row = _held_by(call)
    if row.state == State.OFFERED and row.agent_id == agent_id:
        row.state, row.agent, row.due_at = State.DUE, None, None
        row.save()
    return row


@transaction.atomic
def cancel(*, call: UUID, at: datetime) -> Call:
    """Nobody calls. Doing it twice changes nothing."""
    row = _held_by(call)
    if row.state not in Call.ENDED:
        _stop_ringing(row, at=at)
        _end(row, State.CANCELLED, at=at)
        _note_it(row, at=at, outcome="cancelled")
    return row


def _stop_ringing(call: Call, *, at: datetime) -> None:
    if call.dialled:
        provider().hang_up(call.dialled)
    Attempt.objects.filter(call=call, outcome="").update(
        outcome=Attempt.Outcome.NO_ANSWER, ended_at=at
    )


def _end(call: Call, state: State, *, at: datetime) -> None:
    call.state, call.due_at, call.ended_at, call.dialled = state, None, at, ""
    call.save()
    kept = Callback.State.DONE if state == State.DONE else Callback.State.DROPPED
    Callback.objects.filter(pk=call.wish_id, state=Callback.State.OPEN).update(state=kept)


def _note_it(call: Call, *, at: datetime, outcome: str) -> None:
    agent = call.agent
    append(
        hold(call.wish.conversation_id),
        "called",
        at=at,
        actor="agent" if agent else "system",
        agent_id=agent.pk if agent else None,
        agent_name=str(agent) if agent else "",
        outcome=outcome,
        attempt=call.attempts,
    )


def _held(call_id: int) -> Call | None:
    """Its conversation first, as everybody locks in that order; None: there is none."""
    talk = Call.objects.filter(pk=call_id).values_list("wish__conversation_id", flat=True).first()
    if talk is None:
        return None
    Conversation.objects.select_for_update(of=("self",), no_key=True).get(pk=talk)
    return _locked().filter(pk=call_id).first()


def _held_by(key: UUID) -> Call:
    pk = Call.objects.filter(uuid=key).values_list("pk", flat=True).first()
    found = _held(pk) if pk is not None else None
    if found is None:
        raise NotFound("There is no such call.")
    return found


def _locked() -> QuerySet[Call]:
    return Call.objects.select_for_update(of=("self",)).select_related(
        "wish__conversation", "agent"
    )
