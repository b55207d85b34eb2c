"""What a conversation keeps from some of its agents: whispers, and that somebody listens.

The log counts every line for everybody. Whoever may not read one hears nothing when it happens; its
place is told, empty, together with the next line: `{"type": "event", "kind": "hidden"}`. So no
count has a gap, and nothing is said of who, what or why.
"""

from typing import Any

from django.db.models import Q

from agents.access import SUPERVISE
from agents.models import Agent, SupervisionSession
from conversations.frames import moment
from conversations.models import Conversation, Event


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
