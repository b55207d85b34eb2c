"""The people's doors over HTTP, under /api/v1/."""
