"""Somebody leaves: what they could still do with an open page or a kept token ends now."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from agents.actions.losing import give_back
from agents.actions.presence import set_presence
from agents.models import Agent, ApiToken, Assignment, Presence


@transaction.atomic
def deactivate(*, agent_id: int, at: datetime) -> None:
    """No more sign-in; sessions and tokens end, what they hold goes back to its queue.

    Open sockets are shown out by the board's next round, within seconds. Doing it twice changes
    nothing.
    """
    Agent.objects.filter(pk=agent_id).update(is_active=False)
    end_access(agent_id=agent_id, at=at)
    held = Assignment.objects.filter(agent=agent_id, ended_at=None)
    for conversation_id in list(held.values_list("conversation_id", flat=True)):
        give_back(conversation_id=conversation_id, agent_id=agent_id, at=at)
    if Presence.objects.filter(agent=agent_id).exists():
        set_presence(agent_id=agent_id, status=Presence.Status.OFFLINE, at=at, alive=False)


@transaction.atomic
def end_access(*, agent_id: int, at: datetime) -> None:
    """Every session and token of this person ends; they may sign in again if they are active."""
    ApiToken.objects.filter(agent=agent_id, revoked_at=None).update(revoked_at=at)
    # Sessions are kept by key only; those of people inside are few.
    theirs = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=at).iterator()
        if session.get_decoded().get(SESSION_KEY) == str(agent_id)
    ]
    Session.objects.filter(pk__in=theirs).delete()
