"""What can happen among the people."""

from django.dispatch import Signal

from conversations.events import publish

presence_changed = Signal()  # agent_id, status
room_made = Signal()  # agent_id: they may take another conversation

__all__ = ["presence_changed", "publish", "room_made"]
