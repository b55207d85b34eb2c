"""How long the model takes of late: what one more customer would wait."""

from __future__ import annotations


class Pace:
    """How long reading a prompt and a whole answer take of late."""

    def __init__(self) -> None:
        self._reading = 0.0
        self._answer = 0.0

    def read(self, seconds: float) -> None:
        self._reading = _lately(self._reading, seconds)

    def answered(self, seconds: float) -> None:
        self._answer = _lately(self._answer, seconds)

    def seconds_to_first(self, running: int, waiting: int, slots: int) -> float:
        """Prompts are read one after another; who finds no room waits until others are done."""
        unlucky = running + waiting + 1 - slots
        turns = unlucky / slots * self._answer if unlucky > 0 else waiting * self._reading
        return turns + self._reading


def _lately(before: float, now: float) -> float:
    return 0.8 * before + 0.2 * now if before else now
