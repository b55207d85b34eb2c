"""What all steps of a call share: holding it, saving it so that everybody sees, and its end."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from agents.actions.assign import claim
from agents.callbacks.dialling import provider
from agents.callbacks.models import Attempt, Call, CallRules, Seat
from agents.callbacks.rules.planning import RETRIES, Plan
from conversations import live
from conversations.actions import post
from conversations.actions.log import append, hold
from conversations.errors import NotFound, Refused
from conversations.lifecycle import WAITING
from conversations.live import Push, agent_room, queue_room
from conversations.models import Callback, Conversation
from conversations.phrases import phrase

LOOK_AFTER = timedelta(minutes=30)  # whether somebody is still talking
State = Call.State


def rules() -> CallRules:
    return CallRules.objects.filter(pk=1).first() or CallRules(pk=1)


def plan_of(row: CallRules) -> Plan:
    row.clean_fields(exclude={"retry_minutes", "time_zone"})  # times from defaults are texts
    return Plan(
        row.quiet_from,
        row.quiet_until,
        timedelta(minutes=row.window_minutes),
        timedelta(hours=row.expires_hours),
        tuple(row.retry_minutes) or RETRIES,
    )


def held(call_id: int) -> Call | None:
    """Its conversation first, as everybody locks in that order; None: there is none."""
    talk = Call.objects.filter(pk=call_id).values_list("wish__conversation_id", flat=True).first()
    if talk is None:
        return None
    Conversation.objects.select_for_update(of=("self",), no_key=True).get(pk=talk)
    return locked().filter(pk=call_id).first()


def held_by(key: UUID) -> Call:
    """Raises NotFound."""
    pk = Call.objects.filter(uuid=key).values_list("pk", flat=True).first()
    found = held(pk) if pk is not None else None
    if found is None:
        raise NotFound("There is no such call.")
    return found


def locked() -> QuerySet[Call]:
    return Call.objects.select_for_update(of=("self",)).select_related(
        "wish__conversation", "agent"
    )


def saved(call: Call) -> None:
    """Kept; and whoever has the line of calls before them hears that it changed, not how: each console reads
    what its agent may see."""
    if call.state != State.DUE:
        call.answers, call.reasons = None, []  # said of another moment
    call.save()
    talk = call.wish.conversation
    agents = {call.agent_id, talk.assignee_id}
    rooms = [live.EVERYTHING_ROOM, *(agent_room(one) for one in agents if one)]
    rooms += [queue_room(one) for one in {call.queue_id, talk.queue_id} if one]
    frame = {
        "type": "call",
        "call": str(call.uuid),
        "conversation": str(talk.uuid),
        "state": call.state,
    }
    live.announce_on_commit([Push(tuple(rooms), frame)])  # fmt: skip


def heard(call: Call, outcome: str, *, at: datetime) -> None:
    """The attempt is over: they talk, or it is tried again, or not any more."""
    Attempt.objects.filter(call=call, outcome="").update(outcome=outcome, ended_at=at)
    noted(call, at=at, outcome=outcome)
    call.dialled = ""
    Seat.objects.filter(call=call).delete()
    if outcome == Attempt.Outcome.REACHED:
        call.state, call.due_at = State.REACHED, at + LOOK_AFTER
        saved(call)
        _leaves_the_queue(call, at=at)
        return
    again = plan_of(rules()).again(at, attempts=call.attempts, zone=call.time_zone)
    given_up = outcome == Attempt.Outcome.WRONG_NUMBER or call.attempts >= call.most_attempts
    if given_up or again >= call.expires_at:
        expired(call, at=at)
        return
    machine = outcome == Attempt.Outcome.VOICEMAIL
    call.state = State.VOICEMAIL if machine else State.NO_ANSWER
    call.agent, call.due_at = None, again
    saved(call)


def _leaves_the_queue(call: Call, *, at: datetime) -> None:
    """Who is being talked to by telephone waits for nobody else: their chat is their caller's."""
    talk = call.wish.conversation
    if call.agent_id is None or talk.state not in WAITING:
        return
    try:
        claim(conversation_id=talk.pk, agent_id=call.agent_id, at=at)
    except Refused:  # their hands are full: it waits on, and whoever takes it sees that they talked
        return


def expired(call: Call, *, at: datetime) -> None:
    ended(call, State.EXPIRED, at=at)
    say(call, "call_missed", at=at)


def say(call: Call, sentence: str, *, at: datetime) -> None:
    """The house tells the customer what became of their call."""
    talk = call.wish.conversation
    if not talk.merged_into_id:
        words = phrase(sentence, talk.language, phone=call.wish.phone)
        post.say(talk, words, at=at)


def stop_ringing(call: Call, *, at: datetime) -> None:
    if call.dialled:
        provider().hang_up(call.dialled)
    Attempt.objects.filter(call=call, outcome="").update(
        outcome=Attempt.Outcome.NO_ANSWER, ended_at=at
    )


def ended(call: Call, state: State, *, at: datetime) -> None:
    """Over; its place in a slot is free again."""
    call.state, call.due_at, call.ended_at, call.dialled = state, None, at, ""
    saved(call)
    Seat.objects.filter(call=call).delete()
    kept = Callback.State.DONE if state == State.DONE else Callback.State.DROPPED
    Callback.objects.filter(pk=call.wish_id, state=Callback.State.OPEN).update(state=kept)


def noted(call: Call, *, at: datetime, outcome: str) -> None:
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
