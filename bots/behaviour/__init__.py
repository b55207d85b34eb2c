"""How the bot of an inbox behaves: its profile, its keywords, its quotas, what it does when time is short."""
