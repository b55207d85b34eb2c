"""The stock consumer: what Channels' own documentation would have one write, as an anchor."""
