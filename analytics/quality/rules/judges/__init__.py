"""One judge for each question that is answered by itself: a part of a conversation → a verdict."""
