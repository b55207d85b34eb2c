"""The lines of a conversation's log in words."""

from typing import Any

from django import template

from conversations.models import Event

register = template.Library()

_HAPPENED = {
    "opened": "opened the conversation",
    "handoff": "a person was asked for",
    "queued": "joined the queue again",
    "offered": "offered to an agent",
    "declined": "the agent said no",
    "missed": "the offer was not answered in time",
    "nobody_here": "nobody was online",
    "assigned": "took the conversation",
    "transferred": "passed it on",
    "snoozed": "put it to sleep",
    "woken": "woke it up",
    "resolved": "closed the conversation",
    "reopened": "opened it again",
    "rated": "answered the survey",
    "callback": "asked to be called",
    "bot_answered": "the bot decided",
    "edited": "changed its labels or priority",
}
_ACTORS = {"customer": "Customer", "bot": "Bot", "agent": "Agent", "system": "System"}


@register.filter
def what_happened(event: Event) -> str:
    return _HAPPENED.get(event.kind, event.kind.replace("_", " "))


@register.filter
def who_spoke(event: Event) -> str:
    """The agent's or bot's name; the customer is called the customer."""
    if event.agent:
        return str(event.agent)
    if event.message and event.actor_kind == "bot" and event.message.author_name:
        return f"{event.message.author_name} (bot)"
    return _ACTORS.get(event.actor_kind, event.actor_kind)


@register.filter
def details(event: Event) -> list[tuple[str, str]]:
    """What the log keeps besides the words: (name, value), without what is empty."""
    return [
        (name.replace("_", " "), _shown(value))
        for name, value in event.data.items()
        if value not in ("", None, [], {})
    ]


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(one)}" for name, one in value.items())
    return str(value)
