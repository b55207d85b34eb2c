"""The clock's list: everything in its rhythm, and not all in one moment."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from contactcenter.celery import app
from contactcenter.clock import DueScheduler

pytestmark = pytest.mark.unit


def test_tasks_of_one_rhythm_begin_one_after_another() -> None:
    scheduler = DueScheduler(app)
    entries: list[Any] = list(scheduler.schedule.values())
    latest = max(entry.last_run_at for entry in entries)
    due = Counter[tuple[timedelta, int]]()
    for entry in entries:
        waits = entry.last_run_at + entry.schedule.run_every - latest
        assert timedelta() < waits <= entry.schedule.run_every + timedelta(seconds=1)
        if entry.schedule.run_every >= timedelta(seconds=15):
            due[entry.schedule.run_every, round(waits.total_seconds())] += 1

    assert len(due) > 20
    assert max(due.values()) == 1
