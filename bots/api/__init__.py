"""The knowledge base and the bots' set-up for programs, under /api/v1/."""
