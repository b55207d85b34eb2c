"""Reads of customers and companies, as the console's panels show them."""

from typing import Any

from django.db.models import QuerySet

from agents.access import customers_of, visible_to
from agents.models import Agent
from agents.reads.cases import definitions, line_of, person
from agents.reads.memory import memory_of
from conversations.frames import moment
from conversations.models import Company, Conversation, Customer, CustomerNote, RecordChange

_NOTES, _TALKS, _CHANGES = 20, 10, 10


def company_line(company: Company | None) -> dict[str, Any] | None:
    if company is None:
        return None
    return {"id": str(company.uuid), "name": company.name, "domain": company.domain}


def customer_line(customer: Customer) -> dict[str, Any]:
    """Wants the company and the owner selected."""
    return {
        "id": str(customer.uuid),
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "language": customer.language,
        "company": company_line(customer.company),
        "owner": person(customer.owner),
        "blocked": customer.is_blocked,
        "created_at": moment(customer.created_at),
    }


def note_of(note: CustomerNote) -> dict[str, Any]:
    return {
        "id": str(note.uuid),
        "agent": person(note.agent),
        "text": note.text,
        "is_pinned": note.is_pinned,
        "created_at": moment(note.created_at),
        "edited_at": moment(note.edited_at),
    }


def _changes(rows: QuerySet[RecordChange]) -> list[dict[str, Any]]:
    return [
        {
            "agent": person(row.agent),
            "changes": row.changes,
            "created_at": moment(row.created_at),
        }
        for row in rows.select_related("agent")[:_CHANGES]
    ]


def talks_with(customer: Customer, agent: Agent) -> QuerySet[Conversation]:
    """What this agent may see of a customer's conversations, with how they were rated."""
    return visible_to(agent).filter(customer=customer).select_related("rating")


def past_line(row: Conversation) -> dict[str, Any]:
    """Wants the rating selected. `sentiment` is an estimate, -1 to 1."""
    rating = getattr(row, "rating", None)
    return {
        **line_of(row),
        "sentiment": row.sentiment,
        "score": rating.score if rating else None,
    }


def customer_of(customer: Customer, agent: Agent) -> dict[str, Any]:
    """Everything that the console's customer panel shows, in one answer."""
    return {
        **customer_line(customer),
        "verified": customer.identities.exists(),
        "attributes": customer.attributes,
        "fields": definitions("customer"),
        "notes": [note_of(row) for row in customer.notes.select_related("agent")[:_NOTES]],
        "conversations": [
            past_line(row)
            for row in talks_with(customer, agent).order_by("-last_message_at", "-pk")[:_TALKS]
        ],
        "changes": _changes(customer.changes.all()),
        "memory": memory_of(agent, customer),
    }


def company_of(company: Company, agent: Agent) -> dict[str, Any]:
    return {
        **(company_line(company) or {}),
        "notes": company.notes,
        "attributes": company.attributes,
        "fields": definitions("company"),
        "customers": customers_of(agent).filter(company=company).count(),
        "created_at": moment(company.created_at),
        "changes": _changes(company.changes.all()),
    }
