"""What is learnt from, what training is watched on, and what is kept for the end. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bots.training.duplicates import bare
from bots.training.examples import Example

HELD_OUT, WATCHED = 0.15, 0.1
MOST_HELD_OUT, MOST_WATCHED = 200, 48  # examples: each is written twice, or read every few steps
FEWEST = 8  # examples, below which there is nothing to be learnt or told


@dataclass(frozen=True)
class Split:
    """`train` is learnt from, `watch` ends the training, `held_out` is seen by neither."""

    train: list[Example]
    watch: list[Example]
    held_out: list[Example]


def split(examples: Sequence[Example], *, seed: int) -> Split:
    """By conversation, or by question where a line names none; the same for the same seed."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for one in examples:
        groups[one.conversation or bare(one.question)].append(one)

    def place(key: str) -> str:
        return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()

    order = [groups[key] for key in sorted(groups, key=place)]
    most = max(1, len(order) // 4)
    held_out, order = _first(order, _share(examples, HELD_OUT, MOST_HELD_OUT), most)
    watch, order = _first(order, _share(examples, WATCHED, MOST_WATCHED), most)
    return Split([one for group in order for one in group], watch, held_out)


def _share(examples: Sequence[Example], share: float, most: int) -> int:
    return max(1, min(most, round(share * len(examples))))


def _first(
    groups: list[list[Example]], wanted: int, most: int
) -> tuple[list[Example], list[list[Example]]]:
    """So many groups that there are as many examples as are wanted, but not more than `most` groups."""
    taken: list[Example] = []
    count = 0
    while count < min(most, len(groups) - 1) and len(taken) < wanted:
        taken += groups[count]
        count += 1
    return taken, groups[count:]
