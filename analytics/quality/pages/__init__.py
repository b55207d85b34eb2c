"""Pages for agents and managers: scores, what is to be scored, appeals."""
