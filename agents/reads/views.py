"""Reads behind the lists: whose views there are, how a list is sorted, how many are in it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction
from django.db.models import Count, Model, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from agents.access import SEE_ALL, visible_to
from agents.keyset import Key
from agents.models import Agent, SavedView
from agents.reads.filters import ABSENT, Asking, as_q, found_by
from agents.rules.conditions import (
    BadCondition,
    Condition,
    asks_for_open,
    names_attributes,
    ops_of,
    parse,
)
from conversations.errors import BadWords
from conversations.lifecycle import OPEN
from conversations.models import AttributeDefinition, Conversation

COUNTED_UP_TO = 1000
_PATIENCE_MS = 2000
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_WAITING = Key("waiting_key", Coalesce("waiting_since", Value(_NEVER)), datetime)
_ID = Key("pk", "pk", int)

SORTS: Mapping[str, Sequence[Key]] = {
    "latest": (
        Key("last_message_at", "last_message_at", datetime, descending=True),
        Key("pk", "pk", int, descending=True),
    ),
    "oldest": (Key("last_message_at", "last_message_at", datetime), _ID),
    "newest": (
        Key("opened_at", "opened_at", datetime, descending=True),
        Key("pk", "pk", int, descending=True),
    ),
    "waiting": (_WAITING, _ID),
    "priority": (Key("priority", "priority", int, descending=True), _WAITING, _ID),
}


def views_for(agent: Agent) -> QuerySet[SavedView]:
    """The agent's own, their teams', and everybody's."""
    return SavedView.objects.filter(
        Q(owner=agent) | Q(shared="everybody") | Q(team__in=agent.teams.all())
    ).select_related("owner", "team")


def attribute_fields() -> list[dict[str, Any]]:
    """The custom attributes that are defined, as conditions name them."""
    prefixes = {"conversation": "attributes.", "customer": "customer.attributes."}
    return [
        {
            "field": f"{prefixes[row.scope]}{row.key}",
            "ops": list(ops_of(f"{prefixes[row.scope]}{row.key}") or ()),
            "choices": row.choices or None,
            "label": row.label,
            "kind": row.kind,
        }
        for row in AttributeDefinition.objects.filter(scope__in=prefixes)
    ]


def check_new(tree: object) -> None:
    """A tree on its way in; values of defined attributes are of their kind. Raises BadCondition."""
    known = attribute_fields() if names_attributes(tree) else []
    parse(tree, without=ABSENT, kinds={field["field"]: field["kind"] for field in known})


def condition_of(tree: object) -> Condition:
    """A tree that came from outside, or was kept. Raises BadWords."""
    try:
        return parse(tree, without=ABSENT)
    except BadCondition as problem:
        raise BadWords(str(problem)) from problem


def open_counts(agent: Agent) -> dict[str, int | None]:
    """How many open conversations are mine, nobody's, and there at all, in one statement.

    Whoever sees everything has each counted up to a thousand and no further; for others it is one
    look at the open conversations. Both read an index that holds open ones only.
    """
    mine, nobodys = Q(assignee=agent), Q(assignee=None)
    seen = visible_to(agent).filter(state__in=sorted(OPEN))
    if agent.has_perm(SEE_ALL):
        counts = bounded_counts([seen.filter(mine), seen.filter(nobodys), seen])
    else:
        counts = counts_in_one_look(seen, [mine, nobodys, Q()])
    return dict(zip(("mine", "unassigned", "all"), counts, strict=True))


def view_counts(views: Sequence[SavedView], *, agent: Agent, at: datetime) -> list[int | None]:
    """Views of open conversations are counted in one look; each other one up to a thousand."""
    conditions = [condition_of(view.conditions) for view in views]
    asking = Asking(agent, at)
    seen = visible_to(agent).filter(state__in=sorted(OPEN))
    quick = [n for n, condition in enumerate(conditions) if asks_for_open(condition)]
    slow = [n for n in range(len(views)) if n not in quick]
    counted = dict(
        zip(
            quick + slow,
            counts_in_one_look(seen, [as_q(conditions[n], asking) for n in quick])
            + bounded_counts([found_by(conditions[n], agent=agent, at=at) for n in slow]),
            strict=True,
        )
    )
    return [counted[n] for n in range(len(views))]


def counts_in_one_look(seen: QuerySet[Conversation], conditions: Sequence[Q]) -> list[int | None]:
    """How many of these meet each condition, up to COUNTED_UP_TO + 1; None if it takes too long."""
    if not conditions:
        return []
    columns = {
        # Without a condition there is nothing to filter by.
        f"count_{n}": Count("pk", filter=condition) if condition else Count("pk")
        for n, condition in enumerate(conditions)
    }
    try:
        with _patience():
            row = seen.aggregate(**columns)
    except OperationalError:
        return [None] * len(conditions)
    return [min(row[name], COUNTED_UP_TO + 1) for name in columns]


def bounded_counts(lists: Sequence[QuerySet[Conversation]]) -> list[int | None]:
    """How long each list is, up to COUNTED_UP_TO + 1; all None when it takes too long."""
    columns: list[str] = []
    values: list[Any] = []
    for found in lists:
        try:
            sql, params = _only_keys(found).query.sql_with_params()
        except EmptyResultSet:
            sql, params = "SELECT 1 WHERE false", ()
        columns.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 -- Django's SQL
        values += params
    if not columns:
        return []
    try:
        with _patience(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(columns)}", values)
            row: tuple[int, ...] = cursor.fetchone()
    except OperationalError:
        return [None] * len(lists)
    return list(row)


@contextmanager
def _patience() -> Iterator[None]:
    """A transaction in which no statement may take longer than a person would wait."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {_PATIENCE_MS}")
        yield
        cursor.execute("SET LOCAL statement_timeout = 0")


def _only_keys(found: QuerySet[Conversation]) -> QuerySet[Model]:
    keys: QuerySet[Model] = found.order_by().values("pk")[: COUNTED_UP_TO + 1]  # type: ignore[assignment]
    return keys
