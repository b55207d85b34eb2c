"""What to offer a customer next, when to be silent, and what it was worth."""
