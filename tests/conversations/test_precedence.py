"""Who talks goes first, where the kernel allows it, and nobody is disturbed where it does not."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from conversations import precedence

pytestmark = pytest.mark.integration

FIRST = os.SCHED_RR | os.SCHED_RESET_ON_FORK
needs_leave = pytest.mark.skipif(
    os.geteuid() != 0 or len(os.sched_getaffinity(0)) < 2,
    reason="only root may put itself first, and only where there are two cores",
)


@pytest.fixture(autouse=True)
def wanted(settings: Any) -> None:
    settings.REALTIME = True


def in_a_thread(work: Callable[[], Any]) -> Any:
    """What `work` answers in a thread of its own: nothing of this outlives the test."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join(30)
    return found[0]


def leads() -> tuple[bool, int]:
    return precedence.go_first(), os.sched_getscheduler(0)


@needs_leave
def test_a_thread_goes_first_and_what_it_starts_does_not() -> None:
    def with_a_child() -> tuple[bool, int, int, int]:
        child = in_a_thread
        return (
            *leads(),
            child(lambda: os.sched_getscheduler(0)),
            os.sched_getparam(0).sched_priority,
        )

    assert in_a_thread(with_a_child) == (True, FIRST, os.SCHED_OTHER, 1)
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_who_does_not_want_it_stays_where_they_are(settings: Any) -> None:
    settings.REALTIME = False
    assert in_a_thread(leads) == (False, os.SCHED_OTHER)


def test_one_core_is_left_to_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert in_a_thread(leads) == (False, os.SCHED_OTHER)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_who_may_not_is_told_so_and_goes_on() -> None:
    script = (
        "import os, resource, types\n"
        "resource.setrlimit(resource.RLIMIT_RTPRIO, (0, 0))\n"
        "import conversations.precedence as p\n"
        "p.settings = types.SimpleNamespace(REALTIME=True)\n"
        "os.setuid(65534)\n"
        "print(p.go_first(), os.sched_getscheduler(0))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout.split(), done.stderr) == (["False", str(os.SCHED_OTHER)], "")


@needs_leave
@pytest.mark.django_db(transaction=True)
def test_the_database_s_process_comes_along_and_is_let_go() -> None:
    def work() -> list[int]:
        try:
            connection.ensure_connection()
            backend = connection.connection.info.backend_pid
            seen = [os.sched_getscheduler(backend)]
            precedence.take_along(connection)  # before this thread goes first: nothing
            seen.append(os.sched_getscheduler(backend))
            precedence.go_first()
            precedence.take_along(connection)
            precedence.take_along(connection)
            seen.append(os.sched_getscheduler(backend))
            precedence.let_go()
            return [*seen, os.sched_getscheduler(backend)]
        finally:
            connection.close()

    assert in_a_thread(work) == [os.SCHED_OTHER, os.SCHED_OTHER, FIRST, os.SCHED_OTHER]


@needs_leave
@pytest.mark.django_db(transaction=True)
def test_a_number_that_is_not_the_database_s_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A socket of another container: its process numbers are other programs here."""
    with subprocess.Popen(["sleep", "60"]) as stranger:
        try:

            class Foreign:
                settings_dict = {"HOST": "/run/postgresql"}
                connection = type("", (), {"info": type("", (), {"backend_pid": stranger.pid})})

                def ensure_connection(self) -> None:
                    """It is there."""

            def work() -> int:
                precedence.go_first()
                precedence.take_along(Foreign())
                return os.sched_getscheduler(stranger.pid)

            assert in_a_thread(work) == os.SCHED_OTHER
        finally:
            stranger.kill()
