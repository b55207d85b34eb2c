"""Who belongs to a segment, asked of the database in one statement."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Func, JSONField, Max, Q, QuerySet, Value

from agents.recommendations.models import CustomerEvent, Segment
from agents.recommendations.rules.segments import ATTRIBUTE, BadSegment, Group, Leaf, parse
from conversations.models import Conversation, Customer, Identity, Rating

_LONG_AGO = 36_500  # days: before anybody's


def customers_in(conditions: Any, *, at: datetime) -> QuerySet[Customer]:
    """Raises BadSegment."""
    return Customer.objects.filter(is_blocked=False).filter(_asked(parse(conditions), at))


def segments_of(customer: Customer, *, at: datetime) -> list[Segment]:
    return [one for one in Segment.objects.filter(is_active=True) if belongs(customer, one, at=at)]


def belongs(customer: Customer, segment: Segment, *, at: datetime) -> bool:
    try:
        return customers_in(segment.conditions, at=at).filter(pk=customer.pk).exists()
    except BadSegment:  # what an older version could say
        return False


def _asked(tree: Leaf | Group, at: datetime) -> Q:
    if isinstance(tree, Leaf):
        return _leaf(tree, at)
    found = Q()
    for part in tree.parts:
        asked = _asked(part, at)
        found = found | asked if tree.kind == "any" else found & asked
    # Asked by key, so that what is unknown of somebody counts as not met, and its contrary as met.
    return ~Q(pk__in=Customer.objects.filter(found).values("pk")) if tree.kind == "not" else found


def _leaf(leaf: Leaf, at: datetime) -> Q:
    if leaf.field.startswith(ATTRIBUTE):
        return _attribute(leaf, leaf.field.removeprefix(ATTRIBUTE))
    if leaf.field in {"bought", "viewed", "asked"}:
        name = "item__key" if leaf.op == "item" else "item__category"
        rows = CustomerEvent.objects.filter(customer__isnull=False, kind=leaf.field)
        return Q(pk__in=rows.filter(**{name: leaf.value}).values("customer"))
    if leaf.field == "signed_in":
        found = Q(pk__in=Identity.objects.values("customer"))
        return found if leaf.value else ~found
    if leaf.field.startswith("days_since"):
        return _since(leaf, at)
    if leaf.field in {"conversations", "bought_count", "rating"}:
        return _counted(leaf)
    return _word(leaf)


def _rows(field: str) -> QuerySet[Any]:
    if field in {"bought_count", "days_since_bought"}:
        return CustomerEvent.objects.filter(customer__isnull=False, kind="bought")
    return Conversation.objects.all()


def _since(leaf: Leaf, at: datetime) -> Q:
    """Of who never did there are no days since."""
    rows = _rows(leaf.field).order_by()
    name = "at" if leaf.field == "days_since_bought" else "last_message_at"
    last = rows.values("customer").annotate(last=Max(name))
    then = at - timedelta(days=min(leaf.value, _LONG_AGO))
    meant = last.filter(last__lte=then) if leaf.op == "at_least" else last.filter(last__gte=then)
    return Q(pk__in=meant.values("customer"))


def _counted(leaf: Leaf) -> Q:
    if leaf.field == "rating":
        scores = Rating.objects.order_by().values("conversation__customer")
        grouped = scores.annotate(many=Avg("score"))
        word = "many__gte" if leaf.op == "at_least" else "many__lte"
        return Q(pk__in=grouped.filter(**{word: leaf.value}).values("conversation__customer"))
    grouped = _rows(leaf.field).order_by().values("customer").annotate(many=Count("pk"))
    if leaf.op == "at_least":
        return (
            Q(pk__in=grouped.filter(many__gte=leaf.value).values("customer")) if leaf.value else Q()
        )
    return ~Q(pk__in=grouped.filter(many__gt=leaf.value).values("customer"))


def _word(leaf: Leaf) -> Q:
    name = {"company": "company__name"}.get(leaf.field, leaf.field)
    empty = Q(**{name: ""}) | Q(**{f"{name}__isnull": True})
    if leaf.op == "is_set":
        return ~empty if leaf.value else empty
    if leaf.op == "ends_with":
        return Q(**{f"{name}__iendswith": leaf.value})
    same = Q(**{f"{name}__iexact": leaf.value})
    return same if leaf.op == "is" else ~same


def _attribute(leaf: Leaf, name: str) -> Q:
    if leaf.op == "is_set":
        there = Q(attributes__has_key=name)
        return there if leaf.value else ~there
    if leaf.op in {"is", "is_not"}:
        same = Q(attributes__contains={name: leaf.value})
        return same if leaf.op == "is" else ~same
    # A name may be that of a lookup, hold two lines under it, or be a bare number, which a path into JSON takes
    # for a place in a list: it is handed over as a value.
    known = Func("attributes", Value(name), function="jsonb_extract_path", output_field=JSONField())
    rows = Customer.objects.alias(known=known)
    word = "known__gte" if leaf.op == "at_least" else "known__lte"
    return Q(pk__in=rows.filter(**{word: leaf.value}).values("pk"))
