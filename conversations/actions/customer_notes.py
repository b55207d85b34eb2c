"""What agents note about a customer."""

from datetime import datetime

from django.db import transaction

from conversations.errors import BadWords, NotAllowed
from conversations.models import CustomerNote

_MOST = 200


@transaction.atomic
def write_note(
    *, customer_id: int, text: str, pinned: bool, agent_id: int, at: datetime
) -> CustomerNote:
    if CustomerNote.objects.filter(customer=customer_id).count() >= _MOST:
        raise BadWords(f"A customer has at most {_MOST} notes; take one away first.")
    return CustomerNote.objects.create(
        customer_id=customer_id, agent_id=agent_id, text=text, is_pinned=pinned, created_at=at
    )


@transaction.atomic
def edit_note(
    *, note: CustomerNote, text: str | None, pinned: bool | None, agent_id: int, at: datetime
) -> CustomerNote:
    """Everybody may pin a note; its words are its author's. What is None stays."""
    if pinned is not None:
        note.is_pinned = pinned
    if text is not None and text != note.text:
        if note.agent_id != agent_id:
            raise NotAllowed("Somebody else wrote this note.")
        note.text, note.edited_at = text, at
    note.save(update_fields=["text", "is_pinned", "edited_at"])
    return note
