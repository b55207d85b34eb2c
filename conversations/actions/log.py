"""Adds lines to a conversation's log, and moves the conversation, under its row lock."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef

from conversations import events, live
from conversations.errors import Merged, NotFound
from conversations.frames import agent_event, conversation_card, customer_state
from conversations.lifecycle import BOT, CLOSED, check_move
from conversations.live import (
    Push,
    agent_room,
    customer_room,
    oversight_room,
    queue_room,
    thread_room,
)
from conversations.models import Conversation, Event, Participant
from conversations.trace import trace

_COUNT_ONE = """
UPDATE conversations_conversation SET "offset" = "offset" + 1 WHERE id = %s
RETURNING "offset", seq
"""


def hold(conversation_id: int) -> Conversation:
    """The conversation, locked until the end of the transaction."""
    assert connection.in_atomic_block, "hold() needs a transaction"
    conversation = (
        Conversation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("inbox", "customer")
        .annotate(followers=ArraySubquery(_FOLLOWERS))
        .filter(pk=conversation_id)
        .first()
    )
    if conversation is None:
        raise NotFound("There is no such conversation.")
    return conversation


_FOLLOWERS = Participant.objects.filter(conversation=OuterRef("pk")).order_by().values("agent")


def append(
    conversation: Conversation,
    kind: str,
    *,
    at: datetime,
    actor: str = "system",
    agent_id: int | None = None,
    agent_name: str = "",
    quiet: bool = False,
    **data: Any,
) -> Event:
    """One more line in the log of a held conversation; its agents are told after the commit, of a
    `quiet` one only the supervisors among them."""
    with connection.cursor() as cursor:
        # Counted by the database: messages posted in this transaction have moved it too.
        cursor.execute(_COUNT_ONE, [conversation.pk])
        conversation.offset, conversation.seq = cursor.fetchone()
    event = Event.objects.create(
        conversation=conversation,
        offset=conversation.offset,
        kind=kind,
        actor_kind=actor,
        agent_id=agent_id,
        data=_plain(data),
        trace=trace.get(),
        created_at=at,
    )
    # Who does not hear a quiet line sees its place in the count, empty, with the next one.
    rooms = [(oversight_room if quiet else thread_room)(conversation.pk)]
    if conversation.assignee_id and not quiet:
        rooms.append(agent_room(conversation.assignee_id))
    live.announce_on_commit(
        [
            Push(
                tuple(rooms),
                agent_event(
                    event, conversation=conversation.uuid, actor=agent_name or _name_of(event)
                ),
                event.offset,
                conversation.pk,
            )
        ]
    )
    return event


def move(conversation: Conversation, state: str, *, at: datetime, **fields: Any) -> None:
    """Changes who has a held conversation; raises CannotMove or Merged. Everybody sees it after the commit.

    The `fields` are set in the same breath, since constraints tie them to the state.
    """
    if conversation.merged_into_id:
        raise Merged("This conversation goes on in another one.")
    check_move(conversation.state, state)
    agents, queues = {conversation.assignee_id}, {conversation.queue_id}
    was = conversation.state
    conversation.state = state
    for name, value in fields.items():
        setattr(conversation, name, value)
    agents.add(conversation.assignee_id)
    queues.add(conversation.queue_id)
    if state not in CLOSED:
        conversation.resolved_at = None
    elif was not in CLOSED:
        conversation.resolved_at = at
    if state != Conversation.State.SNOOZED:
        conversation.snoozed_until = None
    names = {name.removesuffix("_id") for name in fields} | {
        "state",
        "resolved_at",
        "snoozed_until",
    }
    if state == BOT or state in CLOSED:
        names |= _owed_no_more(conversation)
    conversation.save(update_fields=names)
    tell(conversation, agents=agents, queues=queues)
    events.publish(events.conversation_moved, conversation_id=conversation.pk, state=state, was=was)


def _owed_no_more(conversation: Conversation) -> set[str]:
    """No person owes an answer, and no place in line is kept; answers which fields are to be saved."""
    conversation.answer_from = conversation.answer_by = conversation.alert_at = None
    conversation.place_from = None
    return {"answer_from", "answer_by", "alert_at", "place_from"}


def tell(
    conversation: Conversation,
    *,
    agents: set[int | None] | None = None,
    queues: set[int | None] | None = None,
) -> None:
    """Shows the conversation as it is now to its customer and to all agents it concerns."""
    rooms = [thread_room(conversation.pk), live.EVERYTHING_ROOM]
    # Who takes part is known of a conversation out of `hold`.
    concerned = {conversation.assignee_id, *vars(conversation).get("followers", ())}
    rooms += [agent_room(a) for a in concerned | (agents or set()) if a]
    rooms += [queue_room(q) for q in {conversation.queue_id, *(queues or set())} if q]
    live.announce_on_commit(
        [
            Push((customer_room(conversation.pk),), customer_state(conversation)),
            Push(tuple(rooms), conversation_card(conversation)),
            Push((live.QUEUES_ROOM,), {"queues": [q for q in queues or set() if q]}),
            *([live.look_again(conversation.pk)] if len(queues or ()) > 1 else []),
        ]
    )


def _name_of(event: Event) -> str:
    return event.agent.shown_name if event.agent else ""


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {k: str(v) if isinstance(v, uuid.UUID) else v for k, v in data.items()}
