"""An agent disagrees with an answer; a manager decides, and what they decide is on record."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from agents.models import Agent
from analytics.quality.actions.review import example_of
from analytics.quality.actions.total import add_up
from analytics.quality.models import Answer, Appeal, Correction, Example
from conversations.errors import NotAllowed, Refused, WrongFields

LONGEST = 500


class AlreadyAppealed(Refused):
    """One is open, or it was decided."""

    code = "already_appealed"


class AlreadyDecided(Refused):
    code = "already_decided"


@transaction.atomic
def appeal(*, answer: Answer, agent: Agent, reason: str, at: datetime) -> Appeal:
    """Of the agent whose answer it is, once. Raises NotAllowed, WrongFields, AlreadyAppealed."""
    if answer.score.agent_id != agent.pk or answer.score.by != "machine":
        raise NotAllowed("Only whoever was scored may appeal.")
    words = reason.strip()
    if not words or len(words) > LONGEST:
        raise _wrong("reason", f"Say why, in {LONGEST} characters at most.")
    if answer.appeals.exists() or answer.is_corrected:
        raise AlreadyAppealed("This answer was appealed before.")
    try:
        with transaction.atomic():
            return Appeal.objects.create(answer=answer, agent=agent, reason=words, at=at)
    except IntegrityError as twice:
        raise AlreadyAppealed("This answer was appealed before.") from twice


@transaction.atomic
def decide(
    *, appeal: Appeal, by: Agent, accept: bool, value: int | None, words: str, at: datetime
) -> Appeal:
    """Accepted: the answer becomes `value` (None: it does not apply), and the total follows. Nobody decides
    an appeal of their own. Raises AlreadyDecided, NotAllowed, WrongFields."""
    held = Appeal.objects.select_for_update().get(pk=appeal.pk)
    if held.state != "open":
        raise AlreadyDecided("Somebody has decided it.")
    if held.agent_id == by.pk:
        raise NotAllowed("Nobody decides an appeal of their own.")
    held.state = "accepted" if accept else "refused"
    held.decided_by, held.decided_at, held.words = by, at, words.strip()[:LONGEST]
    held.save(update_fields=["state", "decided_by", "decided_at", "words"])
    if accept:
        correct(answer=held.answer, value=value, by=by, reason=held.reason, at=at)
    return held


@transaction.atomic
def correct(*, answer: Answer, value: int | None, by: Agent, reason: str, at: datetime) -> None:
    """A person has the last word. Raises WrongFields for an answer that the question does not allow."""
    held = (
        Answer.objects.select_for_update(of=("self",))
        .select_related("question", "score__version")
        .get(pk=answer.pk)
    )
    question = held.question
    low, high = (0, 1) if question.highest is None else (1, question.highest)
    if value is None and not question.may_not_apply:
        raise _wrong("value", "This question always applies.")
    if value is not None and not low <= value <= high:
        raise _wrong("value", f"An answer is {low} to {high}.")
    if value == held.value:
        raise _wrong("value", "That is what the answer is.")
    Correction.objects.create(
        answer=held, before=held.value, after=value, reason=reason[:300], by=by, at=at
    )
    if held.signal is not None and value is not None:
        made = example_of(held, held.score, value, by_id=by.pk, source="appeal", at=at)
        Example.objects.bulk_create([made], ignore_conflicts=True)
    held.value, held.is_corrected, held.confidence = value, True, None
    held.save(update_fields=["value", "is_corrected", "confidence"])
    add_up([held.score_id])


def _wrong(field: str, words: str) -> WrongFields:
    return WrongFields(words, fields={field: [words]})
