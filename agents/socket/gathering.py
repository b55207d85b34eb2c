"""News that can wait half a second is told together: one task for many facts."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
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


class Newest:
    """As a `Gatherer`, but of each subject only its newest fact; and having told of a subject it rests
    for `rest` seconds before it tells of it again.

    Who writes in five short lines is news once, and once more when they are done.
    """

    def __init__(
        self,
        hand_on: Callable[[Sequence[Fact]], object],
        *,
        seconds: float = 0.5,
        rest: float = 5.0,
        most: int = 1000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hand_on = hand_on
        self._seconds = seconds
        self._rest = rest
        self._most = most
        self._clock = clock
        self._facts: dict[int, Fact] = {}
        self._told: dict[int, float] = {}
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def add(self, facts: Mapping[int, Fact]) -> None:
        """{subject: fact}. Subjects beyond `most` are dropped."""
        with self._lock:
            for subject, fact in facts.items():
                if subject in self._facts or len(self._facts) < self._most:
                    self._facts[subject] = fact
            self._wait()

    def flush(self) -> None:
        """Hands on what is there now of subjects that have rested; the others wait on."""
        with self._lock:
            now = self._clock()
            self._told = {s: at for s, at in self._told.items() if at + self._rest > now}
            due = {s: fact for s, fact in self._facts.items() if s not in self._told}
            self._facts = {s: fact for s, fact in self._facts.items() if s in self._told}
            self._told.update(dict.fromkeys(due, now))
            self._timer = None
            self._wait()
        if due:
            self._hand_on(list(due.values()))

    def _wait(self) -> None:
        if self._facts and self._timer is None:
            self._timer = threading.Timer(self._seconds, self.flush)
            self._timer.daemon = True
            self._timer.start()
