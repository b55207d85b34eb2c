"""Processes that outlived the one who should have ended them."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


def end_processes_in(folder: Path, gently: signal.Signals) -> None:
    """Ends every process whose working directory is `folder`; returns when they are gone."""
    end(lambda: _living_in(folder), gently)


def end_children_of(parent: int, gently: signal.Signals = signal.SIGTERM) -> None:
    end(lambda: children_of(parent), gently)


def end(find: Callable[[], list[int]], gently: signal.Signals, patience: float = 5.0) -> None:
    """Asks what `find` finds to stop; after `patience` seconds it no longer asks."""
    deadline = time.monotonic() + patience
    asked: set[int] = set()
    while found := find():
        late = time.monotonic() > deadline
        for pid in found:
            if late or pid not in asked:
                _send(pid, signal.SIGKILL if late else gently)
                asked.add(pid)
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return _stat(pid)[0] != "Z"
    except OSError:
        return False


def children_of(parent: int) -> list[int]:
    """The living children of a process, without zombies."""
    return [pid for pid in _pids() if _parent_if_alive(pid) == parent]


def _living_in(folder: Path) -> list[int]:
    here = str(folder.resolve())
    return [pid for pid in _pids() if _cwd(pid) == here and is_alive(pid)]


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _cwd(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return ""


def _parent_if_alive(pid: int) -> int:
    try:
        state, parent = _stat(pid)[:2]
    except OSError:
        return 0
    return 0 if state == "Z" else int(parent)


def _stat(pid: int) -> list[str]:
    """State, parent, … : the name before them may hold spaces and brackets."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
