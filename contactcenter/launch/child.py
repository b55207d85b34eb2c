"""Becomes another program that ends when its parent does. Runs without the site packages.

    python -S child.py [--signal N] [--user NAME] [--nice N] -- PROGRAM ARGUMENT…

`--signal` is what the kernel sends to the program when its parent dies, however it dies; `--nice`
takes 0 to 19, or `idle` for time that nobody else wants. Who is nice leaves one core to the others.
"""

import ctypes
import grp
import os
import pwd
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1


def become(arguments: list[str]) -> None:
    split = arguments.index("--")
    options = dict(zip(arguments[:split:2], arguments[1:split:2], strict=True))
    program = arguments[split + 1 :]
    if "--nice" in options:
        _yield_to_others(options["--nice"])
    if "--user" in options:
        _drop_to(options["--user"])
    if "--signal" in options:
        # After the change of user, which clears it.
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(options["--signal"]), 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(1)
    os.execvp(program[0], program)  # noqa: S606 -- that is its purpose


def _drop_to(name: str) -> None:
    account = pwd.getpwnam(name)
    groups = [g.gr_gid for g in grp.getgrall() if name in g.gr_mem]
    os.setgroups([account.pw_gid, *groups])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    os.environ.update(HOME=account.pw_dir, USER=name, LOGNAME=name)


def _yield_to_others(how: str) -> None:
    nice = 19 if how == "idle" else int(how)
    if nice:
        _leave_a_core()
        _begin_a_session(nice)
    if how == "idle" and hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.nice(nice)


def _leave_a_core() -> None:
    """However nice a program is, another that wakes up waits until it is put aside; not on this core.

    The libraries that compute count the cores of their process, so they begin no more threads.
    """
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[:-1] or cores)


def _begin_a_session(nice: int) -> None:
    """Where Linux weighs sessions against each other, niceness counts only within one of them.

    So the program gets one of its own, and is told how far that may step back once it has begun its
    work: at half the niceness strangers' work, which counts too, kept weights from loading for minutes.
    """
    with suppress(OSError):
        os.setpgid(0, os.getpgid(os.getppid()))  # who leads a group may not begin a session
        os.setsid()
        os.environ["SESSION_NICE"] = str(nice)


if __name__ == "__main__":
    become(sys.argv[1:])
