"""Score cards: what a good conversation is, asked of all of them, and people who check the answers."""
