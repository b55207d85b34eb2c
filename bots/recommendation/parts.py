"""The five ways of guessing what comes next, each of which scores every item; learnt from one log. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bots.recommendation.events import Floats, Ints, Moments
from bots.recommendation.factors import Factors
from bots.recommendation.habits import Habits
from bots.recommendation.neighbours import Neighbours
from bots.recommendation.popular import Popular
from bots.recommendation.sequence import Sequence

SEEN = 12  # newest different items whose neighbours are asked
FADING = 0.85  # what an item counts, one place further back
REACH = 10
NEXT = 3
HALF = 1 / 8  # of a customer's own span: their own events count half as much so long ago


@dataclass(frozen=True)
class Parts:
    """What was learnt; `sequence` and `factors` may be missing where there is too little to learn from."""

    popular: Popular
    together: Neighbours
    following: Neighbours
    factors: Factors | None
    sequence: Sequence | None
    repeats: bool  # whether customers come back to what they had
    habits: Habits | None = None  # of logs in which they do
    baskets: bool = False  # whether what bears one moment was taken together


@dataclass(frozen=True)
class Own:
    """A customer's own items: each once, with counts, with what they weigh now and how long ago they were."""

    items: Ints
    counts: Floats
    weight: Floats
    ago: Floats  # newest event to the last one of this item, in shares of the customer's span
    since: Floats  # moments (baskets) of the customer since then
    every: Floats  # moments between two events of this item, on average; 0 when there was one
    moments: int


def own(items: Ints, at: Moments) -> Own:
    """What counts is order and the customer's own pace, so that ordinal numbers do as well as times."""
    unique, place = np.unique(items, return_inverse=True)
    if not len(items):
        nothing = np.zeros(0, dtype=np.float32)
        return Own(unique, nothing, nothing, nothing, nothing, nothing, 0)
    step = np.concatenate([[0], np.cumsum(np.diff(at) > 0)])
    span = max(float(at[-1] - at[0]), 1e-9)
    gone = (at[-1] - at) / span
    counts = np.bincount(place).astype(np.float32)
    newest = np.zeros(len(unique), dtype=np.int64)
    np.maximum.at(newest, place, np.arange(len(items)))
    oldest = np.full(len(unique), len(items))
    np.minimum.at(oldest, place, np.arange(len(items)))
    between = (step[newest] - step[oldest]) / np.maximum(counts - 1, 1)
    return Own(
        unique,
        counts,
        np.bincount(place, 0.5 ** (gone / HALF)).astype(np.float32),
        gone[newest].astype(np.float32),
        (step[-1] - step[newest]).astype(np.float32),
        between.astype(np.float32),
        int(step[-1]) + 1,
    )


@dataclass(frozen=True)
class Guesses:
    """A score for every item from each part."""

    sequence: Floats
    factors: Floats
    together: Floats
    following: Floats
    own: Own


def newest(items: Ints) -> Ints:
    """Different items, the newest first."""
    backwards = items[::-1][: 20 * SEEN]
    _, first = np.unique(backwards, return_index=True)
    return backwards[np.sort(first)][:SEEN]


def guessed(parts: Parts, items: Ints, at: Moments) -> Guesses:
    recent = newest(items)
    fading = (FADING ** np.arange(len(recent))).astype(np.float32)
    after, fades = recent[:NEXT], fading[:NEXT] ** 3
    if parts.baskets:
        after = np.unique(items[at == at[-1]]) if len(items) else items
        fades = np.full(len(after), 1 / max(len(after), 1), dtype=np.float32)
    none = np.zeros(len(parts.popular.ever), dtype=np.float32)
    return Guesses(
        parts.sequence.scored(items) if parts.sequence else none,
        parts.factors.scored(items) if parts.factors else none,
        parts.together.scored(recent, fading),
        parts.following.scored(after, fades),
        own(items, at),
    )
