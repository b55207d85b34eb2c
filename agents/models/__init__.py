"""The people, the lines they serve, what they hold, and what was decided about all that."""

from agents.models.agent import (
    Agent,
    AgentSkill,
    ApiToken,
    Presence,
    PresenceChange,
    Skill,
    StateReason,
)
from agents.models.assignment import Assignment, Offer
from agents.models.attention import Notification, NotificationRule, PushDevice
from agents.models.data_request import DataRequest
from agents.models.found import IndexedCustomer, IndexedMessage, SearchProgress
from agents.models.hours import Holiday, OpeningHours, Schedule
from agents.models.pace import QueuePace
from agents.models.policy import Policy
from agents.models.queue import Queue, Team
from agents.models.supervision import SupervisionSession
from agents.models.tools import CannedReply, Macro, SavedDraft, SavedView, ScheduledMessage
from agents.models.watch import Watch
from agents.models.wrap_up import WrapUpCode

__all__ = [
    "Agent",
    "AgentSkill",
    "ApiToken",
    "Assignment",
    "CannedReply",
    "DataRequest",
    "Holiday",
    "IndexedCustomer",
    "IndexedMessage",
    "Macro",
    "Notification",
    "NotificationRule",
    "Offer",
    "OpeningHours",
    "Policy",
    "Presence",
    "PresenceChange",
    "PushDevice",
    "Queue",
    "QueuePace",
    "SavedDraft",
    "SavedView",
    "Schedule",
    "ScheduledMessage",
    "SearchProgress",
    "Skill",
    "StateReason",
    "SupervisionSession",
    "Team",
    "Watch",
    "WrapUpCode",
]
