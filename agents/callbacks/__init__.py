"""Calls back: asked for, offered, due, dialled, reached; and how likely each of them is to work."""
