"""What was done in cases like this one: a vote of the nearest, and how often such a vote was right. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conversations.intervals import wilson

NEAREST = 8
ALIKE = 0.48  # of cosines around the middle: from here on questions mean the same
FEWEST = 3  # cases like it: fewer are an accident
SHARES = (0.5, 0.6, 0.7, 0.8, 0.9)
PRECISE = (
    0.7  # the lower end of what the measured precision may be (95 %): below it nothing is shown
)
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Voted:
    """`share` of the nearest cases had this value, weighed by their likeness."""

    value: str
    share: float


@dataclass(frozen=True, slots=True)
class Bar:
    """From this share on a vote is shown. `precision` is how often it was right, of `measured` votes that
    each case of the past got from the others."""

    share: float
    precision: float
    measured: int


def votes(likeness: Floats, values: Sequence[Sequence[str]]) -> list[Voted]:
    """Of the nearest cases, the most usual first; none where fewer than `FEWEST` are alike."""
    order = np.argsort(-likeness)[:NEAREST]
    near = [int(place) for place in order if likeness[place] >= ALIKE]
    if len(near) < FEWEST:
        return []
    whole = float(sum(likeness[place] for place in near))
    said: Counter[str] = Counter()
    for place in near:
        for value in set(values[place]):
            said[value] += float(likeness[place])  # type: ignore[assignment]  # weights are counted, too
    return [Voted(value, weight / whole) for value, weight in said.most_common()]


def bar(vectors: Floats, values: Sequence[Sequence[str]], usual: frozenset[str]) -> Bar | None:
    """The lowest share at which the past would have been told right: each case is asked of all others.
    None while there are too few cases, or these do not tell. What is `usual` is not worth saying and
    counts neither way. `vectors` are of length one."""
    if len(vectors) <= NEAREST:
        return None
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -1.0)
    told: list[tuple[float, bool]] = []
    for place, row in enumerate(likeness):
        worth = [one for one in votes(row, values) if one.value not in usual]
        told += [(one.share, one.value in values[place]) for one in worth]
    for share in SHARES:
        hits = [right for said, right in told if said >= share]
        between = wilson(sum(hits), len(hits))
        if between is not None and between[0] >= PRECISE:
            return Bar(share, sum(hits) / len(hits), len(hits))
    return None
