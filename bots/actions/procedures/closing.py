"""A procedure that a person goes on with."""

from datetime import datetime

from django.db import transaction

from bots.actions.procedures.runs import close_run
from conversations.models import Handoff


@transaction.atomic
def close_for_a_person(*, conversation_id: int, at: datetime) -> bool:
    """Ends the run that is going and adds what it has gathered to the summary of the handover."""
    gathered = close_run(conversation_id=conversation_id, at=at)
    if not gathered:
        return False
    handoff = (
        Handoff.objects.select_for_update()
        .filter(conversation=conversation_id)
        .order_by("-requested_at", "-pk")
        .first()
    )
    if handoff is not None and gathered not in handoff.summary:
        handoff.summary = " · ".join(part for part in (handoff.summary, gathered) if part)
        handoff.save(update_fields=["summary"])
    return True
