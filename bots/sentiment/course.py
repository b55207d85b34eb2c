"""How a conversation goes, from how its messages read: a score weighted to the end, and where it falls. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HALVED = 2.0  # messages after which an old one weighs half
SLACK = 0.35  # unhappiness of one message that adds nothing
ALARM = 0.75  # sum of what is above: about two messages that read as unhappy for sure
CALM = 0.15  # of the sum: from here on a further fall is news again
FIRST = 3  # messages that are the beginning


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the customer: the chances that it is negative and positive."""

    negative: float
    positive: float

    @property
    def score(self) -> float:
        return self.positive - self.negative


@dataclass(frozen=True, slots=True)
class Course:
    """`score` and `trend` are -1 … 1; `trend`: half of the end less the beginning, None of one message.

    `fell`: at which messages it fell, by their places; `unhappy`: the mean chance that the messages of
    the last fall are negative, over `run` messages.
    """

    score: float
    trend: float | None
    fell: tuple[int, ...]
    run: int
    unhappy: float


def course(heard: Sequence[Heard]) -> Course:
    """Of at least one message, oldest first. It fell where `unhappiness` comes to `ALARM`, and once that was
    `CALM` again it may fall anew."""
    weights = [0.5 ** (age / HALVED) for age in range(len(heard) - 1, -1, -1)]
    score = sum(w * one.score for w, one in zip(weights, heard, strict=True)) / sum(weights)
    beginning = heard[:FIRST] if len(heard) > FIRST else heard[:1]
    trend = (score - _mean([one.score for one in beginning])) / 2 if len(heard) > 1 else None
    before, since, told, fell = 0.0, 0, False, list[int]()
    run, unhappy = 0, 0.0
    for place, total in enumerate(unhappiness(heard)):
        if before == 0.0:
            since = place
        before = total
        if total <= CALM:
            told = False
        if total >= ALARM and not told:
            told = True
            fell.append(place)
            run = place - since + 1
            unhappy = _mean([other.negative for other in heard[since : place + 1]])
    return Course(score, trend, tuple(fell), run, unhappy)


def unhappiness(heard: Sequence[Heard]) -> list[float]:
    """After each message, 0 … 2 * `ALARM`: a cumulative sum (Page 1954), to which each adds by how much it is
    unhappier than `SLACK`; a contented one takes away, never below nothing."""
    sums, total = list[float](), 0.0
    for one in heard:
        total = max(0.0, min(total + (-one.score - SLACK), 2 * ALARM))
        sums.append(total)
    return sums


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
