"""What has just happened, and whom it concerns: notes that name somebody, news, moves, offers."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from agents.actions.nobody import heard
from agents.actions.noted import numbers, participants, read_note, whispered, who_take_part
from agents.actions.notify import Telling, notify, notify_all
from agents.models import Assignment, Notification
from agents.models.attention import Kind
from conversations.lifecycle import ENDED, SNOOZED
from conversations.models import Conversation, Event, Message
from conversations.words import preview_of

logger = logging.getLogger(__name__)

Fact = dict[str, Any]
_TAKEN_BY_THEMSELVES = frozenset({"claimed", "accepted", "reopened", "split", "took_over"})


def attend(facts: Sequence[Fact], *, at: datetime) -> None:
    """Tells whoever should know; of several messages in one conversation the newest counts.

    Each note, move and offer stands alone: one that fails is logged and keeps no other from being
    told. What customers wrote is told together.
    """
    for tell in _tellings(facts, at=at):
        _each_alone(tell)


def _each_alone(tell: Callable[[], object]) -> None:
    try:
        tell()
    except Exception:
        logger.exception("Somebody was not told")


def _tellings(facts: Sequence[Fact], *, at: datetime) -> Iterator[Callable[[], object]]:
    messages = Message.objects.select_related("conversation__customer", "agent").in_bulk(
        [fact["message"] for fact in facts if "message" in fact]
    )
    newest: dict[int, Message] = {}
    for _, message in sorted(messages.items()):
        if message.whispered_to_id:
            yield partial(whispered, message, at=at)  # it names nobody but whom it is for
            continue
        if message.note:
            yield partial(read_note, message, at=at)
        elif message.author_kind == Message.Author.CUSTOMER:
            newest[message.conversation_id] = message
    yield partial(_customers_wrote, list(newest.values()), at=at)
    talks = Conversation.objects.select_related("customer").in_bulk(
        [fact["conversation"] for fact in facts if "conversation" in fact]
    )
    for fact in facts:
        talk = talks.get(fact.get("conversation", 0))
        if talk and "state" in fact:
            yield partial(_moved, talk, fact["state"], fact["was"], at=at)
        elif talk and "offered_to" in fact:
            yield partial(_offered, talk, fact["offered_to"], at=at)


def _offered(conversation: Conversation, agent_id: int, *, at: datetime) -> None:
    notify(agent_ids=[agent_id], kind=Kind.OFFER, conversation=conversation, data={}, at=at)


# --- messages and moves ---


def _customers_wrote(newest: Sequence[Message], *, at: datetime) -> None:
    """The newest message of each conversation; together, for on a busy day these are many."""
    for message in newest:
        talk = message.conversation
        if talk.told_nobody and talk.is_waiting:
            _each_alone(partial(heard, conversation_id=talk.pk, text=message.text, at=at))
    unseen = [one for one in newest if one.seq and one.conversation.agent_read_seq < one.seq]
    others = participants([one.conversation_id for one in unseen])
    notify_all(
        (
            telling
            for message in unseen
            for telling in _news(message, others.get(message.conversation_id, set()))
        ),
        at=at,
    )


def _news(message: Message, others: set[int]) -> Iterator[Telling]:
    """To whoever holds the conversation, and to whoever else takes part in it."""
    talk = message.conversation
    data = {"text": preview_of(message.text), "seq": message.seq, "offset": message.offset}
    holder = set() if talk.state in ENDED else numbers([talk.assignee_id])
    yield Telling(holder, Kind.NEW_MESSAGE, talk, data)
    yield Telling(others - holder, Kind.PARTICIPATING, talk, data)


def _moved(conversation: Conversation, state: str, was: str, *, at: datetime) -> None:
    if was in ENDED and state not in ENDED:
        _reopened(conversation, at=at)
    if state == "assigned" and conversation.assignee_id:
        if was == SNOOZED:
            _woken(conversation, conversation.assignee_id, at=at)
        _assigned(conversation, conversation.assignee_id, at=at)


def _woken(conversation: Conversation, agent_id: int, *, at: datetime) -> None:
    """Its time came. Of a customer who wrote the agent hears by what was written."""
    line = Event.objects.filter(conversation=conversation, kind="woken").order_by("-offset").first()
    if line and line.actor_kind == "system":
        data = {"by": "clock", "offset": line.offset}
        notify(
            agent_ids=[agent_id], kind=Kind.REOPENED, conversation=conversation, data=data, at=at
        )


def _reopened(conversation: Conversation, *, at: datetime) -> None:
    line = (
        Event.objects.filter(conversation=conversation, kind="reopened").order_by("-offset").first()
    )
    before = (
        Assignment.objects.filter(conversation=conversation, ended_at__isnull=False)
        .order_by("-pk")
        .values_list("agent", flat=True)
        .first()
    )
    concerned = who_take_part(conversation) | numbers([before])
    concerned -= {line.agent_id if line else None}
    notify(
        agent_ids=concerned,
        kind=Kind.REOPENED,
        conversation=conversation,
        data={"by": line.actor_kind if line else ""},
        at=at,
    )


def _assigned(conversation: Conversation, agent_id: int, *, at: datetime) -> None:
    """Only who did not take it themselves has to be told."""
    lines = Event.objects.filter(conversation=conversation).select_related("agent")
    line = lines.filter(kind="assigned").order_by("-offset").first()
    how = line.data.get("how", "") if line else ""
    if line is None or how in _TAKEN_BY_THEMSELVES or line.agent_id != agent_id:
        return
    known = Notification.objects.filter(
        agent=agent_id, conversation=conversation, data__offset=line.offset
    )
    if known.exists():
        return  # back from hold or sleep: still the same assignment
    passed_on = lines.filter(kind="transferred", offset__lt=line.offset).order_by("-offset").first()
    by = passed_on.agent if how == "transferred" and passed_on else None
    notify(
        agent_ids=[agent_id],
        kind=Kind.TRANSFERRED if how == "transferred" else Kind.ASSIGNED,
        conversation=conversation,
        data={"by": by.shown_name if by else "", "how": how, "offset": line.offset},
        at=at,
    )
