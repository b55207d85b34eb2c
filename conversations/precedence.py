"""Who talks goes first: what a message passes on its way from one screen to the other.

Beside a language model, reports and other people's programs that way is mostly waiting for a core. Where
Linux allows it (to root, with CAP_SYS_NICE, or within RLIMIT_RTPRIO) the event loop, the threads that store,
and PostgreSQL's processes for them, if it runs on this machine, get the lowest place of the real-time class:
they run as soon as they have something to do, and what they have to do is short. Nothing they start inherits
it. With one core only, nobody would be left to anybody else, so nothing is done; the kernel's own limit
(95 % of a core, sched(7)) holds besides.
"""

import logging
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)

_mine = threading.local()  # .goes_first: bool; .backend: process id of its connection's server


def go_first() -> bool:
    """For the calling thread; whether it was allowed."""
    allowed = _may_be() and _set(0, first=True)
    _mine.goes_first = allowed
    return allowed


def take_along(connection: Any) -> None:
    """The server's process behind a Django connection that this thread is about to use, once for each."""
    if not getattr(_mine, "goes_first", False) or not connection.settings_dict["HOST"].startswith(
        "/"
    ):
        return
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    if backend != getattr(_mine, "backend", None):
        let_go()
        # A socket may belong to another container, where the same number is somebody else.
        if _is_postgres(backend) and _set(backend, first=True):
            _mine.backend = backend


def let_go() -> None:
    """Before the connection is given back: others may get it."""
    backend, _mine.backend = getattr(_mine, "backend", None), None
    if backend is not None and _is_postgres(backend):
        _set(backend, first=False)


def _may_be() -> bool:
    return (
        settings.REALTIME and hasattr(os, "sched_setscheduler") and len(os.sched_getaffinity(0)) > 1
    )


def _set(process: int, *, first: bool) -> bool:
    policy = os.SCHED_RR | os.SCHED_RESET_ON_FORK if first else os.SCHED_OTHER
    try:
        os.sched_setscheduler(process, policy, os.sched_param(1 if first else 0))
    except OSError as error:  # not allowed, or gone meanwhile
        logger.debug("Nobody goes first", extra={"error": type(error).__name__})
        return False
    return True


def _is_postgres(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/comm").read_text().strip() == "postgres"
    return False
