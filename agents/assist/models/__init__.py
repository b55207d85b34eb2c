from agents.assist.models.outgoing import OutgoingRule, SentAnyway
from agents.assist.models.suggestion import HelpTurn, Suggestion

__all__ = ["HelpTurn", "OutgoingRule", "SentAnyway", "Suggestion"]
