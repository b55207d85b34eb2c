"""Pages of a list by what its last row was, so that page 1,000 costs what page 1 did."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import Combinable

from conversations.errors import BadWords

Row = TypeVar("Row", bound=Model)
LARGEST = 2**63 - 1
PAGE, MOST = 50, 200


@dataclass(frozen=True, slots=True)
class Key:
    """What a list is ordered by. `value` is a column or an expression that is never null."""

    name: str
    value: str | Combinable
    kind: type
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: Sequence[Row]
    next: str | None


def pack(values: Sequence[Any]) -> str:
    """A place in a list as an opaque word."""
    plain = [v.isoformat() if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def unpack(cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The values of a cursor. Raises BadWords for anything that was not given out like this."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return [_read(value, kind) for value, kind in zip(json.loads(raw), kinds, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise BadWords("This cursor is not known; start again without one.") from error


def _read(value: Any, kind: type) -> Any:
    if kind is datetime:
        at = datetime.fromisoformat(value)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    if isinstance(value, bool) or not isinstance(value, int if kind is int else (int, float)):
        raise TypeError
    if not -LARGEST <= value <= LARGEST:
        raise ValueError
    return kind(value)


def page(rows: QuerySet[Row], keys: Sequence[Key], *, cursor: str, limit: int) -> Page[Row]:
    """The next rows after the cursor, and the cursor after them if there are more."""
    computed = {k.name: k.value for k in keys if not isinstance(k.value, str)}
    columns = [k.value if isinstance(k.value, str) else k.name for k in keys]
    rows = rows.annotate(**computed)
    if cursor:
        rows = rows.filter(_after(keys, columns, unpack(cursor, [k.kind for k in keys])))
    ordering = [
        F(c).desc() if k.descending else F(c).asc() for k, c in zip(keys, columns, strict=True)
    ]
    found = list(rows.order_by(*ordering)[: limit + 1])
    if len(found) <= limit:
        return Page(found, None)
    found = found[:limit]
    return Page(found, pack([getattr(found[-1], column) for column in columns]))


def _after(keys: Sequence[Key], columns: Sequence[str], values: Sequence[Any]) -> Q:
    """(a, b, c) after the cursor's, each key in its own direction."""
    condition = Q(pk__in=[])
    same = Q()
    for key, column, value in zip(keys, columns, values, strict=True):
        beyond = "lt" if key.descending else "gt"
        condition |= same & Q(**{f"{column}__{beyond}": value})
        same &= Q(**{column: value})
    # Said once more for the first key alone: an index can begin there.
    bound = "lte" if keys[0].descending else "gte"
    return Q(**{f"{columns[0]}__{bound}": values[0]}) & condition
