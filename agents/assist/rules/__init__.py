"""Pure rules: what became of a suggestion, and what can be said of many."""
