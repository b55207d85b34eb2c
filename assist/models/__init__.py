from assist.models.outgoing import OutgoingRule, SentAnyway
from assist.models.suggestion import HelpTurn, Suggestion

__all__ = ["HelpTurn", "OutgoingRule", "SentAnyway", "Suggestion"]
