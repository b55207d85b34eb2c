"""Asks the customer of a conversation that is over, in the chat or by a link."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from conversations.models import Conversation
from conversations.surveys.choosing import Ended, Rule, drawn, first_fitting, rested
from conversations.surveys.kinds import KINDS
from conversations.surveys.models import Invitation, Question, Survey, in_language

_SIGNER = Signer(salt="conversations.surveys")


class NotAsked(Exception):
    """There are surveys, and none of them asks about this conversation."""


def invite(conversation: Conversation, *, at: datetime) -> Invitation | None:
    """Who is asked what, kept: the first survey that fits decides. None: the house has no survey, and the
    chat asks its one question. Raises NotAsked, also where it is asked by letter only."""
    surveys = {survey.uuid: survey for survey in _active()}
    if not surveys:
        return None
    ended = Ended(
        key=conversation.uuid,
        inbox=conversation.inbox_id,
        language=conversation.language,
        labels=conversation.labels,
        by_person=conversation.first_reply_at is not None,
    )
    rule = first_fitting((_rule(survey) for survey in surveys.values()), ended)
    if rule is None or not drawn(rule, ended):
        raise NotAsked
    survey = surveys[rule.key]
    before = _asked_before(conversation, survey)
    if not rested(rule, last_asked=before, at=at):
        raise NotAsked
    invitation = keep_invitation(
        conversation,
        survey,
        way=Invitation.Way.CHAT if survey.in_chat else Invitation.Way.EMAIL,
        at=at,
        letter=survey.by_email and bool(conversation.customer.email),
    )
    if not survey.in_chat:
        raise NotAsked
    return invitation


def keep_invitation(
    conversation: Conversation, survey: Survey, *, way: str, at: datetime, letter: bool = False
) -> Invitation:
    """The one invitation to this survey about this conversation; asked again it is open for longer."""
    due = at + timedelta(minutes=survey.email_after_minutes) if letter else None
    until = at + timedelta(days=survey.open_days)
    invitation, made = Invitation.objects.get_or_create(
        survey=survey,
        conversation=conversation,
        defaults={
            "way": way,
            "language": conversation.language,
            "asked_at": at,
            "closes_at": until,
            "letter_due_at": due,
        },
    )
    if not made:
        invitation.closes_at = max(invitation.closes_at, until)
        if invitation.letter_sent_at is None and invitation.answered_at is None:
            invitation.letter_due_at = due
        invitation.save(update_fields=["closes_at", "letter_due_at"])
    return invitation


def open_invitation(conversation_id: int, *, at: datetime) -> Invitation | None:
    """The newest that can still be answered in the chat."""
    return (
        Invitation.objects.filter(
            conversation=conversation_id, closes_at__gt=at, survey__in_chat=True
        )
        .select_related("survey")
        .order_by("-asked_at")
        .first()
    )


def shown_again(conversation: Conversation, *, at: datetime) -> dict[str, Any]:
    """What a chat that is opened again after the end shows: `{"survey": …}`, None where nothing is asked
    any more, and nothing at all where the house has no survey."""
    invitation = open_invitation(conversation.pk, at=at)
    if invitation is not None:
        return {"survey": content_of(invitation) if invitation.answered_at is None else None}
    return {"survey": None} if _active() else {}


def content_of(invitation: Invitation) -> dict[str, Any]:
    """What the chat and the page show, in the customer's language."""
    survey, language = invitation.survey, invitation.language
    return {
        "id": str(survey.uuid),
        "title": in_language(survey.title, language),
        "thanks": in_language(survey.thanks, language) if survey.thanks else "",
        "questions": [_shown(question, language) for question in asked_now(survey)],
    }


def asked_now(survey: Survey) -> list[Question]:
    return list(survey.questions.filter(is_retired=False))


def _shown(question: Question, language: str) -> dict[str, Any]:
    kind = KINDS[question.kind]
    return {
        "id": str(question.uuid),
        "kind": question.kind,
        "text": in_language(question.text, language),
        "least": kind.least,
        "most": kind.most,
        "options": [
            {
                "key": option["key"],
                "text": in_language({k: v for k, v in option.items() if k != "key"}, language),
            }
            for option in question.options
        ],
        "required": question.is_required,
        "only_up_to": question.only_up_to,
    }


def link_to(invitation: Invitation) -> str:
    """Where it is answered without the chat. Whoever has the link may answer; it shows nothing of what was
    said."""
    return settings.SITE_URL + reverse("survey", args=[_SIGNER.sign(invitation.uuid.hex)])


def invitation_of(token: str) -> Invitation | None:
    try:
        key = UUID(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
    return Invitation.objects.select_related("survey", "conversation").filter(uuid=key).first()


def _active() -> list[Survey]:
    return list(
        Survey.objects.filter(is_active=True, questions__is_retired=False)
        .distinct()
        .prefetch_related("inboxes")
    )


def _rule(survey: Survey) -> Rule:
    return Rule(
        key=survey.uuid,
        inboxes=frozenset(inbox.pk for inbox in survey.inboxes.all()),
        languages=frozenset(str(one).lower().split("-")[0] for one in survey.languages),
        ended_with=survey.ended_with,
        with_labels=frozenset(str(one).casefold() for one in survey.with_labels),
        without_labels=frozenset(str(one).casefold() for one in survey.without_labels),
        share=survey.share,
        rest=timedelta(days=survey.rest_days),
    )


def _asked_before(conversation: Conversation, survey: Survey) -> datetime | None:
    """When this customer was last asked the same about another conversation."""
    return (
        Invitation.objects.filter(survey=survey, conversation__customer=conversation.customer_id)
        .exclude(conversation=conversation)
        .order_by("-asked_at")
        .values_list("asked_at", flat=True)
        .first()
    )
