"""The people's side in the admin, a room for each thing that one comes to set up."""

from agents.admin import (
    choices,
    decisions,
    inboxes,
    people,
    policies,
    privacy,
    queues,
    schedules,
    skills,
    supervision,
    system,
)
from agents.admin import tools as tools_admin

__all__ = [
    "choices",
    "decisions",
    "inboxes",
    "people",
    "policies",
    "privacy",
    "queues",
    "schedules",
    "skills",
    "supervision",
    "system",
    "tools_admin",
]
