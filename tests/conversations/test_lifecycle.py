"""Who may follow whom: drawn once more, by hand."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from agents.models import Agent
from conversations.errors import CannotMove
from conversations.lifecycle import STATES, behind, check_move, shown
from conversations.models import Conversation, Event
from tests import make

MOVES = {
    "bot": "queued assigned resolved",
    "queued": "bot queued offered assigned resolved abandoned",
    "offered": "bot queued offered assigned resolved abandoned",
    "assigned": "bot queued assigned on_hold snoozed wrap_up resolved",
    "on_hold": "bot queued assigned snoozed wrap_up resolved",
    "snoozed": "queued assigned resolved",
    "wrap_up": "queued assigned resolved",
    "resolved": "bot queued assigned",
    "abandoned": "bot queued assigned",
}


@pytest.mark.unit
@pytest.mark.parametrize("old", STATES)
@pytest.mark.parametrize("new", STATES)
def test_moves(old: str, new: str) -> None:
    if new in MOVES[old].split():
        check_move(old, new)
    else:
        with pytest.raises(CannotMove):
            check_move(old, new)


@pytest.mark.integration
@pytest.mark.django_db
@pytest.mark.parametrize("old", STATES)
def test_the_database_holds_the_same_table(old: str) -> None:
    """Whoever writes past our code is refused too."""
    who = make.agent()
    for new in STATES:
        if new == old:
            continue
        talk = make.conversation()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
            Conversation.objects.filter(pk=talk.pk).update(state=old, **_fields(old, who))
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = origin")
        moves = Conversation.objects.filter(pk=talk.pk)
        if new in MOVES[old].split():
            moves.update(state=new, **_fields(new, who))
        else:
            with pytest.raises(IntegrityError, match="cannot become"), transaction.atomic():
                moves.update(state=new, **_fields(new, who))


def _fields(state: str, who: Agent) -> dict[str, Any]:
    """What the constraints want of a conversation in this state."""
    waits = state in {"queued", "offered"}
    held = state in {"assigned", "on_hold", "snoozed", "wrap_up"}
    since = make.NOON if waits else None
    return {
        "queue": make.queue() if waits else None,
        "queued_at": since,
        "entered_at": since,
        "rank_at": since,
        "assignee": who if held else None,
        "resolved_at": make.NOON if state in {"wrap_up", "resolved", "abandoned"} else None,
    }


@pytest.mark.integration
@pytest.mark.django_db
def test_the_log_is_only_ever_added_to() -> None:
    talk = make.conversation()

    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(conversation=talk).update(kind="something else")
    talk.delete()  # a customer may be forgotten, with all they said

    assert not Event.objects.exists()


@pytest.mark.unit
def test_customers_see_five_states() -> None:
    assert {shown(state) for state in STATES} == {
        "bot",
        "queued",
        "assigned",
        "snoozed",
        "resolved",
    }
    assert behind("queued") == {"queued", "offered"}
    assert behind("resolved") == {"wrap_up", "resolved", "abandoned"}
