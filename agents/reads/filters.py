"""Conditions → a query, always within what an agent may see."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import and_, or_

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from agents.access import visible_to
from agents.models import Agent
from agents.rules.conditions import Condition, Group, Leaf, attribute_of
from conversations.lifecycle import OPEN, behind
from conversations.models import Conversation, Participant

_COLUMNS = {
    "stage": "state",
    "inbox": "inbox__key",
    "queue": "queue__uuid",
    "priority": "priority",
    "rating": "rating__score",
    "sentiment": "sentiment",
    "company": "customer__company__name",
    "customer.name": "customer__name",
    "customer.email": "customer__email",
    "customer.phone": "customer__phone",
}
_LOOKUPS = {
    "is": "", "contains": "__icontains", "starts_with": "__istartswith",
    "at_least": "__gte", "at_most": "__lte", "before": "__lt", "after": "__gt",
}  # fmt: skip
_TIMES = frozenset(
    {
        "opened_at",
        "last_message_at",
        "waiting_since",
        "queued_at",
        "resolved_at",
        "snoozed_until",
        "first_reply_at",
        "answer_by",
    }
)
_TEXTS = frozenset({"company", "customer.name", "customer.email", "customer.phone"})
NOTHING, EVERYTHING = Q(pk__in=[]), Q()


ABSENT = frozenset({"sentiment"}) - {
    field.name
    for field in Conversation._meta.get_fields()  # noqa: SLF001 -- Django's own public door
}
"""Fields that conversations do not have here."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and when: "me" and "older than" mean nothing without."""

    agent: Agent
    at: datetime


def found_by(condition: Condition, *, agent: Agent, at: datetime) -> QuerySet[Conversation]:
    """The conversations that meet the condition and that this agent may see."""
    return visible_to(agent).filter(as_q(condition, Asking(agent, at)))


def as_q(condition: Condition, asking: Asking) -> Q:
    if isinstance(condition, Leaf):
        return _leaf(condition, asking)
    parts = [as_q(part, asking) for part in condition.parts]
    match condition:
        case Group("not"):
            return ~parts[0]
        case Group("any"):
            return reduce(or_, parts, NOTHING)
        case _:
            return reduce(and_, parts, EVERYTHING)


def _leaf(leaf: Leaf, asking: Asking) -> Q:
    if leaf.op in {"any_of", "is_not", "none_of"}:
        values = leaf.value if isinstance(leaf.value, list) else [leaf.value]
        met = reduce(or_, (_leaf(Leaf(leaf.field, "is", value), asking) for value in values))
        return met if leaf.op == "any_of" else ~met
    if attribute_of(leaf.field):
        return _attribute(leaf)
    if leaf.field in _TIMES:
        return _time(leaf, asking)
    if special := _SPECIAL.get(leaf.field):
        return special(leaf, asking)
    return _column(leaf)


def _column(leaf: Leaf) -> Q:
    column = _COLUMNS[leaf.field]
    if leaf.op == "is_set":
        empty = Q(**{f"{column}__isnull": True})
        if leaf.field in _TEXTS:
            empty |= Q(**{column: ""})
        return ~empty if leaf.value else empty
    if leaf.field == "queue" and leaf.value == "none":
        return Q(queue=None)
    lookup = "__iexact" if leaf.op == "is" and leaf.field in _TEXTS else _LOOKUPS[leaf.op]
    return Q(**{f"{column}{lookup}": leaf.value})


def _time(leaf: Leaf, asking: Asking) -> Q:
    match leaf.op:
        case "is_set":
            return Q(**{f"{leaf.field}__isnull": not leaf.value})
        case "older_than":
            return Q(**{f"{leaf.field}__lt": asking.at - timedelta(minutes=leaf.value)})
        case "newer_than":
            return Q(**{f"{leaf.field}__gt": asking.at - timedelta(minutes=leaf.value)})
        case _:
            moment = datetime.fromisoformat(leaf.value)
            return Q(**{f"{leaf.field}{_LOOKUPS[leaf.op]}": moment})


def _state(leaf: Leaf, _: Asking) -> Q:
    """By the names that customers and views use; one has several stages behind it."""
    return Q(state__in=sorted(OPEN if leaf.value == "open" else behind(leaf.value)))


def _assignee(leaf: Leaf, asking: Asking) -> Q:
    if leaf.value == "nobody":
        return Q(assignee=None)
    return Q(assignee=asking.agent) if leaf.value == "me" else Q(assignee__uuid=leaf.value)


def _team(leaf: Leaf, _: Asking) -> Q:
    """Held by one of its members, or waiting where it serves."""
    members = Agent.objects.filter(teams__uuid=leaf.value)
    return Q(assignee__in=members) | Q(queue__team__uuid=leaf.value)


def _participant(leaf: Leaf, asking: Asking) -> Q:
    taking_part = Participant.objects.filter(conversation=OuterRef("pk"))
    if leaf.value == "me":
        return Q(Exists(taking_part.filter(agent=asking.agent)))
    return Q(Exists(taking_part.filter(agent__uuid=leaf.value)))


def _labels(leaf: Leaf, _: Asking) -> Q:
    if leaf.op == "is_set":
        return ~Q(labels=[]) if leaf.value else Q(labels=[])
    each = [Q(labels__contains=[name]) for name in leaf.value]
    if leaf.op == "has_all":
        return reduce(and_, each)
    return reduce(or_, each) if leaf.op == "has_any" else ~reduce(or_, each)


def _language(leaf: Leaf, _: Asking) -> Q:
    """`zh` also means `zh-Hans`."""
    return Q(language__iexact=leaf.value) | Q(language__istartswith=f"{leaf.value}-")


def _unread(leaf: Leaf, _: Asking) -> Q:
    return Q(seq__gt=F("agent_read_seq")) if leaf.value else Q(seq__lte=F("agent_read_seq"))


_SPECIAL: dict[str, Callable[[Leaf, Asking], Q]] = {
    "state": _state,
    "assignee": _assignee,
    "team": _team,
    "participant": _participant,
    "labels": _labels,
    "language": _language,
    "unread": _unread,
}

# --- custom attributes: by PostgreSQL's own JSON path, which never fails on a value's type ---

_SIGNS = {"is": "==", "at_least": ">=", "at_most": "<=", "before": "<", "after": ">"}


class _As(Func):
    """A text read as a type of PostgreSQL's."""

    def __init__(self, text: str, kind: str) -> None:
        super().__init__(Value(text), template=f"%(expressions)s::{kind}")


class _HasPath(Func):
    function = "jsonb_path_exists"
    output_field = BooleanField()


def _attribute(leaf: Leaf) -> Q:
    prefix, key = attribute_of(leaf.field) or ("", "")
    column = "attributes" if prefix == "attributes." else "customer__attributes"
    place = f"$.{json.dumps(key)}"
    match leaf.op:
        case "is_set":
            test = f"{place} ? (@ != null)"
        case "contains":
            test = f'{place} ? (@ like_regex {json.dumps(leaf.value)} flag "iq")'
        case op:
            test = f"{place} ? (@ {_SIGNS[op]} $value)"
    met = Q(
        _HasPath(F(column), _As(test, "jsonpath"), _As(json.dumps({"value": leaf.value}), "jsonb"))
    )
    return ~met if leaf.op == "is_set" and not leaf.value else met
