"""Nobody holds a conversation any more, and nobody is asked about it."""

from datetime import datetime

from agents import events as people
from agents.actions.withdraw import withdraw
from agents.models import Assignment
from conversations.models import Conversation


def leave(conversation: Conversation, *, at: datetime) -> None:
    """Ends offers and the assignment of a held conversation that is over or about to be."""
    withdraw(conversation, at=at)
    for assignment in Assignment.objects.filter(conversation=conversation, ended_at=None):
        assignment.ended_at = at
        assignment.save(update_fields=["ended_at"])
        people.publish(people.room_made, agent_id=assignment.agent_id)
