"""What happened, computed from the log of events: one room for each subject.

Spans are half-open. What is not known is None, never 0. Every number can name the conversations
behind it (`behind.py`) by the very statement that counted it.
"""
