"""Two ways of telling a wait that ours is held against; each says one number for both quantiles."""

import statistics
from collections import deque


class Rocket:
    """((place - 1) / N + 1) x the mean length of the last N chats, N at most 100."""

    def __init__(self) -> None:
        self.lengths: deque[float] = deque(maxlen=100)

    def served(self, length: float) -> None:
        self.lengths.append(length)

    def says(self, place: int) -> float | None:
        if not self.lengths:
            return None
        return ((place - 1) / len(self.lengths) + 1) * statistics.fmean(self.lengths)


class LastTen:
    """The mean wait of the last ten who were taken."""

    def __init__(self) -> None:
        self.waits: deque[float] = deque(maxlen=10)

    def taken(self, waited: float) -> None:
        self.waits.append(waited)

    def says(self) -> float | None:
        return statistics.fmean(self.waits) if self.waits else None
