"""What moved a forecast, as a manager reads it: "First answer after 13:22: −35 points". Pure but for names of the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from analytics.words import counted, duration
from conversations.models import Handoff

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_BY = {"person": "A person answered", "bot": "The bot answered", "nobody": "Nobody answered"}
_LAST = {"customer": "The customer", "bot": "The bot", "agent": "The agent"}


def reason_in_words(reason: Mapping[str, Any]) -> str:
    """`reason` as a forecast keeps it: `column`, `value` and `points`."""
    column, value, points = reason["column"], str(reason["value"]), round(reason["points"])
    moved = f"{points:+d}".replace("-", "\u2212")
    by = f"{moved} {'point' if abs(points) == 1 else 'points'}" if points else "hardly a point"
    return f"{_fact(column, value)}: {by}"


def _fact(column: str, value: str) -> str:
    tell = TOLD.get(column)
    try:
        if tell is not None and value not in {"", "unknown"}:
            return tell(value)
    except (ValueError, IndexError):
        pass  # a value from before the columns were changed
    return f"{column.replace('_', ' ').capitalize()} {value}".strip()


def _count(one: str, many: str) -> Callable[[str], str]:
    return lambda value: counted(round(float(value)), one, many)


TOLD: Mapping[str, Callable[[str], str]] = {
    "inbox": lambda value: f"Came by “{value}”",
    "language": lambda value: f"Language {value}",
    "disposition": lambda value: f"Ended as {value.replace('_', ' ')}",
    "mood": lambda value: f"Mood of the customer's words {float(value):+.1f}".replace(
        "-", "\u2212"
    ),
    "hour": lambda value: f"Began at {round(float(value)):02d}:00",
    "weekday": lambda value: f"On a {_DAYS[round(float(value)) - 1]}",
    "minutes": lambda value: f"Took {duration(60 * float(value))}",
    "customer_messages": _count("message of the customer", "messages of the customer"),
    "bot_messages": _count("message of the bot", "messages of the bot"),
    "agent_messages": _count("message of agents", "messages of agents"),
    "customer_characters": lambda value: f"The customer wrote {round(float(value))} characters",
    "last_word": lambda value: f"{_LAST.get(value, value)} had the last word",
    "first_answer_seconds": lambda value: f"First answer after {duration(float(value))}",
    "waited_seconds": lambda value: f"Waited {duration(float(value))} for a person",
    "answered_by": lambda value: _BY.get(value, value),
    "handoffs": _count("handoff", "handoffs"),
    "handoff_reason": lambda value: (
        f"Handed over: {dict(Handoff.Reason.choices).get(value, value)}"
    ),
    "transfers": _count("transfer", "transfers"),
    "reopened": lambda value: f"Reopened {counted(round(float(value)), 'time', 'times')}",
    "missed_offers": _count("offer that an agent missed", "offers that agents missed"),
}
