"""Who may follow whom: drawn once more, by hand."""

import pytest

from conversations.errors import CannotMove
from conversations.lifecycle import STATES, check_move

pytestmark = pytest.mark.unit

MOVES = {
    "bot": "queued assigned resolved",
    "queued": "bot queued assigned resolved",
    "assigned": "bot queued assigned snoozed resolved",
    "snoozed": "queued assigned resolved",
    "resolved": "bot queued assigned",
}


@pytest.mark.parametrize("old", STATES)
@pytest.mark.parametrize("new", STATES)
def test_moves(old: str, new: str) -> None:
    if new in MOVES[old].split():
        check_move(old, new)
    else:
        with pytest.raises(CannotMove):
            check_move(old, new)
