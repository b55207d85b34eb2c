"""One thread of a worker that does what is left to do (indexing, say), until nothing is left.

Tasks only wake it: so thousands of saved articles keep no other task waiting, are read many together,
and an article that an editor saves meanwhile goes first.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress

from django.db import connection

logger = logging.getLogger(__name__)


class Indexer:
    """`work` is done once for each time that somebody woke us before it began, or more often; `nice` is
    how far its thread steps back, 19 at most."""

    def __init__(self, work: Callable[[], None], name: str = "indexer", nice: int = 19) -> None:
        self._work, self._name, self._nice = work, name, nice
        self._lock = threading.Lock()
        self._wanted = False
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Returns at once."""
        with self._lock:
            self._wanted = True
            self._woken.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Whether it rests, at the latest after so many seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def rest(self, seconds: float) -> None:
        """For the work itself: does nothing for so long, or until somebody wakes us; what woke us then is
        taken for heard, and no other round is due for it."""
        self._woken.wait(seconds)
        with self._lock:
            self._woken.clear()
            self._wanted = False

    def _run(self) -> None:
        _step_back(self._nice)
        while self._take():
            try:
                self._work()
            except Exception:
                # What is left undone is found again by the periodic task.
                logger.exception("Work in the background failed", extra={"work": self._name})
            finally:
                connection.close()

    def _take(self) -> bool:
        with self._lock:
            wanted, self._wanted = self._wanted, False
            self._woken.clear()
            if not wanted:
                self._thread = None
            return wanted


def _step_back(nice: int) -> None:
    """Customers who wait for an answer go first; on Linux niceness is each thread's own."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
