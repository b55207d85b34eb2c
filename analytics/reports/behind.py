"""The conversations behind a number, found by the statement that counted them."""

import re
from collections.abc import Mapping
from typing import Any, LiteralString

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from analytics.reports import (
    bot,
    handoffs,
    knowledge,
    people,
    responses,
    satisfaction,
    volume,
    waiting,
)
from analytics.reports.scope import Scope
from conversations.models import Conversation

_NUMBERS: Mapping[str, Mapping[str, LiteralString]] = {
    "volume": volume.BEHIND,
    "bot": bot.BEHIND,
    "handoffs": handoffs.BEHIND,
    "responses": responses.BEHIND,
    "waiting": waiting.BEHIND,
    "satisfaction": satisfaction.BEHIND,
    "people": people.BEHIND,
    "knowledge": knowledge.BEHIND,
}
_NAMED = re.compile(r"%\((\w+)\)s")
_WHOLE_NUMBER = {"satisfaction.score"}
_NUMBER = {"responses.slow", "responses.human_slow", "waiting.slow"}
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,20})?( [0-9a-f-]{36})?")


class NoSuchNumber(ValueError):
    """No report has a number of that name."""


def narrow(
    conversations: QuerySet[Conversation], number: str, detail: str, scope: Scope
) -> QuerySet[Conversation]:
    """Only those that `number` (`report.name`, such as `bot.solved`) counted in this scope.

    `detail` says which one, where there are several: a reason, a score, an agent. Raises
    NoSuchNumber.
    """
    report, _, name = number.partition(".")
    statement = _NUMBERS.get(report, {}).get(name)
    if statement is None or not _fits(number, detail):
        raise NoSuchNumber(number)
    values = {**scope.values(), "detail": detail}
    sql, ordered = positional(statement, values)
    return conversations.filter(pk__in=RawSQL(sql, ordered))  # noqa: S611 -- our own statements


def _fits(number: str, detail: str) -> bool:
    if "\x00" in detail or len(detail) > 200:
        return False
    if number in _WHOLE_NUMBER:
        return detail in {"1", "2", "3", "4", "5"}
    return number not in _NUMBER or _SECONDS.fullmatch(detail) is not None


def positional(statement: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """`%(name)s` → `%s` with the values in order, to stand inside another statement."""
    return _NAMED.sub("%s", statement), [values[name] for name in _NAMED.findall(statement)]
