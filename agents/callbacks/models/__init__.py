"""Calls back as rows."""

from agents.callbacks.models.call import Attempt, Call, CallRules

__all__ = ["Attempt", "Call", "CallRules"]
