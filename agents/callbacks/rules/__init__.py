"""Calls back: when one is offered, when it is made, and who is called first. Pure."""
