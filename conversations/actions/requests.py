"""The things that a customer wants of us in one conversation, one by one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from conversations.actions.log import append, hold
from conversations.errors import BadWords, NotFound
from conversations.models import Conversation, Request

_MOST = 50


@transaction.atomic
def open_request(
    *, conversation_id: int, title: str, topic: str, agent_id: int, at: datetime
) -> Request:
    """One more; it begins at the line of the log that says so."""
    conversation = hold(conversation_id)
    if conversation.requests.count() >= _MOST:
        raise BadWords(f"A conversation holds at most {_MOST} requests.")
    request = Request(
        conversation=conversation, title=title, topic=topic, opened_by_id=agent_id, opened_at=at
    )
    request.opened_offset = _log(conversation, "request_opened", request, agent_id, at)
    request.save()
    return request


@transaction.atomic
def finish_request(
    *, conversation_id: int, key: UUID, disposition: str, agent_id: int, at: datetime
) -> Request:
    """Done. Saying so twice changes nothing."""
    conversation = hold(conversation_id)
    request = _of(conversation, key)
    if request.state == Request.State.OPEN:
        request.state = Request.State.DONE
        request.disposition = disposition
        request.done_at, request.done_by_id = at, agent_id
        request.save()
        _log(conversation, "request_done", request, agent_id, at)
    return request


@transaction.atomic
def reopen_request(*, conversation_id: int, key: UUID, agent_id: int, at: datetime) -> Request:
    """Not done after all. Saying so twice changes nothing."""
    conversation = hold(conversation_id)
    request = _of(conversation, key)
    if request.state == Request.State.DONE:
        request.state = Request.State.OPEN
        request.disposition = ""
        request.done_at = request.done_by_id = None
        request.save()
        _log(conversation, "request_reopened", request, agent_id, at)
    return request


@transaction.atomic
def edit_request(
    *,
    conversation_id: int,
    key: UUID,
    title: str | None,
    topic: str | None,
    agent_id: int,
    at: datetime,
) -> Request:
    """Another title or topic; what is None stays."""
    conversation = hold(conversation_id)
    request = _of(conversation, key)
    before = (request.title, request.topic)
    request.title = title or request.title
    request.topic = request.topic if topic is None else topic
    if before != (request.title, request.topic):
        request.save(update_fields=["title", "topic"])
        _log(conversation, "request_edited", request, agent_id, at)
    return request


def _of(conversation: Conversation, key: UUID) -> Request:
    request = conversation.requests.filter(uuid=key).first()
    if request is None:
        raise NotFound("There is no such request.")
    return request


def _log(
    conversation: Conversation, kind: str, request: Request, agent_id: int, at: datetime
) -> int:
    return append(
        conversation,
        kind,
        at=at,
        actor="agent",
        agent_id=agent_id,
        request=request.uuid,
        title=request.title,
        topic=request.topic,
        disposition=request.disposition,
    ).offset
