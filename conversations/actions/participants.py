"""Who takes part in a conversation besides whoever holds it."""

from datetime import datetime

from django.db import transaction

from conversations import live
from conversations.actions.log import append, hold, tell
from conversations.models import Conversation, Participant


@transaction.atomic
def add_participant(
    *, conversation_id: int, agent_id: int, reason: str, by_id: int | None, at: datetime
) -> bool:
    """An agent reads along from now on; False if they did already."""
    return take_part(hold(conversation_id), agent_id=agent_id, reason=reason, by_id=by_id, at=at)


def take_part(
    conversation: Conversation, *, agent_id: int, reason: str, by_id: int | None, at: datetime
) -> bool:
    """The same in a conversation that is held already."""
    participant, made = Participant.objects.get_or_create(
        conversation=conversation,
        agent_id=agent_id,
        defaults={"reason": reason, "created_at": at},
    )
    if made:
        append(
            conversation,
            "participant_added",
            at=at,
            actor="agent" if by_id else "system",
            agent_id=by_id,
            agent=participant.agent.uuid,
            reason=reason,
        )
        tell(conversation, agents={agent_id})
    return made


@transaction.atomic
def remove_participant(*, conversation_id: int, agent_id: int, by_id: int, at: datetime) -> bool:
    """They no longer read along; False if they did not."""
    conversation = hold(conversation_id)
    participant = (
        Participant.objects.select_related("agent")
        .filter(conversation=conversation, agent_id=agent_id)
        .first()
    )
    if participant is None:
        return False
    append(
        conversation,
        "participant_removed",
        at=at,
        actor="agent",
        agent_id=by_id,
        agent=participant.agent.uuid,
    )
    participant.delete()
    live.announce_on_commit([live.look_again(conversation.pk)])
    return True
