"""Who may follow whom, in one table. A trigger in the database holds the same one."""

from collections.abc import Mapping

from conversations.errors import CannotMove

BOT = "bot"
QUEUED = "queued"
OFFERED = "offered"
ASSIGNED = "assigned"
ON_HOLD = "on_hold"
SNOOZED = "snoozed"
WRAP_UP = "wrap_up"
RESOLVED = "resolved"
ABANDONED = "abandoned"
STATES = (BOT, QUEUED, OFFERED, ASSIGNED, ON_HOLD, SNOOZED, WRAP_UP, RESOLVED, ABANDONED)

WAITING = frozenset({QUEUED, OFFERED})
"""The customer waits for a person."""
HELD = frozenset({ASSIGNED, ON_HOLD, SNOOZED, WRAP_UP})
"""An agent has it in hand."""
ENDED = frozenset({RESOLVED, ABANDONED})
"""Nobody owes anything any more."""
CLOSED = ENDED | {WRAP_UP}
"""Over for the customer; somebody may still be writing up what it was about."""
OPEN = frozenset(STATES) - CLOSED

ALLOWED: Mapping[str, frozenset[str]] = {
    BOT: frozenset({QUEUED, ASSIGNED, RESOLVED}),
    QUEUED: frozenset({BOT, QUEUED, OFFERED, ASSIGNED, RESOLVED, ABANDONED}),
    OFFERED: frozenset({BOT, QUEUED, OFFERED, ASSIGNED, RESOLVED, ABANDONED}),
    ASSIGNED: frozenset({BOT, QUEUED, ASSIGNED, ON_HOLD, SNOOZED, WRAP_UP, RESOLVED}),
    ON_HOLD: frozenset({BOT, QUEUED, ASSIGNED, SNOOZED, WRAP_UP, RESOLVED}),
    SNOOZED: frozenset({QUEUED, ASSIGNED, RESOLVED}),
    WRAP_UP: frozenset({QUEUED, ASSIGNED, RESOLVED}),
    # Whatever leaves these two is reopened, and its log says so.
    RESOLVED: frozenset({BOT, QUEUED, ASSIGNED}),
    ABANDONED: frozenset({BOT, QUEUED, ASSIGNED}),
}

_SHOWN: Mapping[str, str] = {
    OFFERED: QUEUED,
    ON_HOLD: ASSIGNED,
    WRAP_UP: RESOLVED,
    ABANDONED: RESOLVED,
}


def check_move(old: str, new: str) -> None:
    """Raises CannotMove unless a conversation in `old` may become `new`."""
    if new not in ALLOWED[old]:
        raise CannotMove(f"A conversation that is {old} can't become {new}.")


def shown(state: str) -> str:
    """The state as the customer's socket tells it: bot, queued, assigned, snoozed or resolved."""
    return _SHOWN.get(state, state)


def behind(name: str) -> frozenset[str]:
    """The states that are shown as `name`."""
    return frozenset(state for state in STATES if shown(state) == name)
