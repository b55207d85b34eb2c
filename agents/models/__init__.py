"""The people, the lines they serve, and what they hold."""

from agents.models.agent import Agent, ApiToken, Presence
from agents.models.assignment import Assignment, Offer
from agents.models.queue import Queue, Team

__all__ = ["Agent", "ApiToken", "Assignment", "Offer", "Presence", "Queue", "Team"]
