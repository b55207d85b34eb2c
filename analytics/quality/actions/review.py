"""People score what the machine scored, without having seen its answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from agents.models import Agent
from analytics.quality.actions.total import add_up
from analytics.quality.models import Answer, Example, Look, ReviewTask, Score
from analytics.quality.reads.cards import questions_of
from analytics.quality.rules.filling import BadAnswer, Given, checked
from conversations.errors import NotAllowed, Refused, WrongFields

Said = Mapping[str, tuple[int | None, str] | None]


class AlreadyScored(Refused):
    """The same person has scored it before."""

    code = "already_scored"


def note_look(*, score: Score, agent: Agent, at: datetime) -> None:
    """They see what the machine answered: what they score from now on is not blind."""
    if score.by == "machine":
        Look.objects.bulk_create([Look(score=score, agent=agent, at=at)], ignore_conflicts=True)


@transaction.atomic
def review(*, score: Score, reviewer: Agent, said: Said, at: datetime) -> Score:
    """A person's score beside the machine's `score`. Raises AlreadyScored, WrongFields, and NotAllowed for
    who would score themselves."""
    if score.agent_id == reviewer.pk:
        raise NotAllowed("Nobody scores what they said themselves.")
    held = Score.objects.select_for_update().get(pk=score.pk)
    try:
        given = checked(questions_of(held.version_id), said)
    except BadAnswer as bad:
        raise WrongFields(bad.detail, fields={bad.code: [bad.detail]}) from bad
    is_blind = not Look.objects.filter(score=held, agent=reviewer).exists()
    try:
        with transaction.atomic():
            made = Score.objects.create(
                conversation_id=held.conversation_id,
                version_id=held.version_id,
                subject=held.subject,
                agent_id=held.agent_id,
                by="person",
                reviewer=reviewer,
                is_blind=is_blind,
                judges=held.judges,
                chance=held.chance,
                ended_at=held.ended_at,
                at=at,
            )
    except IntegrityError as twice:
        raise AlreadyScored("You have scored this one before.") from twice
    Answer.objects.bulk_create(
        Answer(score=made, question_id=one.question, value=one.value, text=one.text)
        for one in given
    )
    add_up([made.pk])
    note_look(score=held, agent=reviewer, at=at)  # it is shown to them from now on
    if is_blind:
        _count(held, at=at)
        _examples(held, {one.question: one for one in given}, reviewer, at=at)
    return made


def _count(score: Score, *, at: datetime) -> None:
    tasks = ReviewTask.objects.filter(score=score)
    tasks.update(given=F("given") + 1)
    tasks.filter(given__gte=F("wanted"), done_at=None).update(done_at=at)


def _examples(score: Score, given: Mapping[int, Given], reviewer: Agent, *, at: datetime) -> None:
    rows = Answer.objects.filter(score=score, signal__isnull=False).select_related("question")
    Example.objects.bulk_create(
        (
            example_of(row, score, value, by_id=reviewer.pk, source="review", at=at)
            for row in rows
            if (one := given.get(row.question_id)) is not None and (value := one.value) is not None
        ),
        ignore_conflicts=True,
    )


def example_of(
    answer: Answer, score: Score, value: int, *, by_id: int, source: str, at: datetime
) -> Example:
    assert answer.signal is not None
    return Example(
        answer=answer,
        judge=answer.question.judge,
        judges=score.judges,
        language=score.version.language,
        signal=answer.signal,
        value=value,
        highest=answer.question.highest,
        source=source,
        by_id=by_id,
        at=at,
    )
