"""The load: a light WebSocket client, and what it does to a server."""
