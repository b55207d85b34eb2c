"""The people's side in the admin, a room for each thing that one comes to set up."""

from agents import tools_admin
from agents.admin import (
    choices,
    decisions,
    inboxes,
    people,
    policies,
    queues,
    schedules,
    skills,
    supervision,
    system,
)

__all__ = [
    "choices",
    "decisions",
    "inboxes",
    "people",
    "policies",
    "queues",
    "schedules",
    "skills",
    "supervision",
    "system",
    "tools_admin",
]
