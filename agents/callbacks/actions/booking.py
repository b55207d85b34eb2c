"""From a wish to a call at its time: a place in a slot where agents have room, kept by the database."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction

from agents.callbacks.actions.steps import State, held_by, plan_of, rules, saved
from agents.callbacks.models import Call, CallRules, Seat
from agents.callbacks.reads.slots import free_slots, staffing_of
from agents.callbacks.rules.planning import Plan
from agents.callbacks.rules.slots import Slot, first_place, slot_start
from agents.models import Agent, Queue
from agents.queries import queue_for_inbox
from conversations.actions.calling import ask_for_a_call
from conversations.errors import CannotMove, Taken
from conversations.models import Callback, Conversation

TAKEN = "This time has just been taken. Please choose another one."


class Bookings:
    """See `conversations.calls.Line`."""

    def book(self, wish: Callback, *, exact: bool, at: datetime) -> None:
        plan_wish(wish.pk, exact=exact, at=at)
        wish.refresh_from_db(fields=["call_at"])


@transaction.atomic
def plan_wish(wish_id: int, *, exact: bool = False, at: datetime) -> bool:
    """The call of an open wish, at the time that the customer said last. Raises Taken: see `Line`."""
    found = (
        Callback.objects.select_for_update(of=("self",), no_key=True)
        .select_related("conversation")
        .filter(pk=wish_id, state=Callback.State.OPEN)
        .first()
    )
    if found is None:
        return False
    wish = found
    call = Call.objects.select_for_update().filter(wish=wish).first()
    if call is not None and call.state not in {*Call.WAITING, State.DUE}:
        if exact:
            raise CannotMove("You are being called.")
        return False
    house = rules()
    plan = plan_of(house)
    talk = wish.conversation
    zone = wish.time_zone if wish.time_zone in available_timezones() else house.time_zone
    call = call or Call(
        wish=wish,
        place_from=talk.place_from or talk.queued_at or wish.created_at,
        most_attempts=house.most_attempts,
        created_at=at,
        window_until=at,
        expires_at=at,
        due_at=at,
    )
    call.queue_id = talk.queue_id or call.queue_id
    call.time_zone = zone
    if call._state.adding:  # noqa: SLF001 -- a place in a slot is somebody's
        call.save()
    begins = plan.allowed(max(at, wish.call_at or at), zone)
    if exact and wish.call_at is not None and begins != wish.call_at:
        raise CannotMove("It is night then. Please choose another time.")
    if wish.call_at is not None:
        begins = _with_a_place(call, begins, house, plan, exact=exact, at=at)
        if begins != wish.call_at:
            wish.call_at = begins
            wish.save(update_fields=["call_at"])
    else:
        Seat.objects.filter(call=call).delete()
    call.wanted_at = wish.call_at
    call.window_until = begins + plan.window
    call.expires_at = begins + plan.expires
    call.due_at = begins if begins > at else None
    call.state = State.SCHEDULED if call.due_at else State.DUE
    saved(call)
    return True


def queue_of(call: Call) -> Queue:
    return call.queue or queue_for_inbox(call.wish.conversation.inbox_id)


def _with_a_place(
    call: Call, begins: datetime, house: CallRules, plan: Plan, *, exact: bool, at: datetime
) -> datetime:
    """The moment at which there is room: the one that was wished for, or the next one."""
    queue = queue_of(call)
    length = timedelta(minutes=house.slot_minutes)
    first = slot_start(begins, length)
    if seat(call, queue, first, house, at=at):
        return begins
    if exact:
        raise Taken(TAKEN)
    later = free_slots(queue, house, plan, zone=call.time_zone, at=max(at, first))
    for slot in later:
        if seat(call, queue, slot.starts_at, house, at=at):
            return slot.starts_at
    return begins  # nobody knows of anybody who will be there: they are called then all the same


def seat(call: Call, queue: Queue, starts: datetime, house: CallRules, *, at: datetime) -> bool:
    """Takes the lowest place that is free in a slot, and gives back the one that it had. Two at once can't have
    the same: the second one looks again."""
    length = timedelta(minutes=house.slot_minutes)
    room = staffing_of(queue, house, at=at).capacity(house, starts, starts + length)
    if Seat.objects.filter(call=call, queue=queue, starts_at=starts, number__lt=room).exists():
        return True
    others = Seat.objects.filter(queue=queue, starts_at=starts).exclude(call=call)
    for _ in range(room + 1):
        place = first_place(set(others.values_list("number", flat=True)), room)
        if place is None:
            return False
        try:
            with transaction.atomic():
                Seat.objects.update_or_create(
                    call=call,
                    defaults={
                        "queue": queue,
                        "starts_at": starts,
                        "ends_at": starts + length,
                        "number": place,
                    },
                )
        except IntegrityError:
            continue
        return True
    return False


def move(*, call: UUID, agent: Agent, starts: datetime, at: datetime) -> Call:
    """An agent gives it another time, in a slot with room. Raises Taken, CannotMove, BadWords."""
    with transaction.atomic():
        row = held_by(call)
        if row.state not in {*Call.WAITING, State.DUE}:
            raise CannotMove(f"It is {row.get_state_display().lower()}.")
        wish = row.wish
        ask_for_a_call(
            conversation_id=wish.conversation_id,
            phone=wish.phone,
            call_at=starts,
            time_zone=wish.time_zone,
            exact=True,
            agent_id=agent.pk,
            agent_name=agent.shown_name,
            at=at,
        )
        return held_by(call)


def slots_for(talk: Conversation, *, zone: str, at: datetime) -> list[Slot]:
    """The times that this customer can still choose from."""
    house = rules()
    queue = talk.queue or queue_for_inbox(talk.inbox_id)
    return free_slots(queue, house, plan_of(house), zone=zone or house.time_zone, at=at)
