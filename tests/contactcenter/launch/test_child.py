import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contactcenter.launch import services
from contactcenter.launch.leftovers import end, is_alive

pytestmark = pytest.mark.integration


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    line = services.as_child(["sleep", "60"], signal.SIGTERM)
    program = (
        f"import subprocess, time; p = subprocess.Popen({line!r});"
        f"open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program])
    while not note.exists() or not note.read_text():
        time.sleep(0.01)
    child = int(note.read_text())
    time.sleep(0.2)

    parent.kill()
    parent.wait()

    deadline = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(child)


@pytest.mark.parametrize(("how", "nice"), [("7", 7), ("", 0)])
def test_a_child_is_as_nice_as_asked(how: str, nice: int) -> None:
    line = services.as_child(["nice"], signal.SIGTERM, nice=how)

    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout

    assert int(said) == os.nice(0) + nice


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="Linux alone says")
@pytest.mark.parametrize(("how", "left"), [("10", 1), ("idle", 1), ("0", 0), ("", 0)])
def test_who_is_nice_leaves_a_core_to_others(how: str, left: int) -> None:
    count = "import os; print(len(os.sched_getaffinity(0)))"
    line = services.as_child([sys.executable, "-c", count], signal.SIGTERM, nice=how)

    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout

    assert int(said) == max(1, len(os.sched_getaffinity(0)) - left)


@pytest.mark.parametrize(("how", "told"), [("7", "True 7"), ("idle", "True 19"), ("0", "False ")])
def test_who_is_nice_has_a_session_of_its_own_and_is_told_how_far_to_step_back(
    how: str, told: str
) -> None:
    say = (
        "import os; print(os.getsid(0) == os.getpid(), os.environ.get('SESSION_NICE', ''), sep=' ')"
    )
    line = services.as_child([sys.executable, "-c", say], signal.SIGTERM, nice=how)

    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout

    assert said.strip("\n") == told


def test_what_does_not_stop_when_asked_is_stopped() -> None:
    stubborn = subprocess.Popen(
        ["sh", "-c", "trap '' TERM; echo up; sleep 60 & wait; wait"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert stubborn.stdout
    assert stubborn.stdout.readline() == b"up\n"

    end(lambda: [] if stubborn.poll() is not None else [stubborn.pid], signal.SIGTERM, patience=0.2)

    assert stubborn.returncode == -signal.SIGKILL
    stubborn.stdout.close()
    os.killpg(stubborn.pid, signal.SIGKILL)
