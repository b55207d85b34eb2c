"""Reads behind the lists: whose views there are, how a list is sorted, how many are in it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction
from django.db.models import Model, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from agents.access import visible_to
from agents.conditions import BadCondition, Condition, names_attributes, ops_of, parse
from agents.filters import ABSENT, found_by
from agents.keyset import Key
from agents.models import Agent, SavedView
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

    Each is counted up to a thousand and no further, out of an index that holds open ones only.
    """
    seen = visible_to(agent).filter(state__in=sorted(OPEN))
    lists: dict[str, QuerySet[Conversation]] = {
        "mine": Conversation.objects.filter(assignee=agent, state__in=sorted(OPEN)),
        "unassigned": seen.filter(assignee=None),
        "all": seen,
    }
    return dict(zip(lists, bounded_counts(list(lists.values())), strict=True))


def view_counts(views: Sequence[SavedView], *, agent: Agent, at: datetime) -> list[int | None]:
    return bounded_counts(
        [found_by(condition_of(view.conditions), agent=agent, at=at) for view in views]
    )


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
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {_PATIENCE_MS}")
            cursor.execute(f"SELECT {', '.join(columns)}", values)
            row: tuple[int, ...] = cursor.fetchone()
            cursor.execute("SET LOCAL statement_timeout = 0")
    except OperationalError:
        return [None] * len(lists)
    return list(row)


def _only_keys(found: QuerySet[Conversation]) -> QuerySet[Model]:
    keys: QuerySet[Model] = found.order_by().values("pk")[: COUNTED_UP_TO + 1]  # type: ignore[assignment]
    return keys
