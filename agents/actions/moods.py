"""A customer's last messages read as unhappy ones: supervisors are told, and the place in line moves a little."""

from datetime import datetime, timedelta

from django.db import transaction

from agents.actions.notify import notify
from agents.actions.queueing import keep_place, rules_of
from agents.actions.sla import supervisors_of
from agents.models import Notification
from agents.models.attention import Kind
from agents.queries import queue_for_inbox
from agents.reads.policies import PolicyBook
from conversations.actions.log import append, hold
from conversations.lifecycle import CLOSED
from conversations.models import Conversation, Event


@transaction.atomic
def heard_unhappy(*, conversation_id: int, offset: int, at: datetime) -> bool:
    """`offset`: the line of the log that says so; saying it twice tells nobody twice.

    An estimate, shown as a chance: nobody's work is judged by it, and it moves nobody past a whole level
    of priority.
    """
    talk = hold(conversation_id)
    line = Event.objects.filter(conversation=talk, offset=offset, kind="mood").first()
    told = Notification.objects.filter(conversation=talk, kind=Kind.MOOD, data__offset=offset)
    if line is None or talk.state in CLOSED or told.exists():
        return False
    _tell(talk, line, at=at)
    _come_forward(talk, at=at)
    return True


def _tell(talk: Conversation, line: Event, *, at: datetime) -> None:
    queue = talk.queue or queue_for_inbox(talk.inbox_id)
    data = {
        "offset": line.offset,
        "chance": line.data["chance"],
        "messages": line.data["messages"],
        "score": line.data["score"],
        "queue": queue.name,
        "agent": talk.assignee.shown_name if talk.assignee else "",
    }
    told = [one for one in supervisors_of(queue) if one is not None]
    notify(agent_ids=told, kind=Kind.MOOD, conversation=talk, data=data, at=at)


def _come_forward(talk: Conversation, *, at: datetime) -> None:
    """Once for each wait, by the minutes of the rule; said in the log with its reason."""
    if not talk.is_waiting or talk.queued_at is None:
        return
    minutes = rules_of(talk, talk.queue, PolicyBook.load()).mood_minutes
    moved = Event.objects.filter(
        conversation=talk, kind="moved_up", created_at__gte=talk.queued_at
    ).exists()
    if not minutes or moved:
        return
    place = (talk.place_from or talk.queued_at) - timedelta(minutes=minutes)
    keep_place(talk, place, at=at)
    append(talk, "moved_up", at=at, seconds=minutes * 60, why="mood")
