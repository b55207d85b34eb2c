"""Canned replies: which there are for an agent, found how, and filled in for a conversation."""

from datetime import datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from agents.models import Agent, CannedReply
from agents.rules.placeholders import ATTRIBUTES, Rendered, render, text_for
from conversations.models import Conversation
from conversations.words import clean_line

MOST_FOUND = 20
_MOST_WORDS = 8


def replies_for(agent: Agent, *, conversation: Conversation | None = None) -> QuerySet[CannedReply]:
    """Everybody's, their teams', their own; of an inbox's only those of this conversation's."""
    mine = Q(scope="everybody") | Q(owner=agent) | Q(team__in=agent.teams.all())
    of_inbox = Q(inbox=conversation.inbox_id) if conversation else Q(scope="inbox")
    return CannedReply.objects.filter(mine | of_inbox).select_related("owner", "team", "inbox")


def active(replies: QuerySet[CannedReply], *, at: datetime) -> QuerySet[CannedReply]:
    return replies.filter(
        Q(active_from=None) | Q(active_from__lte=at), Q(active_until=None) | Q(active_until__gt=at)
    )


def like(replies: QuerySet[CannedReply], query: str) -> list[CannedReply]:
    """The best first: by the shortcut, by its beginning, by the title's, by words anywhere."""
    query = query.strip().removeprefix("/")
    found = replies.annotate(said=Cast("texts", TextField()), named=Cast("tags", TextField()))
    for word in query.split()[:_MOST_WORDS]:
        found = found.filter(
            Q(shortcut__icontains=word)
            | Q(title__icontains=word)
            | Q(said__icontains=word)
            | Q(named__icontains=word)
        )
    rank = Case(
        When(shortcut__iexact=query, then=Value(0)),
        When(shortcut__istartswith=query, then=Value(1)),
        When(title__istartswith=query, then=Value(2)),
        default=Value(3),
    )
    return list(found.annotate(rank=rank).order_by("rank", "-uses", "shortcut", "pk")[:MOST_FOUND])


def values_of(conversation: Conversation, agent: Agent) -> dict[str, str]:
    """What the placeholders stand for; lines without control characters, and nothing longer."""
    customer = conversation.customer
    values: dict[str, Any] = {
        "customer.name": customer.name,
        "customer.first_name": customer.name.split(" ")[0],
        "customer.email": customer.email,
        "customer.phone": customer.phone,
        "customer.language": customer.language or conversation.language,
        "agent.name": agent.shown_name,
        "agent.first_name": agent.first_name or agent.shown_name.split(" ")[0],
        "agent.email": agent.email,
        "conversation.id": conversation.uuid,
        "conversation.language": conversation.language,
        "inbox.name": conversation.inbox.name,
        "queue.name": conversation.queue.name if conversation.queue else "",
    }
    for key, value in customer.attributes.items():
        if value is not None and not isinstance(value, dict):
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            values[f"{ATTRIBUTES}{key}"] = shown
    return {name: clean_line(str(value), limit=500) for name, value in values.items()}


def rendered(
    texts: dict[str, str], *, conversation: Conversation, agent: Agent, language: str = ""
) -> tuple[str, Rendered]:
    """(language, text filled in): in the wanted language, else the customer's, else any."""
    code, text = text_for(
        texts,
        *filter(None, [language, conversation.language, conversation.customer.language]),
    )
    return code, render(text, values_of(conversation, agent))
