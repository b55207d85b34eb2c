"""What is remembered of a customer, as an agent may read it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from agents.access import visible_to
from agents.models import Agent
from conversations.frames import moment
from conversations.models import Customer, CustomerFact


def facts_for(agent: Agent, customer: Customer) -> QuerySet[CustomerFact]:
    """All that is known. What the customer was not asked about yet is only for who may read where it
    was said anyhow."""
    theirs = visible_to(agent).filter(customer=customer).values("pk")
    rows = CustomerFact.objects.filter(customer=customer).select_related("agent", "conversation")
    known = rows.filter(state="known")
    return (known | rows.filter(state="asked", conversation__in=theirs)).order_by(
        "kind", "about", "pk"
    )


def fact_of(row: CustomerFact, *, seen: set[int]) -> dict[str, Any]:
    """`seen`: the conversations that the reader may see; of others only the day is told."""
    shows = row.conversation_id in seen
    return {
        "id": str(row.uuid),
        "kind": row.kind,
        "kind_says": row.get_kind_display(),
        "about": "" if row.about == row.mark else row.about,
        "value": row.value,
        "state": row.state,
        "by": row.by,
        "agent": row.agent.shown_name if row.agent else None,
        "said_at": moment(row.said_at),
        "conversation": str(row.conversation.uuid) if row.conversation and shows else None,
        "seq": row.seq if shows else None,
    }


def memory_of(agent: Agent, customer: Customer) -> dict[str, Any]:
    rows = list(facts_for(agent, customer))
    seen = set(
        visible_to(agent)
        .filter(pk__in=[row.conversation_id for row in rows if row.conversation_id])
        .values_list("pk", flat=True)
    )
    return {
        "remembers": customer.remembers,
        "facts": [fact_of(row, seen=seen) for row in rows],
    }
