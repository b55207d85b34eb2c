"""Keeps what a customer answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from conversations.actions.customer import rate
from conversations.actions.log import append, hold
from conversations.errors import BadWords, Closed
from conversations.surveys.inviting import asked_now, open_invitation
from conversations.surveys.models import Invitation, Question, Reply
from conversations.surveys.reading import Asked, Given, read_answers


def answer_in_chat(*, conversation_id: int, said: Mapping[str, Any], at: datetime) -> Invitation:
    """Raises BadWords, Closed."""
    invitation = open_invitation(conversation_id, at=at)
    if invitation is None:
        raise Closed("Nothing is asked here any more.")
    return answer(invitation, said, way=Invitation.Way.CHAT, at=at)


@transaction.atomic
def answer(
    invitation: Invitation, said: Mapping[str, Any], *, way: str, at: datetime
) -> Invitation:
    """All of one survey at once; answered again, the new answers replace the old ones. The satisfaction
    among them is the conversation's rating. Raises BadWords, Closed."""
    conversation = hold(invitation.conversation_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if at >= invitation.closes_at:
        raise Closed("This survey is over.")
    questions = {str(question.uuid): question for question in asked_now(invitation.survey)}
    given = read_answers([_asked(one) for one in questions.values()], said)
    Reply.objects.filter(invitation=invitation).delete()
    Reply.objects.bulk_create(
        Reply(
            invitation=invitation,
            question=questions[one.key],
            kind=one.kind,
            number=one.number,
            chosen=list(one.chosen),
            text=one.text,
        )
        for one in given
    )
    invitation.answered_at, invitation.answered_by, invitation.letter_due_at = at, way, None
    invitation.save(update_fields=["answered_at", "answered_by", "letter_due_at"])
    append(
        conversation,
        "surveyed",
        at=at,
        actor="customer",
        survey=invitation.survey.uuid,
        name=invitation.survey.name,
        scores={one.kind: one.number for one in reversed(given) if one.number is not None},
    )
    if (score := _first(given, "csat")) is not None:
        rate(
            conversation_id=conversation.pk,
            score=score,
            comment=next((one.text for one in given if one.text), ""),
            at=at,
        )
    return invitation


def _asked(question: Question) -> Asked:
    return Asked(
        key=str(question.uuid),
        kind=question.kind,
        options=[str(option["key"]) for option in question.options],
        is_required=question.is_required,
        only_up_to=question.only_up_to,
    )


def _first(given: Sequence[Given], kind: str) -> int | None:
    return next((one.number for one in given if one.kind == kind), None)


def answers_of(frame: Mapping[str, Any]) -> dict[str, Any]:
    """The answers in a frame of the chat, `{question: value}`. Raises BadWords."""
    said = frame.get("answers")
    if not isinstance(said, dict) or len(said) > 100:
        raise BadWords('"answers" is an object: {"<question>": <answer>}.')
    return said
