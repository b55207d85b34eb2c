"""Help for agents: what they might say, and what that help was worth."""
