"""Letters that ask customers how it was: one for a conversation, never two a day to one address.

A letter holds a link and nothing of what was said.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.forms import ValidationError
from django.utils import timezone
from django.utils.dateformat import format as date_format

from conversations.lifecycle import CLOSED
from conversations.rounds import for_a_while
from conversations.surveys.inviting import link_to
from conversations.surveys.models import Invitation, Refusal
from conversations.surveys.words import said

logger = logging.getLogger(__name__)

_AT_ONCE = 50
_BETWEEN = timedelta(days=1)


def send_letters(*, at: datetime) -> int:
    """One round; answers how many went out. Two rounds at once send nothing twice."""
    if not settings.EMAIL_URL:
        return 0
    due = Invitation.objects.filter(letter_due_at__lte=at).order_by("letter_due_at")
    keys = list(due.values_list("pk", flat=True)[:_AT_ONCE])
    return sum(_send(pk, at=at) for pk in for_a_while(keys))


def refuse_letters(address: str, *, at: datetime) -> None:
    """Whoever reads letters to this address wants none of these any more."""
    Refusal.objects.get_or_create(email_hash=_hash(address), defaults={"refused_at": at})


@transaction.atomic
def _send(pk: int, *, at: datetime) -> int:
    invitation = (
        Invitation.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("survey", "conversation__customer", "conversation__inbox")
        .filter(pk=pk, letter_due_at__lte=at)
        .first()
    )
    if invitation is None:
        return 0
    address = invitation.conversation.customer.email
    invitation.letter_due_at = None
    if not _may_be_sent(invitation, address, at=at):
        invitation.save(update_fields=["letter_due_at"])
        return 0
    invitation.letter_sent_at = at
    invitation.save(update_fields=["letter_due_at", "letter_sent_at"])
    try:
        _letter(invitation, address).send()
    except (OSError, SMTPException) as problem:
        # The next round tries again; the survey closes some day, and with it this ends.
        logger.warning("A survey's letter was not sent", extra={"error": type(problem).__name__})
        transaction.set_rollback(True)
        return 0
    return 1


def _may_be_sent(invitation: Invitation, address: str, *, at: datetime) -> bool:
    """Not answered, still over, still open, and the address is one that may be written to."""
    if (
        invitation.answered_at is not None
        or invitation.conversation.state not in CLOSED
        or not invitation.survey.is_active
        or at >= invitation.closes_at
    ):
        return False
    try:
        validate_email(address)
    except ValidationError:
        return False
    if Refusal.objects.filter(email_hash=_hash(address)).exists():
        return False
    return not Invitation.objects.filter(
        conversation__customer__email__iexact=address, letter_sent_at__gt=at - _BETWEEN
    ).exists()


def _letter(invitation: Invitation, address: str) -> EmailMessage:
    language = invitation.language
    link = link_to(invitation)
    house = invitation.conversation.inbox.name
    day = date_format(timezone.localtime(invitation.closes_at), "Y-m-d")
    body = "\n\n".join(
        (
            said(language, "hello"),
            said(language, "letter", house=house),
            link,
            said(language, "until", day=day),
            f"{said(language, 'stop_line')} {link}stop/",
        )
    )
    return EmailMessage(
        subject=said(language, "subject"),
        body=body + "\n",
        to=[address],
        headers={
            # The same letter tried again is the same letter.
            "Message-ID": f"<{invitation.uuid}@{settings.EMAIL_FROM.rpartition('@')[2].rstrip('>')}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{link}stop/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _hash(address: str) -> bytes:
    return hashlib.sha256(address.strip().casefold().encode()).digest()
