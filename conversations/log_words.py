"""The lines of a conversation's log in words, for those who read it later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps

from conversations.models import Event, Message

_HAPPENED = {
    "opened": "opened the conversation",
    "handoff": "a person was asked for",
    "queued": "joined the queue again",
    "offered": "offered to an agent",
    "declined": "said no to the offer",
    "missed": "the offer was not answered in time",
    "taken_back": "taken back: no answer in time",
    "late": "the promised answer is late",
    "mood": "the last messages read as unhappy (an estimate)",
    "moved_up": "came forward in line",
    "queue_full": "the queue was full",
    "overflowed": "moved on to another queue",
    "waited_too_long": "waited too long",
    "promised": "was told that it takes longer",
    "abandoned": "gave up waiting",
    "on_hold": "put it on hold",
    "off_hold": "took it off hold",
    "wrapping_up": "ended it; it is being written up",
    "macro": "ran a macro",
    "nobody_here": "was told that nobody is here",
    "contact_left": "left an e-mail address",
    "assigned": "took the conversation",
    "transferred": "passed it on",
    "snoozed": "put it to sleep",
    "woken": "woke it up",
    "resolved": "closed the conversation",
    "reopened": "opened it again",
    "rated": "said how satisfied they are",
    "surveyed": "answered the survey",
    "callback": "asked for a call",
    "called": "was called",
    "call_offered": "was offered a call",
    "bot_answered": "decided what to say",
    "procedure": "went through a procedure",
    "bot_degraded": "answered with less than usual",
    "followed_up": "asked whether that helped",
    "trace_revealed": "looked at personal data in the bot's trace",
    "edited": "changed its labels or priority",
    "copied": "was said in another conversation",
    "merged": "merged another conversation into this one",
    "merged_into": "merged it into another conversation",
    "split": "split messages off into a new conversation",
    "split_from": "split it off from another conversation",
    "linked": "linked it with another conversation",
    "unlinked": "took a link away",
    "attributes": "filled in fields",
    "company": "changed the customer's company",
    "participant_added": "takes part from now on",
    "participant_removed": "no longer takes part",
    "mentioned": "was mentioned in a note",
    "request_opened": "opened a request",
    "request_done": "finished a request",
    "request_reopened": "opened a request again",
    "request_edited": "reworded a request",
    "blocked": "blocked the customer",
    "unblocked": "unblocked the customer",
    "muted": "muted the conversation",
    "unmuted": "unmuted the conversation",
    "checklist": "changed the checklist",
    "time": "noted time spent",
    "supervision": "supervised it",
}
_ACTORS = {"customer": "Customer", "bot": "Bot", "agent": "Agent", "system": "System"}


@dataclass(frozen=True, slots=True)
class LogLine:
    """`message` is None for what was not said but happened: `what` and `details` tell it."""

    offset: int
    actor_kind: str
    actor: str
    at: datetime
    message: Message | None
    what: str
    details: list[tuple[str, str]]


def in_words(events: Sequence[Event]) -> list[LogLine]:
    """The lines with agents and queues by their names. Wants `message` and `agent` selected."""
    names = _names(events)
    return [
        LogLine(
            offset=event.offset,
            actor_kind=event.actor_kind,
            actor=_actor(event),
            at=event.created_at,
            message=event.message,
            what=_HAPPENED.get(event.kind, event.kind.replace("_", " ")),
            details=_details(_of_people(event), names),
        )
        for event in events
    ]


def _actor(event: Event) -> str:
    if event.agent:
        return str(event.agent)
    if event.message and event.actor_kind == "bot" and event.message.author_name:
        return f"{event.message.author_name} (bot)"
    return _ACTORS.get(event.actor_kind, event.actor_kind)


def _of_people(event: Event) -> dict[str, Any]:
    """Its data without what only programs know a procedure by."""
    data: dict[str, Any] = event.data
    if event.kind != "procedure" or not data.get("name"):
        return data
    kept = {key: value for key, value in data.items() if key not in {"name", "run"}}
    return kept | {"procedure": data["name"]}


def _details(data: dict[str, Any], names: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (key.replace("_", " "), _shown(value, names))
        for key, value in data.items()
        if value not in ("", None, [], {})
    ]


def _shown(value: Any, names: dict[str, str]) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list):
        return ", ".join(_shown(one, names) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(one, names)}" for key, one in value.items())
    return names.get(str(value), str(value))


def _names(events: Sequence[Event]) -> dict[str, str]:
    """{uuid: name} of the agents and queues that the lines speak of."""
    wanted: dict[str, set[str]] = {"agent": set(), "queue": set()}
    for event in events:
        for place in (event.data, event.data.get("to")):
            if isinstance(place, dict):
                for key, found in wanted.items():
                    if isinstance(place.get(key), str) and len(place[key]) == 36:
                        found.add(place[key])
    return {
        str(row.uuid): str(row)
        for key, keys in wanted.items()
        if keys
        for row in apps.get_model("agents", key).objects.filter(uuid__in=keys)
    }
