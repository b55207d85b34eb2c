"""What took long is remembered for a moment, and never in the shape of another version."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from analytics import recall as remembered
from analytics.period import Period
from analytics.reports.scope import Scope

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SCOPE = Scope(Period(NOON - timedelta(days=7), NOON), NOON + timedelta(days=1))


def test_a_slow_report_is_counted_once_and_after_an_upgrade_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Scope] = []

    def report(scope: Scope) -> int:
        asked.append(scope)
        return len(asked)

    report.__qualname__ = f"report-{uuid4()}"  # a key of its own
    monkeypatch.setattr(remembered, "_LONG", 0.0)
    assert [remembered.recall(report, SCOPE) for _ in range(2)] == [1, 1]
    monkeypatch.setattr(remembered, "_code", lambda: "another version")
    assert remembered.recall(report, SCOPE) == 2


def test_a_quick_report_is_counted_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_LONG", 60.0)
    counts = iter(range(5))

    def report(scope: Scope) -> int:
        return next(counts)

    report.__qualname__ = f"report-{uuid4()}"
    assert [remembered.recall(report, SCOPE) for _ in range(2)] == [0, 1]
