"""Everything that is kept of one customer, in whatever table: found by the references between the
tables, so that a table that comes later is not forgotten."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import QuerySet
from django.db.models.options import Options
from pgvector.django import VectorField

from agents.models import Agent, DataRequest
from conversations.frames import moment
from conversations.models import Customer, Event, Identity, Message, Upload

Found = dict[type[models.Model], set[Any]]
Table = dict[str, Any]

# How colleagues shared the work, and what searches are answered from: nothing that a customer said, or
# only once more. They are erased like all others.
_NOT_GIVEN_OUT = frozenset(
    {
        "agents.Assignment",
        "agents.IndexedCustomer",
        "agents.IndexedMessage",
        "agents.Notification",
        "agents.Offer",
        "agents.SavedDraft",
        "agents.SupervisionSession",
        "conversations.Mention",
        "conversations.Participant",
        "conversations.TimeEntry",
        # How colleagues did their work, judged by others: theirs, not the customer's.
        "quality.Answer",
        "quality.Appeal",
        "quality.Correction",
        "quality.Example",
        "quality.Look",
        "quality.ReviewTask",
        "quality.Score",
        "quality.Scoring",
    }
)
_NOT_WORDS = (VectorField, SearchVectorField, models.BinaryField)


def customer_named(name: str) -> Customer | None:
    """By their id, or by the id that the company's own site gave them where it is one customer's."""
    try:
        return Customer.objects.filter(uuid=UUID(name)).first()
    except ValueError:
        known = set(Identity.objects.filter(external_id=name).values_list("customer", flat=True))
        return Customer.objects.get(pk=known.pop()) if len(known) == 1 else None


def found_of(customer_id: int) -> Found:
    """The keys of all rows that belong to a customer, directly or by what belongs to them: exactly those
    that go when the customer does."""
    found: Found = {Customer: {customer_id}}
    waiting: deque[tuple[type[models.Model], set[Any]]] = deque([(Customer, {customer_id})])
    while waiting:
        model, keys = waiting.popleft()
        for other, name in _belonging(model):
            mine: QuerySet[Any] = QuerySet(model).filter(pk__in=keys)
            rows: QuerySet[Any] = QuerySet(other).filter(**{f"{name}__in": mine})
            fresh = set(rows.values_list("pk", flat=True)) - found.get(other, set())
            if fresh:
                found.setdefault(other, set()).update(fresh)
                waiting.append((other, fresh))
    return found


def _belonging(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """The references to a table whose rows go along with it."""
    for relation in _meta(model).get_fields(include_hidden=True):
        if (
            isinstance(relation, models.ManyToOneRel)
            and relation.on_delete is models.CASCADE
            and not _meta(relation.related_model).proxy
        ):
            yield relation.related_model, relation.field.name


def _meta(model: type[models.Model]) -> Options[Any]:
    return model._meta  # noqa: SLF001 -- Django's own way to ask a table about itself


def label_of(model: type[models.Model]) -> str:
    return _meta(model).label


def files_of(found: Found) -> list[Upload]:
    return list(Upload.objects.filter(pk__in=found.get(Upload, ())).order_by("pk"))


def told(found: Found, *, without: frozenset[str] = frozenset()) -> dict[str, list[Table]]:
    """The rows as a customer may have them: what was said and kept of them, table by table. Numbers that
    only mean something inside are left out, and so is what supervisors said behind an agent's back; and
    the columns of these names."""
    return {
        label_of(model): [
            {
                name: value
                for name, value in _row(one).items()
                if f"{label_of(model)}.{name}" not in without
            }
            for one in _rows(model, keys)
        ]
        for model, keys in sorted(found.items(), key=lambda one: label_of(one[0]))
        if label_of(model) not in _NOT_GIVEN_OUT
    }


def _rows(model: type[models.Model], keys: set[Any]) -> QuerySet[Any]:
    references = [field.name for field in _fields(model) if field.is_relation]
    rows: QuerySet[Any] = QuerySet(model).filter(pk__in=keys)
    if model is Message:
        rows = rows.filter(whispered_to=None)
    if model is Event:
        rows = rows.exclude(kind="supervision").filter(message__whispered_to=None)
    return rows.select_related(*references).order_by("pk")


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [
        field
        for field in _meta(model).concrete_fields
        if not field.primary_key and not isinstance(field, _NOT_WORDS)
    ]


def _row(row: models.Model) -> Table:
    shown = {field.name: _value(row, field) for field in _fields(type(row))}
    return {name: value for name, value in shown.items() if value not in (None, "", [], {})}


def _value(row: models.Model, field: models.Field[Any, Any]) -> Any:
    value = getattr(row, field.name)
    if isinstance(value, Agent):
        return value.shown_name
    if isinstance(value, models.Model):
        key = getattr(value, "uuid", None)
        return str(key) if key else None
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value


def certificate(request: DataRequest) -> Table:
    """What was done, as everybody may read it who may ask for it."""
    return {
        "id": str(request.uuid),
        "kind": request.kind,
        "customer": str(request.customer),
        "asked_by": request.asked_by.shown_name if request.asked_by else None,
        "reason": request.reason,
        "at": moment(request.at),
        "rows": request.rows,
        "files": request.file_count,
        "files_left": len(request.files),
        "articles": request.wording,
    }
