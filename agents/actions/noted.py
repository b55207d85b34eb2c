"""Notes for colleagues: whom they name may see the conversation, takes part, and is told."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from agents.actions.notify import notify
from agents.models import Agent, Team
from agents.models.attention import Kind
from conversations.actions.log import append, hold
from conversations.actions.participants import take_part
from conversations.lifecycle import ENDED
from conversations.mentions import handle_of, handles_in
from conversations.models import Conversation, Mention, Message, Participant
from conversations.words import preview_of

_OVERLOOKED_FOR = timedelta(minutes=10)


def whispered(message: Message, *, at: datetime) -> None:
    """They may be looking at another of their conversations."""
    notify(
        agent_ids=numbers([message.whispered_to_id]),
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
    others = who_take_part(conversation) - named - {message.agent_id}
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


def who_take_part(conversation: Conversation) -> set[int]:
    """The participants, and whoever holds it."""
    found = participants([conversation.pk]).get(conversation.pk, set())
    if conversation.assignee_id and conversation.state not in ENDED:
        found.add(conversation.assignee_id)
    return found


def participants(conversation_ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = Participant.objects.filter(conversation__in=conversation_ids)
    for conversation_id, agent_id in rows.values_list("conversation_id", "agent_id"):
        found.setdefault(conversation_id, set()).add(agent_id)
    return found


def numbers(ids: Iterable[int | None]) -> set[int]:
    return {one for one in ids if one is not None}
