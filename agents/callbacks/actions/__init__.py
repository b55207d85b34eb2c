"""What is done about calls."""
