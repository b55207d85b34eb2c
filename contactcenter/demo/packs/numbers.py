"""Numbers that follow one another, and days on which somebody works."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet


def next_number(rows: QuerySet[Any], prefix: str, *, first: int) -> str:
    """The number after the highest with this prefix, six digits; who asks at the same time waits.

    Inside a transaction, which keeps the others waiting until the number is stored.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"demo {prefix}"])
    known = rows.filter(number__startswith=prefix).order_by("-number")
    last: str | None = known.values_list("number", flat=True).first()
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else first:06d}"


def working_day(day: date, after: int) -> date:
    """The so-many-th day after it that is no Saturday and no Sunday."""
    while after:
        day += timedelta(days=1)
        after -= day.weekday() < 5
    return day
