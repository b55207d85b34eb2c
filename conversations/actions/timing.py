"""Time spent on a case: one running timer for each agent, or written down afterwards."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from conversations.actions.log import append, hold
from conversations.errors import Taken
from conversations.models import Conversation, TimeEntry

MOST_SECONDS = 604_800  # a week: whoever forgot to stop did not work longer


@transaction.atomic
def start_timer(*, conversation_id: int, agent_id: int, at: datetime) -> TimeEntry:
    """Runs from now on; one that runs elsewhere stops. Starting twice changes nothing."""
    conversation = hold(conversation_id)
    running = _running(agent_id)
    if running and running.conversation_id == conversation.pk:
        return running
    if running:
        _stop(hold(running.conversation_id), running, note="", at=at)
    try:
        with transaction.atomic():
            return TimeEntry.objects.create(
                conversation=conversation, agent_id=agent_id, started_at=at
            )
    except IntegrityError as error:  # two tabs at once
        raise Taken("Another timer of yours has just been started.") from error


@transaction.atomic
def stop_timer(
    *, agent_id: int, note: str, at: datetime, conversation_id: int | None = None
) -> TimeEntry | None:
    """Stops the agent's timer; None if none was running (there)."""
    running = _running(agent_id)
    if running is None or conversation_id not in (None, running.conversation_id):
        return None
    return _stop(hold(running.conversation_id), running, note=note, at=at)


@transaction.atomic
def write_down(
    *, conversation_id: int, seconds: int, note: str, agent_id: int, at: datetime
) -> TimeEntry:
    """Time that no timer has measured, until now."""
    conversation = hold(conversation_id)
    entry = TimeEntry.objects.create(
        conversation=conversation,
        agent_id=agent_id,
        note=note,
        started_at=at - timedelta(seconds=seconds),
        ended_at=at,
        seconds=seconds,
    )
    _log(conversation, entry, at)
    return entry


def _running(agent_id: int) -> TimeEntry | None:
    return TimeEntry.objects.select_for_update().filter(agent_id=agent_id, ended_at=None).first()


def _stop(conversation: Conversation, entry: TimeEntry, *, note: str, at: datetime) -> TimeEntry:
    entry.ended_at = max(at, entry.started_at)
    seconds = round((entry.ended_at - entry.started_at).total_seconds())
    entry.seconds = min(seconds, MOST_SECONDS)
    entry.note = note
    entry.save(update_fields=["ended_at", "seconds", "note"])
    _log(conversation, entry, at)
    return entry


def _log(conversation: Conversation, entry: TimeEntry, at: datetime) -> None:
    append(
        conversation,
        "time",
        at=at,
        actor="agent",
        agent_id=entry.agent_id,
        seconds=entry.seconds,
        note=entry.note,
    )
