"""What a conversation is about and what it needs, as people mark it, and how far they have read."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from agents.actions.queueing import rerank
from agents.models import Skill
from agents.rules.shapes import Need
from conversations import events, live
from conversations.actions.log import append, hold, tell
from conversations.errors import BadWords
from conversations.labels import settled
from conversations.lifecycle import QUEUED
from conversations.models import Conversation
from conversations.queries import exclusive_labels
from conversations.words import clean_line


@transaction.atomic
def label(
    *,
    conversation_id: int,
    agent_id: int,
    labels: list[str] | None,
    priority: int | None,
    at: datetime,
    needs: Sequence[Need] | None = None,
) -> None:
    """Sets labels, priority, or the skills that this one needs; what is None stays as it is.

    Somebody who waits is looked at again: others may be asked now.
    """
    conversation = hold(conversation_id)
    changed: dict[str, object] = {}
    if labels is not None:
        names = [clean_line(name, limit=40) for name in labels if name.strip()]
        conversation.labels = settled(names, exclusive_labels())[:20]
        changed["labels"] = conversation.labels
    if priority is not None:
        conversation.priority = priority
        changed["priority"] = priority
        rerank(conversation, at=at)
    if needs is not None:
        _check_skills(needs)
        conversation.needs = [{"skill": one.skill, "level": one.level} for one in needs]
        changed["needs"] = conversation.needs
    if changed:
        conversation.save(update_fields=list(changed))
        if conversation.state == QUEUED and changed.keys() - {"labels"}:
            events.publish(
                events.handoff_requested,
                conversation_id=conversation.pk,
                queue_id=conversation.queue_id,
            )
        append(conversation, "edited", at=at, actor="agent", agent_id=agent_id, changes=changed)
        tell(conversation)


def _check_skills(needs: Sequence[Need]) -> None:
    wanted = {one.skill for one in needs}
    missing = wanted - set(Skill.objects.filter(name__in=wanted).values_list("name", flat=True))
    if missing:
        raise BadWords(f"There is no skill {', '.join(sorted(missing))}.")


def mark_read(*, conversation: Conversation, seq: int) -> None:
    """The agents have seen everything up to `seq`; the customer sees that they did."""
    updated = Conversation.objects.filter(
        pk=conversation.pk, agent_read_seq__lt=seq, seq__gte=seq
    ).update(agent_read_seq=seq)
    if updated:
        live.announce(
            [
                live.Push(
                    (live.customer_room(conversation.pk),),
                    {"type": "read", "seq": seq},
                )
            ]
        )
