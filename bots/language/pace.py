"""How long the model takes of late: what one more customer would wait."""

from __future__ import annotations

LEAST_ALONG, MOST_ALONG = 12, 64  # words of a joining prompt in one step
LONG, SHORT = 0.75, 0.55  # of a step: a piece that is just right makes it longer by so much


class Along:
    """How many words of a joining prompt go along with one step: as many as make it at most twice as
    long. Found by trying, since that is a dozen on one core and all there are on a card."""

    def __init__(self) -> None:
        self._words = 16.0
        self._alone: dict[int, float] = {}  # seconds of a step with so many who speak and no prompt

    @property
    def words(self) -> int:
        return int(self._words)

    def stepped(self, seconds: float, speaking: int, words: int) -> None:
        """A step with `speaking` conversations and `words` of prompts took so long.

        Single steps are often held up by something else, so each only says longer or shorter: what is
        found is a median.
        """
        alone = self._alone.get(speaking, 0.0)
        if not words:
            nearer = 1.04 if seconds > alone else 0.96
            self._alone[speaking] = alone * nearer if alone else seconds
        elif alone:
            longer = (seconds - alone) / alone * self._words / words
            if longer > LONG:
                self._words = max(LEAST_ALONG, self._words * 0.97)
            elif longer < SHORT:
                self._words = min(MOST_ALONG, self._words * 1.03)


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
