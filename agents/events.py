"""What can happen among the people."""

from django.dispatch import Signal

from conversations.events import publish, publish_all

presence_changed = Signal()  # agent_id, status
room_made = Signal()  # agent_id: they may take another conversation
offer_made = Signal()  # agent_id, conversation_id: they are asked
notified = Signal()  # notifications: ids of what agents should be told outside the console, too

__all__ = ["notified", "offer_made", "presence_changed", "publish", "publish_all", "room_made"]
