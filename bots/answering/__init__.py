"""From what was asked and found to what is said: pure rules, and the nouns between them."""
