"""News that can wait half a second is told together: one task for many facts."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

Fact = dict[str, Any]


class Gatherer:
    """Takes facts from any thread; hands all of them on shortly after the first."""

    def __init__(
        self, hand_on: Callable[[Sequence[Fact]], object], *, seconds: float = 0.5, most: int = 1000
    ) -> None:
        self._hand_on = hand_on
        self._seconds = seconds
        self._most = most
        self._facts: list[Fact] = []
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def add(self, facts: Sequence[Fact]) -> None:
        """Costs an append. Beyond `most` the newest are dropped: who is told so much knows."""
        with self._lock:
            self._facts += facts[: self._most - len(self._facts)]
            if self._facts and self._timer is None:
                self._timer = threading.Timer(self._seconds, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Hands on what is there now."""
        with self._lock:
            facts, self._facts = self._facts, []
            self._timer = None
        if facts:
            self._hand_on(facts)
