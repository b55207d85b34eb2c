"""What has just happened, and whom it concerns: notes that name somebody, news, moves, offers."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from agents.actions.nobody import heard
from agents.actions.notify import Telling, notify, notify_all
from agents.models import Agent, Assignment, Notification, Team
from agents.models.attention import Kind
from conversations.actions.log import append, hold
from conversations.actions.participants import take_part
from conversations.lifecycle import ENDED, SNOOZED
from conversations.mentions import handle_of, handles_in
from conversations.models import Conversation, Event, Mention, Message, Participant
from conversations.words import preview_of

logger = logging.getLogger(__name__)

Fact = dict[str, Any]
_TAKEN_BY_THEMSELVES = frozenset({"claimed", "accepted", "reopened", "split", "took_over"})
_OVERLOOKED_FOR = timedelta(minutes=10)


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
            yield partial(_whispered, message, at=at)  # it names nobody but whom it is for
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


# --- notes ---


def _whispered(message: Message, *, at: datetime) -> None:
    """They may be looking at another of their conversations."""
    notify(
        agent_ids=_numbers([message.whispered_to_id]),
        kind=Kind.MENTION,
        conversation=message.conversation,
        data={
            "by": message.author_name,
            "text": preview_of(message.text),
            "offset": message.offset,
            "note": True,
            "whisper": True,
        },
        at=at,
    )


@transaction.atomic
def read_note(message: Message, *, at: datetime) -> None:
    """Whoever a note names may see the conversation, takes part, and is told. Twice: as once."""
    conversation = hold(message.conversation_id)
    agents, teams = _named(handles_in(message.text))
    known = set(Mention.objects.filter(message=message).values_list("agent", "team"))
    rows = [(a.pk, None) for a in agents] + [(None, t.pk) for t in teams]
    Mention.objects.bulk_create(
        Mention(
            conversation=conversation,
            message=message,
            agent_id=agent_id,
            team_id=team_id,
            created_at=at,
        )
        for agent_id, team_id in rows
        if (agent_id, team_id) not in known
    )
    if not known:
        members = set(
            Agent.objects.filter(teams__in=teams, is_active=True).values_list("pk", flat=True)
        )
        _tell_of_note(message, conversation, agents, teams, members, at=at)


def _tell_of_note(
    message: Message,
    conversation: Conversation,
    agents: Sequence[Agent],
    teams: Sequence[Team],
    members: set[int],
    *,
    at: datetime,
) -> None:
    reason = Participant.Reason.MENTIONED
    for agent in agents:
        if agent.pk != message.agent_id:
            take_part(conversation, agent_id=agent.pk, reason=reason, by_id=message.agent_id, at=at)
    named = ({agent.pk for agent in agents} | members) - {message.agent_id}
    # The log names the team once, not each of its members.
    Participant.objects.bulk_create(
        (
            Participant(conversation=conversation, agent_id=agent_id, reason=reason, created_at=at)
            for agent_id in sorted(named)
        ),
        ignore_conflicts=True,
    )
    if agents or teams:
        append(
            conversation,
            "mentioned",
            at=at,
            actor="agent",
            agent_id=message.agent_id,
            agents=[str(a.uuid) for a in agents],
            teams=[team.name for team in teams],
            note=message.offset,
        )
    data = {
        "by": message.author_name,
        "text": preview_of(message.text),
        "offset": message.offset,
        "note": True,
    }
    notify(agent_ids=named, kind=Kind.MENTION, conversation=conversation, data=data, at=at)
    others = _who_take_part(conversation) - named - {message.agent_id}
    notify(agent_ids=others, kind=Kind.PARTICIPATING, conversation=conversation, data=data, at=at)


def _named(handles: Sequence[str]) -> tuple[list[Agent], list[Team]]:
    if not handles:
        return [], []
    wanted = set(handles)
    name = Q(pk__in=[])
    for handle in handles:
        name |= Q(username__iexact=handle)
    agents = list(Agent.objects.filter(name, is_active=True).order_by("pk"))
    teams = [team for team in Team.objects.all() if handle_of(team.name) in wanted]
    return agents, teams


def overlooked_notes(*, at: datetime) -> int:
    """Notes that name somebody and were never read, because the news of them got lost."""
    read = Mention.objects.filter(message=OuterRef("pk"))
    lost = Message.objects.select_related("conversation__customer").filter(
        ~Exists(read),
        note=True,
        origin__isnull=True,
        whispered_to__isnull=True,
        text__contains="@",
        created_at__gt=at - _OVERLOOKED_FOR,
    )
    found = [m for m in lost.order_by("pk")[:200] if any(_named(handles_in(m.text)))]
    for message in found:
        read_note(message, at=at)
    return len(found)


# --- messages and moves ---


def _who_take_part(conversation: Conversation) -> set[int]:
    """The participants, and whoever holds it."""
    found = _participants([conversation.pk]).get(conversation.pk, set())
    if conversation.assignee_id and conversation.state not in ENDED:
        found.add(conversation.assignee_id)
    return found


def _customers_wrote(newest: Sequence[Message], *, at: datetime) -> None:
    """The newest message of each conversation; together, for on a busy day these are many."""
    for message in newest:
        talk = message.conversation
        if talk.told_nobody and talk.is_waiting:
            _each_alone(partial(heard, conversation_id=talk.pk, text=message.text, at=at))
    unseen = [one for one in newest if one.seq and one.conversation.agent_read_seq < one.seq]
    others = _participants([one.conversation_id for one in unseen])
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
    holder = set() if talk.state in ENDED else _numbers([talk.assignee_id])
    yield Telling(holder, Kind.NEW_MESSAGE, talk, data)
    yield Telling(others - holder, Kind.PARTICIPATING, talk, data)


def _participants(conversation_ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = Participant.objects.filter(conversation__in=conversation_ids)
    for conversation_id, agent_id in rows.values_list("conversation_id", "agent_id"):
        found.setdefault(conversation_id, set()).add(agent_id)
    return found


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
    concerned = _who_take_part(conversation) | _numbers([before])
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


def _numbers(ids: Iterable[int | None]) -> set[int]:
    return {one for one in ids if one is not None}
