from agents.assist.admin import outgoing, suggestions

__all__ = ["outgoing", "suggestions"]
