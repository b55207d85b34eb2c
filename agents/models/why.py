"""Explanations of decisions, as they are kept: many, long, and rarely read."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from django.db import models

_LINE = ("name", "blocked", "load", "capacity", "open", "idle_seconds")
_values = itemgetter(*_LINE)


def packed(why: Mapping[str, Any]) -> dict[str, Any]:
    """The candidates without the names of what is said about each, which were most of it."""
    return {**why, "candidates": [_values(line) for line in why.get("candidates", ())]}


def unpacked(why: Mapping[str, Any]) -> dict[str, Any]:
    """As it was decided; also what was kept before there was a shorter form."""
    lines = [
        line if isinstance(line, dict) else dict(zip(_LINE, line, strict=True))
        for line in why.get("candidates", ())
    ]
    return {**why, "candidates": lines} if lines else dict(why)


class WhyField(models.JSONField):
    """An explanation: short in the database, with all its words in Python."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        stored = super().from_db_value(value, expression, connection)
        return unpacked(stored) if isinstance(stored, dict) else stored

    def get_prep_value(self, value: Any) -> Any:
        return packed(value) if isinstance(value, dict) and "candidates" in value else value
