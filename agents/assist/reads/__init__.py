"""What stands in the log of suggestions."""
