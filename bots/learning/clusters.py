"""Questions that mean the same, put together as they come, one after another. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bots.language.model import Vectors

ALIKE = 0.48  # cosine around the middle between a question and its group


def around(vectors: Vectors, middle: Vectors) -> Vectors:
    """Unit vectors as seen from the middle, where all vectors of one encoder do not point the same way."""
    moved = vectors - middle
    lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
    seen: Vectors = (moved / np.maximum(lengths, 1e-9)).astype(np.float32)
    return seen


def grouped(
    vectors: Vectors, centres: Vectors, *, alike: float = ALIKE
) -> tuple[list[int], Vectors]:
    """For each vector the row of its group; rows after the given `centres` are new ones, made on the way.

    `vectors` are unit vectors around the middle, `centres` sums of such. Answers the new sums, too.
    """
    room = len(centres) + len(vectors)
    sums = np.zeros((room, vectors.shape[1]), dtype=np.float32)
    sums[: len(centres)] = centres
    lengths = np.ones(room, dtype=np.float32)
    lengths[: len(centres)] = np.maximum(np.linalg.norm(centres, axis=1), 1e-9)
    known = len(centres)
    places: list[int] = []
    for vector in vectors:
        near = sums[:known] @ vector / lengths[:known]
        place = int(near.argmax()) if known else -1
        if place < 0 or near[place] < alike:
            place, known = known, known + 1
        sums[place] += vector
        lengths[place] = max(float(np.linalg.norm(sums[place])), 1e-9)
        places.append(place)
    return places, sums[:known]


def most_typical(vectors: Vectors, *, most: int) -> list[int]:
    """The rows nearest to the middle of all, the nearest first."""
    centre = vectors.sum(axis=0)
    order = np.argsort(-(vectors @ centre), kind="stable")
    return [int(place) for place in order[:most]]


def spread(vectors: Vectors, *, most: int, alike: float = 0.9) -> list[int]:
    """The most typical rows that do not repeat one another."""
    chosen: list[int] = []
    for place in most_typical(vectors, most=len(vectors)):
        if all(float(vectors[place] @ vectors[one]) < alike for one in chosen):
            chosen.append(place)
        if len(chosen) == most:
            break
    return chosen


def best_reply(replies: Sequence[str], vectors: Vectors) -> int:
    """The one that most others say, too; of equals the longer."""
    agreement = (vectors @ vectors.T).mean(axis=1)
    return max(range(len(replies)), key=lambda i: (round(float(agreement[i]), 2), len(replies[i])))
