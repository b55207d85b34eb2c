"""Labels, a priority, or a queue for a conversation, as cases like it had them. One click applies one;
each is a line in the log of suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from agents.actions.assign import transfer
from agents.actions.labelling import label
from agents.assist.models import Suggestion
from agents.assist.reads.past import Hint, past_of
from agents.assist.reads.similar import what_it_is_about
from agents.models import Agent, Queue
from bots.knowledge.corpus import corpus
from bots.knowledge.vectors import encoders_at_hand
from bots.learning.clusters import around
from conversations.errors import NotFound
from conversations.models import Conversation, Label

MOST = 4
KINDS = ("label", "priority", "queue")


def hint(conversation: Conversation, *, at: datetime) -> list[Suggestion]:
    """What is new to suggest; the same is suggested once in a conversation, whatever became of it."""
    about = what_it_is_about(conversation)
    if not about:
        return []
    every = encoders_at_hand().every
    past = past_of(conversation.inbox_id, every.name)
    if not any(past.bars.values()):
        return []
    vector = around(every.queries([about]), corpus().middle)[0]
    wanted = [one for one in past.hints(vector) if _is_new(one, conversation)][:MOST]
    known = set(of_conversation(conversation.pk).values_list("kind", "text"))
    fresh = [
        Suggestion(
            conversation=conversation,
            agent_id=conversation.assignee_id,
            kind=one.kind,
            text=one.value,
            by=Suggestion.By.CASES,
            confidence=one.precision,
            place=place,
            at=at,
        )
        for place, one in enumerate(wanted, 1)
        if (one.kind, one.value) not in known
    ]
    return Suggestion.objects.bulk_create(fresh, ignore_conflicts=True)


def of_conversation(conversation_id: int) -> QuerySet[Suggestion]:
    return Suggestion.objects.filter(conversation=conversation_id, kind__in=KINDS)


def open_hints(conversation: Conversation) -> list[Suggestion]:
    """Nobody has decided on them, and they would still change something."""
    rows = of_conversation(conversation.pk).filter(outcome="").order_by("place", "pk")
    return [
        row for row in rows if _is_new(Hint(row.kind, row.text, row.confidence, 0), conversation)
    ]


def _is_new(one: Hint, conversation: Conversation) -> bool:
    if one.kind == "label":
        known = Label.objects.filter(name__iexact=one.value, is_active=False)
        return one.value not in conversation.labels and not known.exists()
    if one.kind == "priority":
        return one.value != str(conversation.priority) == str(Conversation.Priority.NORMAL.value)
    now = conversation.queue.name if conversation.queue else ""
    return one.value != now and Queue.objects.filter(name=one.value).exists()


@transaction.atomic
def decide(
    *, conversation: Conversation, key: UUID, agent: Agent, taken: bool, at: datetime
) -> Suggestion:
    """Applies it, or puts it away. Saying so again changes nothing. Raises NotFound, and what the change
    itself is refused with."""
    row = of_conversation(conversation.pk).select_for_update(of=("self",)).filter(uuid=key).first()
    if row is None:
        raise NotFound("There is no such suggestion.")
    if row.outcome:
        return row
    if taken:
        _apply(row, conversation, agent, at=at)
    row.shown_at = row.shown_at or at
    row.agent = agent
    row.decided_at = at
    if taken:
        row.outcome, row.inserted_at, row.distance, row.likeness = "sent", at, 0, 1.0
    else:
        row.outcome = "dismissed"
    row.save()
    return row


def _apply(row: Suggestion, conversation: Conversation, agent: Agent, *, at: datetime) -> None:
    pk = conversation.pk
    if row.kind == "queue":
        queue = Queue.objects.filter(name=row.text).first()
        if queue is None:
            raise NotFound("There is no such queue.")
        transfer(
            conversation_id=pk, agent_id=agent.pk, kind="queue", target=queue.uuid, note="", at=at
        )
        return
    is_label = row.kind == "label"
    label(
        conversation_id=pk,
        agent_id=agent.pk,
        labels=[*conversation.labels, row.text] if is_label else None,
        priority=None if is_label else int(row.text),
        at=at,
    )


def settle_hints(*, at: datetime) -> int:
    """Of conversations that no agent has any more: what was seen and not used was ignored, unless it
    is so now, by whatever hand."""
    rows = Suggestion.objects.filter(kind__in=KINDS, outcome="").exclude(
        conversation__state__in=["assigned", "on_hold", "snoozed"]
    )
    return sum(_settle(row, at=at) for row in _locked(rows))


def _locked(rows: QuerySet[Suggestion]) -> Sequence[Suggestion]:
    return list(rows.select_related("conversation__queue").order_by("pk")[:500])


def _settle(row: Suggestion, *, at: datetime) -> int:
    is_so = not _is_new(Hint(row.kind, row.text, row.confidence, 0), row.conversation)
    outcome = "ignored" if row.shown_at else "unseen"
    fields: dict[str, object] = {"outcome": outcome, "decided_at": at}
    if is_so and row.shown_at:
        fields |= {"outcome": "sent", "distance": 0, "likeness": 1.0}
    return Suggestion.objects.filter(pk=row.pk, outcome="").update(**fields)
