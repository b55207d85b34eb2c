"""What can happen among the people."""

from django.dispatch import Signal

from conversations.events import publish, publish_all

presence_changed = Signal()  # agent_id, status
room_made = Signal()  # agent_id: they may take another conversation
offer_made = Signal()  # agent_id, conversation_id: they are asked

__all__ = ["offer_made", "presence_changed", "publish", "publish_all", "room_made"]
