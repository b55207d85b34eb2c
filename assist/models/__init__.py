from assist.models.suggestion import HelpTurn, Suggestion

__all__ = ["HelpTurn", "Suggestion"]
