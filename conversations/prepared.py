"""Statements that are run all day: the server parses and plans each once for a connection."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Self

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


class _Prepared(psycopg.RawCursor[Any]):
    def execute(self, query: Any, params: Any = None, **_: Any) -> Self:
        words, names = _numbered(query)
        values = [params[name] for name in names]
        return super().execute(words, values, prepare=True, binary=True)


@cache
def _numbered(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """`%(name)s` as PostgreSQL's `$1`, and the names in their order. Raises ValueError for any other mark.

    psycopg reads a long statement anew whenever it runs, which takes longer than all its values.
    """
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}"

    words = re.sub(r"%\((\w+)\)s", number, statement)
    if unknown := re.search(r"(?<!%)(?:%%)*%(?!%)\S{0,20}", words):
        raise ValueError(f"Only %(name)s and %% are known here, not {unknown[0]!r}.")
    words = words.replace("%%", "%")
    return words.encode(), tuple(names)


def prepared() -> CursorWrapper:
    """A cursor of the current connection, to be used in a `with`. Its errors are Django's.

    For a statement whose words are always the same; parameters are bound by the server, so a list is
    one parameter, see `numbers`, and one of unclear type is cast (`%(at)s::timestamptz`). Answers
    come as the server has them and are read in C; only JSON is better asked for as `::text`.
    """
    connection.ensure_connection()
    cursor: Any = _Prepared(connection.connection)
    # Both translate psycopg's errors into Django's, as `connection.cursor()` does.
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(cursor)


def numbers(ids: Iterable[int]) -> str:
    """Ids as one parameter, for `%(ids)s::bigint[]`: psycopg's own way of writing a list of them takes
    longer than looking them up."""
    return "{" + ",".join(map(str, ids)) + "}"


def texts(values: Iterable[str | None]) -> str:
    """Words, or whatever is written as words, as one parameter: for `%(names)s::text[]`, `::jsonb[]`."""
    return "{" + ",".join([_quoted(value) for value in values]) + "}"


def _quoted(value: str | None) -> str:
    if value is None:
        return "NULL"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What a prepared statement answers."""
    with prepared() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
