"""The people, the lines they serve, and what they hold."""

from agents.models.agent import Agent, ApiToken, Presence
from agents.models.assignment import Assignment, Offer
from agents.models.attention import Notification, NotificationRule
from agents.models.found import IndexedCustomer, IndexedMessage, SearchProgress
from agents.models.queue import Queue, Team
from agents.models.tools import CannedReply, Macro, SavedDraft, SavedView, ScheduledMessage

__all__ = [
    "Agent",
    "ApiToken",
    "Assignment",
    "CannedReply",
    "IndexedCustomer",
    "IndexedMessage",
    "Macro",
    "Notification",
    "NotificationRule",
    "Offer",
    "Presence",
    "Queue",
    "SavedDraft",
    "SavedView",
    "ScheduledMessage",
    "SearchProgress",
    "Team",
]
