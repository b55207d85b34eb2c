"""A database that replays its log is waited for; one that says nothing is not."""

from pathlib import Path

import psycopg
import pytest

from contactcenter.launch import services
from contactcenter.launch.services import wait_until_up
from contactcenter.launch.terminal import CannotStart

pytestmark = pytest.mark.unit


def fails(monkeypatch: pytest.MonkeyPatch, said: str, times: int) -> list[str]:
    """Each look at the clock is ten seconds later."""
    asked: list[str] = []
    clock = iter(range(0, 100_000, 10))

    def ask(url: str) -> None:
        asked.append(url)
        if len(asked) <= times:
            raise psycopg.OperationalError(said)

    monkeypatch.setattr(services, "ask_database", ask)
    monkeypatch.setattr(services, "ask_redis", lambda _url: None)
    monkeypatch.setattr("contactcenter.launch.services.time.monotonic", lambda: next(clock))
    monkeypatch.setattr("contactcenter.launch.services.time.sleep", lambda _seconds: None)
    return asked


def test_a_database_that_replays_its_log_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = fails(monkeypatch, "FATAL:  the database system is starting up", 30)

    wait_until_up(tmp_path)

    assert len(asked) == 31


def test_one_that_is_not_there_is_given_up_after_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = fails(monkeypatch, "connection refused", 30)

    with pytest.raises(CannotStart, match="connection refused"):
        wait_until_up(tmp_path)

    assert len(asked) < 10
