"""What an agent does about a call: takes it in hand, dials, says how it went, gives it back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from agents.callbacks.actions.steps import (
    State,
    ended,
    heard,
    held_by,
    noted,
    plan_of,
    rules,
    saved,
    say,
    stop_ringing,
)
from agents.callbacks.dialling import CannotDial, provider
from agents.callbacks.models import Attempt, Call
from agents.models import Agent
from conversations.errors import CannotMove, Taken

IN_HAND = timedelta(minutes=2)  # an agent has so long to dial
RINGS_AT_MOST = timedelta(seconds=60)


@transaction.atomic
def take(*, call: UUID, agent_id: int, at: datetime) -> Call:
    """The agent has it in hand for two minutes, so that nobody else dials. Raises Taken, CannotMove."""
    row = held_by(call)
    if row.state in Call.IN_HAND and row.agent_id != agent_id:
        raise Taken("A colleague is calling them.")
    if row.state not in {State.DUE, State.OFFERED, *Call.WAITING}:
        raise CannotMove(f"It is {row.get_state_display().lower()}.")
    row.state, row.agent_id, row.due_at = State.OFFERED, agent_id, at + IN_HAND
    saved(row)
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
        heard(row, Attempt.Outcome.FAILED, at=at)
        return row
    row.state, row.due_at = State.DIALLING, at + RINGS_AT_MOST
    try:
        with transaction.atomic():
            saved(row)
    except IntegrityError:  # two pages of one agent at once
        provider().hang_up(row.dialled)
        raise Taken("You are in a call.") from None
    return row


@transaction.atomic
def finish(*, call: UUID, agent_id: int, outcome: str, note: str, at: datetime) -> Call:
    """What came of it, in the agent's words. `done`: they talked; any other outcome of an attempt: it was not
    them after all, and it is tried again by the rules."""
    row = held_by(call)
    if row.state not in {State.DIALLING, State.REACHED} or row.agent_id != agent_id:
        raise CannotMove("You are not calling them.")
    if row.dialled:
        provider().hang_up(row.dialled)
    row.note = note
    if outcome == "done":
        Attempt.objects.filter(call=row, outcome="").update(
            outcome=Attempt.Outcome.REACHED, ended_at=at
        )
        ended(row, State.DONE, at=at)
        noted(row, at=at, outcome="done")
        return row
    last = Attempt.objects.filter(call=row).order_by("-number").first()
    if last is not None:
        Attempt.objects.filter(pk=last.pk).update(outcome="", ended_at=None)
    heard(row, outcome, at=at)
    return row


@transaction.atomic
def give_back(*, call: UUID, agent_id: int) -> Call:
    """Somebody else may have it; doing it twice changes nothing."""
    row = held_by(call)
    if row.state == State.OFFERED and row.agent_id == agent_id:
        row.state, row.agent, row.due_at = State.DUE, None, None
        saved(row)
    return row


@transaction.atomic
def cancel(*, call: UUID, at: datetime, by: Agent | None = None) -> Call:
    """Nobody calls; where an agent (`by`) says so, the customer is told. Doing it twice changes nothing."""
    row = held_by(call)
    if row.state not in Call.ENDED:
        stop_ringing(row, at=at)
        ended(row, State.CANCELLED, at=at)
        row.agent = by  # of the log: whose doing it was
        noted(row, at=at, outcome="cancelled")
        if by is not None:
            say(row, "call_called_off", at=at)
    return row
