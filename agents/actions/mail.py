"""News that nobody looked at is sent by e-mail to those who want that: one letter for all of it.

What customers wrote stays in the house: a letter says what happened and where to read on.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from agents.models import Agent, Notification, NotificationRule
from agents.rules.attention import DEFAULTS, title_of
from conversations.rounds import for_a_while

logger = logging.getLogger(__name__)

UNREAD_FOR = timedelta(minutes=2)
NO_NEWS_AFTER = timedelta(hours=6)
_LETTERS = 50  # a round; the others wait for the next one
_LINES = 20


def mail_unread(*, at: datetime) -> int:
    """One round; answers how many letters were sent. Two rounds at once send nothing twice."""
    if not settings.EMAIL_URL:
        return 0
    agents = _overdue(at).order_by("agent").values_list("agent", flat=True).distinct()
    return sum(_write_to(agent_id, at=at) for agent_id in for_a_while(list(agents[:_LETTERS])))


def _overdue(at: datetime) -> QuerySet[Notification]:
    """Unread for a while, not told by e-mail, and wanted so."""
    rule = NotificationRule.objects.filter(agent=OuterRef("agent"), kind=OuterRef("kind"))
    usual = [kind for kind, how in DEFAULTS.items() if how.email]
    return Notification.objects.filter(
        Q(Exists(rule.filter(email=True))) | (Q(kind__in=usual) & ~Q(Exists(rule))),
        read_at=None,
        mailed_at=None,
        created_at__lte=at - UNREAD_FOR,
        created_at__gt=at - NO_NEWS_AFTER,
        agent__is_active=True,
    ).exclude(agent__email="")


@transaction.atomic
def _write_to(agent_id: int, *, at: datetime) -> int:
    rows = _overdue(at).filter(agent=agent_id).select_for_update(of=("self",), skip_locked=True)
    news = list(rows.select_related("agent", "conversation").order_by("-created_at", "-pk"))
    if not news:
        return 0
    Notification.objects.filter(pk__in=[one.pk for one in news]).update(mailed_at=at)
    try:
        _letter(news[0].agent, news).send()
    except (OSError, SMTPException) as problem:
        # Tried again a minute later: nobody waits for a mail server.
        logger.warning("A letter was not sent", extra={"error": type(problem).__name__})
        transaction.set_rollback(True)
        return 0
    return 1


def _letter(agent: Agent, news: Sequence[Notification]) -> EmailMessage:
    lines = [_line(one) for one in news[:_LINES]]
    if len(news) > _LINES:
        lines.append(f"… and {len(news) - _LINES} more.")
    first = title_of(news[0].kind, news[0].data)
    subject = first if len(news) == 1 else f"{first}, and {len(news) - 1} more"
    home = f"{settings.SITE_URL}/console/"
    ending = f"Which news come by e-mail you say in the console, under Notices: {home}"
    return EmailMessage(
        subject=subject,
        body="\n\n".join([f"Hello {agent.shown_name},", *lines, ending]) + "\n",
        to=[agent.email],
        headers={
            # The same news tried again is the same letter.
            "Message-ID": f"<{news[0].uuid}@{settings.EMAIL_FROM.rpartition('@')[2].rstrip('>')}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _line(one: Notification) -> str:
    if one.conversation is None:
        return title_of(one.kind, one.data)
    place = f"/{one.data['offset']}" if "offset" in one.data else ""
    return f"{title_of(one.kind, one.data)}:\n{settings.SITE_URL}/console/#{one.conversation.uuid}{place}"
