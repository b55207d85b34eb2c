"""How somebody is told of what: the defaults, and what a notification looks like."""

from collections.abc import Mapping
from typing import Any, NamedTuple

KEPT = 300
KEPT_DAYS = 30


class How(NamedTuple):
    """Ways of telling. The console does the first two; e-mail comes for what stays unread."""

    desktop: bool
    sound: bool
    email: bool = False


DEFAULTS: Mapping[str, How] = {
    "mention": How(desktop=True, sound=True),
    "assigned": How(desktop=True, sound=True),
    "offer": How(desktop=True, sound=True),
    "new_message": How(desktop=True, sound=True),
    "reopened": How(desktop=True, sound=False),
    "participating": How(desktop=False, sound=False),
    "sla": How(desktop=True, sound=True),
    "mood": How(desktop=True, sound=False),
    "transferred": How(desktop=True, sound=True),
}
_TITLES = {
    "mention": "{by} mentions you",
    "assigned": "A conversation was given to you",
    "offer": "You were offered a conversation",
    "new_message": "Your customer writes",
    "reopened": "One of yours is open again",
    "participating": "There is news where you take part",
    "sla": "A promise to a customer is about to be broken",
    "mood": "A customer sounds unhappy",
    "transferred": "{by} passed a conversation on to you",
}
GROWING = frozenset({"new_message", "participating"})  # one unread for each conversation


def grown(before: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
    """The data of an unread notification when the same happens once more."""
    return {**before, **news, "count": int(before.get("count", 1)) + 1}


def title_of(kind: str, data: Mapping[str, Any]) -> str:
    """What has happened, in one line and without what anybody wrote: it may leave the house."""
    by = " ".join(str(data.get("by") or "Somebody").split())
    title = "{by} whispers to you" if data.get("whisper") else _TITLES[kind]
    return title.format(by=by)
