"""The nouns of the common tongue."""

from conversations.models.conversation import Conversation
from conversations.models.customer import Customer, Identity, Session
from conversations.models.message import Event, Message
from conversations.models.outcome import Callback, Handoff, Rating, Upload

__all__ = [
    "Callback",
    "Conversation",
    "Customer",
    "Event",
    "Handoff",
    "Identity",
    "Message",
    "Rating",
    "Session",
    "Upload",
]
