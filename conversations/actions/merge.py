"""Two conversations of one customer become one."""

from datetime import datetime
from typing import Any

from django.db import transaction

from conversations import events, live
from conversations.actions.copying import copy_messages
from conversations.actions.customer import plain_summary
from conversations.actions.log import append, hold, move, tell
from conversations.actions.post import BOT_OWES_WITHIN
from conversations.errors import CannotMerge
from conversations.lifecycle import BOT, CLOSED, ENDED, RESOLVED
from conversations.live import Push, customer_room
from conversations.models import Conversation, Message, Participant, Session
from conversations.people import desk

_LABELS = 20


def held_pair(source_id: int, target_id: int) -> tuple[Conversation, Conversation]:
    """Both, locked in id order as the write path does it. Raises CannotMerge."""
    if source_id == target_id:
        raise CannotMerge("A conversation can't be merged into itself.")
    held = {pk: hold(pk) for pk in sorted((source_id, target_id))}
    return held[source_id], held[target_id]


def check_merge(source: Conversation, target: Conversation) -> None:
    """Raises CannotMerge. The database refuses the same, whoever asks."""
    if source.merged_into_id or target.merged_into_id:
        raise CannotMerge("One of them was merged already.")
    if source.customer_id != target.customer_id:
        raise CannotMerge("These are two different customers.")
    if source.inbox.kind != target.inbox.kind:
        raise CannotMerge("They came in by different kinds of inboxes.")
    if target.state in CLOSED:
        raise CannotMerge("Merge into a conversation that is still open.")


@transaction.atomic
def merge(*, source_id: int, target_id: int, agent_id: int, at: datetime) -> int:
    """What was said in the source goes on in the target; answers how many messages came along.

    The source ends. Its customer's pages connect again and are in the target, with everything that
    was acknowledged; what they send again under the same id is recognised there.
    """
    source, target = held_pair(source_id, target_id)
    check_merge(source, target)
    # Before anything else is said, so that no page shows an end that is none.
    live.announce_on_commit([Push((customer_room(source.pk),), {"type": "moved"}, None, target.pk)])
    waiting_since = source.waiting_since
    _end(source, target, agent_id=agent_id, at=at)
    said = list(
        Message.objects.filter(conversation=source).exclude(author_kind="system").order_by("offset")
    )
    origin: dict[str, Any] = {"from": source.uuid}
    append(
        target,
        "merged",
        at=at,
        actor="agent",
        agent_id=agent_id,
        **origin,
        summary=plain_summary(source.pk),
        messages=len(said),
    )
    count = copy_messages(said, source, target, at=at)
    _take_over(source, target)
    _wait_together(target, waiting_since, at=at)
    tell(target)
    return count


def _end(source: Conversation, target: Conversation, *, agent_id: int, at: datetime) -> None:
    append(source, "merged_into", at=at, actor="agent", agent_id=agent_id, into=target.uuid)
    if source.state not in ENDED:
        desk().leave(source, at=at, for_good=True)
        move(
            source,
            RESOLVED,
            at=at,
            due_at=None,
            waiting_since=None,
            queued_at=None,
            bot_run=source.bot_run + 1,
        )
    source.merged_into_id = target.uuid
    source.save(update_fields=["merged_into"])
    tell(source)


def _take_over(source: Conversation, target: Conversation) -> None:
    """Whatever hangs on the source hangs on the target from now on."""
    Session.objects.filter(conversation=source).update(conversation=target)
    source.uploads.update(conversation=target)
    source.requests.update(conversation=target, opened_offset=target.offset)
    source.checklist.update(conversation=target)
    Participant.objects.filter(
        conversation=source, agent__in=target.participants.values("agent")
    ).delete()
    source.participants.update(conversation=target)
    target.labels = list(dict.fromkeys([*target.labels, *source.labels]))[:_LABELS]
    target.attributes = {**source.attributes, **target.attributes}
    target.save(update_fields=["labels", "attributes"])


def _wait_together(target: Conversation, since: datetime | None, *, at: datetime) -> None:
    """Who waited in the source has waited since then in the target too."""
    if since is None:
        return
    target.waiting_since = min(since, target.waiting_since or since)
    fields = ["waiting_since"]
    if target.state == BOT:
        target.due_at = target.due_at or at + BOT_OWES_WITHIN
        fields.append("due_at")
        events.publish(events.bot_needed, conversation_id=target.pk)
    target.save(update_fields=fields)
