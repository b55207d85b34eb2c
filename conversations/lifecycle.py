"""Who may follow whom, in one table."""

from collections.abc import Mapping

from conversations.errors import CannotMove

BOT, QUEUED, ASSIGNED, SNOOZED, RESOLVED = "bot", "queued", "assigned", "snoozed", "resolved"
STATES = (BOT, QUEUED, ASSIGNED, SNOOZED, RESOLVED)
OPEN = frozenset({BOT, QUEUED, ASSIGNED, SNOOZED})

ALLOWED: Mapping[str, frozenset[str]] = {
    BOT: frozenset({QUEUED, ASSIGNED, RESOLVED}),
    QUEUED: frozenset({BOT, QUEUED, ASSIGNED, RESOLVED}),
    ASSIGNED: frozenset({BOT, QUEUED, ASSIGNED, SNOOZED, RESOLVED}),
    SNOOZED: frozenset({QUEUED, ASSIGNED, RESOLVED}),
    RESOLVED: frozenset({BOT, QUEUED, ASSIGNED}),
}


def check_move(old: str, new: str) -> None:
    """Raises CannotMove unless a conversation in `old` may become `new`."""
    if new not in ALLOWED[old]:
        raise CannotMove(f"A conversation that is {old} can't become {new}.")
