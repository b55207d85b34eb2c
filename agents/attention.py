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
    "transferred": How(desktop=True, sound=True),
}
GROWING = frozenset({"new_message", "participating"})  # one unread for each conversation


def grown(before: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
    """The data of an unread notification when the same happens once more."""
    return {**before, **news, "count": int(before.get("count", 1)) + 1}
