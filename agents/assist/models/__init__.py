from agents.assist.models.memory import MemoryProgress
from agents.assist.models.outgoing import OutgoingRule, SentAnyway
from agents.assist.models.suggestion import HelpTurn, Suggestion

__all__ = ["HelpTurn", "MemoryProgress", "OutgoingRule", "SentAnyway", "Suggestion"]
