"""Messages for later: kept, changed, taken back, and said once when their time has come."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from agents.actions.drafts import put_back
from agents.models import ScheduledMessage
from conversations import live, outgoing
from conversations.actions.log import hold
from conversations.actions.post import post
from conversations.drafts import Draft
from conversations.errors import BadWords, Closed, NotAllowed, NotFound, Refused
from conversations.frames import moment
from conversations.live import Push, agent_room
from conversations.models import Conversation, Message
from conversations.uploads import attachments_of
from conversations.words import clean_text

logger = logging.getLogger(__name__)

State = ScheduledMessage.State
MOST_WAITING = 100
LONGEST_AHEAD = timedelta(days=366)
_AT_ONCE = 200


class AlreadyOver(Refused):
    """It was sent, taken back, or could not be sent: nothing can be changed any more."""

    code = "already_over"


class NotSent(Refused):
    """Why a message whose time had come was not sent."""

    code = "not_sent"


class CustomerWrote(NotSent):
    code = "customer_wrote"


@dataclass(frozen=True, slots=True)
class Later:
    """What shall be said, and when."""

    client_id: uuid.UUID
    text: str
    attachments: Sequence[uuid.UUID]
    send_at: datetime
    unless_customer_writes: bool = False


@transaction.atomic
def schedule(
    later: Later, *, conversation_id: int, agent_id: int, at: datetime
) -> ScheduledMessage:
    """Keeps a message for later; the same client id again answers what was kept. Raises Refused."""
    conversation = hold(conversation_id)
    known = ScheduledMessage.objects.filter(
        conversation=conversation, client_id=later.client_id
    ).first()
    if known is not None:
        if known.agent_id != agent_id:
            raise NotAllowed("This id belongs to somebody else's message.")
        return known
    _may_speak(conversation, agent_id)
    if Message.objects.filter(conversation=conversation, client_id=later.client_id).exists():
        raise AlreadyOver("A message with this id was sent before.")
    _check_time(later.send_at, at=at)
    if ScheduledMessage.objects.filter(agent_id=agent_id, state=State.WAITING).count() >= (
        MOST_WAITING
    ):
        raise BadWords(f"At most {MOST_WAITING} of your messages can wait.")
    text, files = _words(conversation.pk, later.text, later.attachments)
    _may_be_said(conversation.pk, agent_id, text, at=at)
    scheduled = ScheduledMessage.objects.create(
        conversation=conversation,
        agent_id=agent_id,
        client_id=later.client_id,
        text=text,
        attachments=files,
        send_at=later.send_at,
        unless_customer_writes=later.unless_customer_writes,
        seen_seq=conversation.seq,
        created_at=at,
    )
    _tell(scheduled)
    return scheduled


@transaction.atomic
def change(
    key: uuid.UUID, *, agent_id: int, words: dict[str, Any], at: datetime
) -> ScheduledMessage:
    """Changes a waiting message's text, files or time. Raises AlreadyOver."""
    scheduled = _waiting(key, agent_id)
    if "send_at" in words:
        _check_time(words["send_at"], at=at)
        scheduled.send_at = words["send_at"]
    if {"text", "attachments"} & set(words):
        kept = [uuid.UUID(file["id"]) for file in scheduled.attachments]
        scheduled.text, scheduled.attachments = _words(
            scheduled.conversation_id,
            words.get("text", scheduled.text),
            words.get("attachments", kept),
        )
    if "unless_customer_writes" in words:
        scheduled.unless_customer_writes = words["unless_customer_writes"]
    scheduled.save()
    _tell(scheduled)
    return scheduled


@transaction.atomic
def cancel(key: uuid.UUID, *, agent_id: int, at: datetime) -> ScheduledMessage:
    """Takes a waiting message back: its words are the agent's draft again. Raises AlreadyOver."""
    scheduled = _waiting(key, agent_id)
    _end(scheduled, State.CANCELLED, at=at)
    return scheduled


def send_now(key: uuid.UUID, *, agent_id: int, at: datetime) -> ScheduledMessage:
    """Does not wait any longer."""
    with transaction.atomic():
        scheduled = _waiting(key, agent_id)
        scheduled.send_at = min(scheduled.send_at, at)
        scheduled.save(update_fields=["send_at"])
    _send(scheduled.pk, at=at)
    scheduled.refresh_from_db()
    return scheduled


def send_due(*, at: datetime) -> int:
    """Says everything whose time has come; answers how many messages were looked at.

    Whatever dies in between: a message and its being marked as sent are one transaction.
    """
    due = ScheduledMessage.objects.filter(state=State.WAITING, send_at__lte=at).order_by("send_at")
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:_AT_ONCE]):
        try:
            done += _send(pk, at=at)
        except Exception:
            logger.exception("A message for later failed", extra={"scheduled": pk})
    return done


def next_due() -> datetime | None:
    """When the next message wants to be said."""
    return (
        ScheduledMessage.objects.filter(state=State.WAITING)
        .order_by("send_at")
        .values_list("send_at", flat=True)
        .first()
    )


@transaction.atomic
def _send(pk: int, *, at: datetime) -> bool:
    scheduled = (
        ScheduledMessage.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("agent")
        .filter(pk=pk, state=State.WAITING, send_at__lte=at)
        .first()
    )
    if scheduled is None:
        return False
    try:
        _say(scheduled, at=at)
    except Refused as refusal:
        _end(scheduled, State.FAILED, at=at, refusal=refusal)
    else:
        _end(scheduled, State.SENT, at=at)
    return True


def _say(scheduled: ScheduledMessage, *, at: datetime) -> None:
    """Posts it, unless that is no longer right; raises Refused."""
    conversation = hold(scheduled.conversation_id)
    if not scheduled.agent.is_active:
        raise NotAllowed("Your account was switched off.")
    _may_speak(conversation, scheduled.agent_id)
    if scheduled.unless_customer_writes and _customer_wrote(scheduled):
        raise CustomerWrote("The customer wrote in the meantime.")
    post(
        Draft(
            conversation_id=conversation.pk,
            client_id=scheduled.client_id,
            author_kind="agent",
            author_name=scheduled.agent.shown_name,
            agent_id=scheduled.agent_id,
            text=scheduled.text,
            attachments=scheduled.attachments,
            at=at,
        )
    )


def _customer_wrote(scheduled: ScheduledMessage) -> bool:
    return Message.objects.filter(
        conversation_id=scheduled.conversation_id,
        author_kind=Message.Author.CUSTOMER,
        seq__gt=scheduled.seen_seq,
    ).exists()


def _may_speak(conversation: Conversation, agent_id: int) -> None:
    if not conversation.is_open:
        raise Closed("This conversation is closed.")
    if conversation.assignee_id != agent_id:
        raise NotAllowed("Somebody else has this conversation.")


def _may_be_said(conversation_id: int, agent_id: int, text: str, *, at: datetime) -> None:
    """What a rule of the house holds back is not kept for later either. Raises Sensitive."""
    draft = Draft(conversation_id, "agent", text, at, agent_id=agent_id)
    for refusal in outgoing.look([draft]).held_back.values():
        raise refusal.error()


def _check_time(send_at: datetime, *, at: datetime) -> None:
    if not at < send_at <= at + LONGEST_AHEAD:
        raise BadWords("Send it at a time that is still to come, within a year.")


def _words(
    conversation_id: int, text: str, attachments: Sequence[uuid.UUID]
) -> tuple[str, list[dict[str, Any]]]:
    text, files = clean_text(text), attachments_of(conversation_id, attachments)
    if not text and not files:
        raise BadWords("A message has a text or a file.")
    return text, files


def _waiting(key: uuid.UUID, agent_id: int) -> ScheduledMessage:
    """The agent's own message, held, if it is still to come."""
    scheduled = (
        ScheduledMessage.objects.select_for_update(of=("self",))
        .filter(uuid=key, agent_id=agent_id)
        .first()
    )
    if scheduled is None:
        raise NotFound("There is no such message.")
    if scheduled.state != State.WAITING:
        raise AlreadyOver(f"This message is {scheduled.get_state_display().lower()} already.")
    return scheduled


def _end(
    scheduled: ScheduledMessage, state: str, *, at: datetime, refusal: Refused | None = None
) -> None:
    scheduled.state, scheduled.ended_at = state, at
    if refusal is not None:
        scheduled.reason, scheduled.detail = refusal.code, refusal.detail[:200]
    scheduled.save(update_fields=["state", "ended_at", "reason", "detail"])
    if state != State.SENT:
        put_back(
            conversation_id=scheduled.conversation_id,
            agent_id=scheduled.agent_id,
            text=scheduled.text,
            files=scheduled.attachments,
            at=at,
        )
    _tell(scheduled)


def scheduled_frame(scheduled: ScheduledMessage) -> dict[str, Any]:
    return {
        "type": "scheduled",
        "id": str(scheduled.uuid),
        "client_id": str(scheduled.client_id),
        "conversation": str(scheduled.conversation.uuid),
        "agent": {"id": str(scheduled.agent.uuid), "name": scheduled.agent.shown_name},
        "text": scheduled.text,
        "attachments": scheduled.attachments,
        "send_at": moment(scheduled.send_at),
        "unless_customer_writes": scheduled.unless_customer_writes,
        "state": scheduled.state,
        "reason": scheduled.reason,
        "detail": scheduled.detail,
        "created_at": moment(scheduled.created_at),
        "ended_at": moment(scheduled.ended_at),
    }


def _tell(scheduled: ScheduledMessage) -> None:
    """All consoles of its author."""
    frame = scheduled_frame(scheduled)
    live.announce_on_commit([Push((agent_room(scheduled.agent_id),), frame)])
