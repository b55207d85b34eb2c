"""Sets the typed fields of conversations, customers and companies; what changed is on record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from conversations.actions.log import append, hold, tell
from conversations.attributes import Field, changes, settle
from conversations.errors import Missing, NotFound
from conversations.models import AttributeDefinition, Company, Conversation, Customer, RecordChange

Scope = AttributeDefinition.Scope


def fields_of(scope: str) -> list[Field]:
    """The fields of a scope, as the rules know them."""
    return [
        Field(row.key, row.kind, tuple(map(str, row.choices)), row.regex)
        for row in AttributeDefinition.objects.filter(scope=scope)
    ]


@transaction.atomic
def set_on_conversation(
    *, conversation_id: int, given: Mapping[str, Any], agent_id: int, at: datetime
) -> None:
    """Raises WrongFields. What is not named stays; null takes a value away."""
    conversation = hold(conversation_id)
    before = conversation.attributes
    conversation.attributes = settle(fields_of(Scope.CONVERSATION), before, given)
    changed = changes(before, conversation.attributes)
    if not changed:
        return
    conversation.save(update_fields=["attributes"])
    append(
        conversation,
        "attributes",
        at=at,
        actor="agent",
        agent_id=agent_id,
        scope=Scope.CONVERSATION.value,
        changes=changed,
    )
    tell(conversation)


def note_on_open_conversations(
    customer: Customer, kind: str, *, agent_id: int, at: datetime, **data: Any
) -> None:
    """What changed about a customer is a line in every conversation that goes on with them."""
    keys = customer.conversations.open().order_by("pk").values_list("pk", flat=True)
    for pk in list(keys)[-_MOST_TOLD:]:
        append(hold(pk), kind, at=at, actor="agent", agent_id=agent_id, **data)


_MOST_TOLD = 5
_BY_NAME = frozenset({"company", "owner"})
_TOLD_APART = frozenset({"company"})
"""A line of their own says so."""


@transaction.atomic
def change_customer(
    *,
    customer_id: int,
    given: Mapping[str, Any],
    attributes: Mapping[str, Any] | None = None,
    agent_id: int,
    at: datetime,
) -> Customer:
    """Corrects a customer's `name`, `email`, `phone`, `language`, `company`, `owner`, and fields."""
    customer = (
        Customer.objects.select_for_update(of=("self",), no_key=True)
        .select_related("company", "owner")
        .filter(pk=customer_id)
        .first()
    )
    if customer is None:
        raise NotFound("There is no such customer.")
    was, was_attributes = _record(customer, given), customer.attributes
    for name, value in given.items():
        setattr(customer, name, value)
    if attributes is not None:
        customer.attributes = settle(fields_of(Scope.CUSTOMER), was_attributes, attributes)
    changed = changes(was, _record(customer, given))
    set_now = changes(was_attributes, customer.attributes)
    if changed or set_now:
        customer.save(update_fields=[*given, "attributes"])
        RecordChange.objects.create(
            customer=customer, agent_id=agent_id, changes=changed | set_now, created_at=at
        )
    if set_now or changed.keys() - _TOLD_APART:
        note_on_open_conversations(
            customer,
            "attributes",
            agent_id=agent_id,
            at=at,
            scope=Scope.CUSTOMER.value,
            changes={k: v for k, v in (changed | set_now).items() if k not in _TOLD_APART},
        )
    if "company" in changed:
        note_on_open_conversations(
            customer, "company", agent_id=agent_id, at=at, **changed["company"]
        )
    return customer


def _record(customer: Customer, names: Mapping[str, Any]) -> dict[str, Any]:
    """What changes are told by: companies and people by their names."""
    return {
        name: (str(getattr(customer, name)) if getattr(customer, name) else None)
        if name in _BY_NAME
        else getattr(customer, name)
        for name in names
    }


@transaction.atomic
def change_company(
    *,
    company_id: int,
    given: Mapping[str, Any],
    attributes: Mapping[str, Any] | None = None,
    agent_id: int,
    at: datetime,
) -> Company:
    """Changes a company's `name`, `domain`, `notes` and fields. A taken name: IntegrityError."""
    company = Company.objects.select_for_update(no_key=True).filter(pk=company_id).first()
    if company is None:
        raise NotFound("There is no such company.")
    before = {name: getattr(company, name) for name in given} | company.attributes
    for name, value in given.items():
        setattr(company, name, value)
    if attributes is not None:
        company.attributes = settle(fields_of(Scope.COMPANY), company.attributes, attributes)
    after = {name: getattr(company, name) for name in given} | company.attributes
    if changed := changes(before, after):
        company.save(update_fields=[*given, "attributes"])
        RecordChange.objects.create(
            company=company, agent_id=agent_id, changes=changed, created_at=at
        )
    return company


def require_filled(conversation: Conversation) -> None:
    """Raises Missing while a field that must be filled before resolving is empty."""
    required = AttributeDefinition.objects.filter(
        required_on_resolve=True, scope__in=[Scope.CONVERSATION, Scope.CUSTOMER]
    )
    held = {
        Scope.CONVERSATION.value: conversation.attributes,
        Scope.CUSTOMER.value: conversation.customer.attributes,
    }
    empty = {
        row.key: [f"{row.label} has to be filled in."]
        for row in required
        if held[row.scope].get(row.key) in (None, "")
    }
    if empty:
        raise Missing(" ".join(words[0] for words in empty.values()), fields=empty)
