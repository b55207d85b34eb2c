"""A customer's data is given out, or erased for good: in all tables, and on the disk."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from agents.models import DataRequest
from agents.reads.books import books_found, make_anonymous, secrets
from agents.reads.customer_data import Found, files_of, found_of, label_of, told
from bots.actions.forgetting import forget, learnt_from
from conversations import events, live
from conversations.actions.log import append, hold, move
from conversations.errors import NotFound
from conversations.frames import moment
from conversations.lifecycle import ENDED, RESOLVED
from conversations.live import Push, customer_room
from conversations.models import Conversation, Customer, Session
from conversations.people import desk

logger = logging.getLogger(__name__)

ERASED = "(erased)"


@transaction.atomic
def export(
    *, customer: UUID, agent_id: int | None, reason: str, at: datetime
) -> tuple[DataRequest, dict[str, Any]]:
    """{"customer", "made_at", "tables": {name: [row]}, "files": [{"id", "name", …}]}; that it was given
    out is on record. Raises NotFound."""
    held = Customer.objects.filter(uuid=customer).first()
    if held is None:
        raise NotFound("There is no such customer.")
    found = found_of(held.pk) | books_found(held.pk)
    files = files_of(found)
    request = DataRequest.objects.create(
        kind=DataRequest.Kind.EXPORT,
        customer=customer,
        asked_by_id=agent_id,
        reason=reason,
        at=at,
        rows=_counts(found),
        file_count=len(files),
    )
    return request, {
        "customer": str(customer),
        "made_at": moment(at),
        "tables": told(found, without=secrets()),
        "files": [
            {"id": str(one.uuid), "name": one.name, "path": f"files/{one.uuid}", "size": one.size}
            for one in files
        ],
    }


def erase(*, customer: UUID, agent_id: int | None, reason: str, at: datetime) -> DataRequest:
    """Everything of a customer is gone; answers the certificate. Said again of somebody who was erased it
    answers the same one, and takes away files that were left. Raises NotFound.

    What is open with them ends first, as a conversation does, so that whoever had it is free. Their
    pages and the consoles that show them close. Rows go in one transaction, files after it. In the books of a
    business they are made anonymous.
    """
    request = _erase_rows(customer, agent_id=agent_id, reason=reason, at=at)
    take_files_away(request)
    return request


@transaction.atomic
def _erase_rows(customer: UUID, *, agent_id: int | None, reason: str, at: datetime) -> DataRequest:
    held = Customer.objects.select_for_update().filter(uuid=customer).first()
    if held is None:
        known = DataRequest.objects.filter(customer=customer, kind="erase").first()
        if known is None:
            raise NotFound("There is no such customer.")
        return known
    Session.objects.filter(customer=held, revoked_at=None).update(revoked_at=at)
    keys = held.conversations.order_by("pk").values_list("pk", flat=True)
    talks = [_end(hold(pk), agent_id=agent_id, at=at) for pk in keys]
    found = found_of(held.pk)
    learnt = learnt_from([talk.pk for talk in talks])
    files = files_of(found)
    books = books_found(held.pk)
    make_anonymous(held.pk)
    _, gone = held.delete()
    wording = forget(learnt)
    _from_the_log_of_changes(found | books)
    live.announce_on_commit([push for talk in talks for push in _farewell(talk)])
    return DataRequest.objects.create(
        kind=DataRequest.Kind.ERASE,
        customer=customer,
        asked_by_id=agent_id,
        reason=reason,
        at=at,
        rows=dict(sorted((gone | _counts(books)).items())),
        file_count=len(files),
        files=[one.file for one in files],
        wording=[str(one) for one in wording],
    )


def _end(talk: Conversation, *, agent_id: int | None, at: datetime) -> Conversation:
    """Resolved, as if its customer had been blocked; whoever had it hears so and is free."""
    if talk.state in ENDED:
        return talk
    assignee = talk.assignee_id
    desk().leave(talk, at=at, for_good=True)
    actor = "agent" if agent_id else "system"
    append(talk, "resolved", at=at, actor=actor, agent_id=agent_id, by=actor, disposition="")
    move(
        talk,
        RESOLVED,
        at=at,
        due_at=None,
        waiting_since=None,
        queued_at=None,
        bot_run=talk.bot_run + 1,
    )
    events.publish(events.conversation_resolved, conversation_id=talk.pk, agent_id=assignee)
    return talk


def _farewell(talk: Conversation) -> list[Push]:
    """The customer's page connects again and is a stranger's; consoles close what is no more."""
    again = Push((customer_room(talk.pk),), {"type": "pong", "seq": 0}, None, talk.pk)
    return [again, live.look_again(talk.pk)]


def _from_the_log_of_changes(found: Found) -> None:
    """Who changed what and when stays; a name or words of the customer do not."""
    for model, keys in found.items():
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=[str(key) for key in keys],
        )
        entries.update(object_repr=ERASED, change_message="")


def take_files_away(request: DataRequest) -> None:
    """What still lies on the disk. A file that is not there is gone; one that cannot be deleted is tried
    again with the next call."""
    left = [path for path in request.files if not _is_gone(path)]
    if left != request.files:
        request.files = left
        request.save(update_fields=["files"])


def take_left_files_away() -> int:
    """Of erasures whose process died before the disk was clean; answers how many there were."""
    rows = DataRequest.objects.exclude(files=[])
    for row in rows:
        take_files_away(row)
    return len(rows)


def _is_gone(path: str) -> bool:
    try:
        (settings.MEDIA_ROOT / path).unlink(missing_ok=True)
    except OSError as error:
        logger.warning("A file of an erased customer stays", extra={"error": type(error).__name__})
        return False
    return True


def _counts(found: Found) -> dict[str, int]:
    return {label_of(model): len(keys) for model, keys in sorted(found.items(), key=_by_label)}


def _by_label(one: tuple[Any, Any]) -> str:
    return label_of(one[0])
