"""Score cards in the admin."""

from analytics.quality.admin import cards, reliability

__all__ = ["cards", "reliability"]
