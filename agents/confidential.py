"""What a conversation keeps from some of its agents: whispers, and that somebody listens.

The log counts every line for everybody. Whoever may not read one hears nothing when it happens; its
place is told, empty, together with the next line: `{"type": "event", "kind": "hidden"}`. So no
count has a gap, and nothing is said of who, what or why.
"""

from typing import Any
from uuid import UUID

from django.db.models import Q

from agents.access import SUPERVISE
from agents.models import Agent, SupervisionSession
from agents.reads.policies import Place, PolicyBook
from conversations.frames import agent_event, agent_message, hidden_line, moment
from conversations.models import Conversation, Event

LOG_PAGE = 200


def log_for(
    agent: Agent, conversation_id: int, key: UUID, *, after: int, limit: int = LOG_PAGE
) -> list[dict[str, Any]]:
    """The log as an agent may read it: messages with their words, everything else as events."""
    events = Event.objects.filter(conversation_id=conversation_id, offset__gt=after)
    rows = events.select_related("message", "agent").order_by("offset")[:limit]
    return [
        _line(event, key) if may_read(agent, event) else hidden_line(event, conversation=key)
        for event in rows
    ]


def _line(event: Event, key: UUID) -> dict[str, Any]:
    if event.message is not None:
        return agent_message(event.message, conversation=key)
    actor = event.agent.shown_name if event.agent else ""
    return agent_event(event, conversation=key, actor=actor)


def may_read(agent: Agent, event: Event) -> bool:
    """Whether this line of a conversation they may see is also for them. Wants `message`."""
    if agent.has_perm(SUPERVISE) or event.agent_id == agent.pk:
        return True
    if event.kind == "supervision":
        return bool(event.data.get("visible"))
    message = event.message
    return message is None or message.whispered_to_id in {None, agent.pk}


def whispers_kept_from(agent: Agent) -> Q:
    """The messages that this agent may not read wherever they see the conversation."""
    if agent.has_perm(SUPERVISE):
        return Q(pk__in=[])
    return Q(whispered_to__isnull=False) & ~Q(whispered_to=agent) & ~Q(agent=agent)


def shown_by_rule(conversation: Conversation) -> bool:
    """Whether the agent who has it sees that somebody listens. The nearest word counts: the
    agent's own rule, their queue's, the team's, the inbox's."""
    queue = conversation.queue
    place = Place(
        queue=queue.pk if queue else None,
        team=queue.team_id if queue else None,
        inbox=conversation.inbox_id,
        channel=conversation.inbox.kind,
        agent=conversation.assignee_id,
    )
    return PolicyBook.load().rules(place).monitor_visible


def supervision_for(agent: Agent, conversation: Conversation) -> dict[str, Any]:
    """Who listens to a conversation now, as far as this agent may know."""
    if agent.has_perm(SUPERVISE):
        return supervision_frame(conversation, to_supervisors=True)
    frame = supervision_frame(conversation, to_supervisors=False)
    # Only whoever has it is spoken to; to the others it is nobody's business.
    return frame if conversation.assignee_id == agent.pk else {**frame, "sessions": []}


def supervision_frame(conversation: Conversation, *, to_supervisors: bool) -> dict[str, Any]:
    """Who listens to a conversation now, as far as the reader may know."""
    sessions = SupervisionSession.objects.filter(conversation=conversation, ended_at=None)
    rows = sessions.select_related("supervisor").order_by("pk")
    return {
        "type": "supervision",
        "conversation": str(conversation.uuid),
        "sessions": [
            {
                "id": str(row.uuid),
                "supervisor": {
                    "id": str(row.supervisor.uuid),
                    "name": row.supervisor.shown_name,
                },
                "mode": row.mode,
                "visible": row.visible,
                "since": moment(row.started_at),
            }
            for row in rows
            if to_supervisors or row.is_shown
        ],
    }
