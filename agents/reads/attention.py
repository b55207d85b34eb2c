"""Reads of what asks for an agent's attention."""

from typing import Any

from agents.models import Notification, NotificationRule
from agents.rules.attention import DEFAULTS, How
from conversations.frames import moment
from conversations.models import Conversation


def notification_frame(one: Notification, conversation: Conversation | None) -> dict[str, Any]:
    """As the console shows it; wants the conversation's customer selected."""
    return {
        "id": str(one.uuid),
        "kind": one.kind,
        "conversation": str(conversation.uuid) if conversation else None,
        "customer": conversation.customer.name if conversation else None,
        "preview": conversation.preview if conversation else None,
        "data": one.data,
        "created_at": moment(one.created_at),
        "read_at": moment(one.read_at),
    }


def unread_count(agent_id: int) -> int:
    return Notification.objects.filter(agent=agent_id, read_at=None).count()


def rules_of(agent_id: int) -> dict[str, How]:
    """For every kind, how this agent wants to be told."""
    said = {
        row.kind: How(row.desktop, row.sound, row.email)
        for row in NotificationRule.objects.filter(agent=agent_id)
    }
    return {**DEFAULTS, **said}
