"""An agent looks at a suggestion, takes it, or puts it away."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from agents.assist.models import Suggestion
from conversations.errors import NotAllowed, NotFound

Did = Literal["shown", "inserted", "dismissed"]


@transaction.atomic
def record(*, conversation_id: int, key: UUID, agent_id: int, did: Did, at: datetime) -> Suggestion:
    """Notes it once; saying it again changes nothing, nor does what comes after it was decided.

    Raises NotFound, and NotAllowed for what was suggested to somebody else.
    """
    rows = Suggestion.objects.select_for_update(of=("self",)).select_related("turn")
    row = rows.filter(conversation=conversation_id, uuid=key).first()
    if row is None:
        raise NotFound("There is no such suggestion.")
    if row.agent_id != agent_id:
        raise NotAllowed("This was suggested to somebody else.")
    if row.outcome:
        return row
    row.shown_at = row.shown_at or at
    if did == "inserted":
        row.inserted_at = row.inserted_at or at
    elif did == "dismissed":
        row.outcome, row.decided_at = Suggestion.Outcome.DISMISSED, at
    row.save(update_fields=["shown_at", "inserted_at", "outcome", "decided_at"])
    return row
