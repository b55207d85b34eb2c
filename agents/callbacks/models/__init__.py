"""Calls back as rows."""

from agents.callbacks.models.call import Attempt, Call, CallRules
from agents.callbacks.models.learnt import CallFit, Need, Placing
from agents.callbacks.models.seat import Seat

__all__ = ["Attempt", "Call", "CallFit", "CallRules", "Need", "Placing", "Seat"]
