"""What was said, and who holds it: the common tongue."""
