"""A survey and its questions, kept together."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from conversations.errors import BadWords
from conversations.surveys.models import Question, Survey


@transaction.atomic
def keep_survey(
    survey: Survey,
    words: dict[str, Any],
    *,
    inboxes: Sequence[Any] | None = None,
    questions: Sequence[dict[str, Any]] | None = None,
) -> Survey:
    """Sets what is said and leaves the rest. `questions` are all of them, in order: whoever has an `id` is
    changed, others are new, and what is missing goes; what was answered is retired. Raises BadWords."""
    for name, value in words.items():
        setattr(survey, name, value)
    try:
        survey.full_clean()
    except ValidationError as error:
        raise BadWords(_said(error)) from error
    survey.save()
    if inboxes is not None:
        survey.inboxes.set(inboxes)
    if questions is not None:
        _keep_questions(survey, questions)
    return survey


def _keep_questions(survey: Survey, questions: Sequence[dict[str, Any]]) -> None:
    known = {question.uuid: question for question in survey.questions.all()}
    kept = set()
    for position, words in enumerate(questions):
        key = words.pop("id", None)
        if key is not None and key not in known:
            raise BadWords("There is no such question in this survey.")
        question = known[key] if key else Question(survey=survey)
        question.position, question.is_retired = position, False
        for name, value in words.items():
            setattr(question, name, value)
        try:
            question.full_clean()
        except ValidationError as error:
            raise BadWords(f"Question {position + 1}: {_said(error)}") from error
        question.save()
        kept.add(question.pk)
    gone = survey.questions.exclude(pk__in=kept)
    gone.filter(answers__isnull=True).delete()
    gone.update(is_retired=True)


def _said(error: ValidationError) -> str:
    return " ".join(error.messages)
