"""Decisions of the people's side: pure, so that each can be repeated and explained."""
