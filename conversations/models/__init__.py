"""The nouns of the common tongue."""

from conversations.models.case import (
    AttributeDefinition,
    ChecklistItem,
    ChecklistTemplate,
    Label,
    Link,
    Mention,
    Participant,
    Request,
    TimeEntry,
)
from conversations.models.conversation import Conversation
from conversations.models.customer import (
    Company,
    Customer,
    CustomerNote,
    Identity,
    RecordChange,
    Session,
)
from conversations.models.memory import CustomerFact
from conversations.models.message import Event, Message
from conversations.models.outcome import Callback, Handoff, Rating, Upload

__all__ = [
    "AttributeDefinition",
    "Callback",
    "ChecklistItem",
    "ChecklistTemplate",
    "Company",
    "Conversation",
    "Customer",
    "CustomerFact",
    "CustomerNote",
    "Event",
    "Handoff",
    "Identity",
    "Label",
    "Link",
    "Mention",
    "Message",
    "Participant",
    "Rating",
    "RecordChange",
    "Request",
    "Session",
    "TimeEntry",
    "Upload",
]
