"""How near its own customers' questions come: a knowledge base examines itself. Pure.

How near is near enough differs from one business to the next: in a bank's articles every text is
about money. So each example question is taken out in turn and asked, and what share of these would
be turned away tells where the line must be drawn for this knowledge base.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from bots.knowledge.calibration import Judge, nearness
from bots.knowledge.text import COMMON_WORDS
from bots.language.model import Vectors

ENOUGH = 15  # rehearsed questions count as much as what was learnt elsewhere


@dataclass(frozen=True)
class Example:
    """One title or example question of an article."""

    article: int
    words: frozenset[str]
    is_question: bool


def floor_for(
    judge: Judge,
    examples: Sequence[Example],
    every: Vectors,
    english: Vectors | None,
    *,
    weight: Callable[[str], float],
    lost: float,
) -> float:
    """The judge's floor, moved towards where `lost` of the rehearsed questions are turned away.

    `every` and `english` hold a row for each example; unit length.
    """
    chances = rehearse(judge, examples, every, english, weight=weight)
    if len(chances) == 0:
        return judge.floor
    trust = len(chances) / (len(chances) + ENOUGH)
    own = _logit(float(np.quantile(chances, lost)))
    between = trust * own + (1 - trust) * _logit(judge.floor)
    return 1 / (1 + exp(-between))


def rehearse(
    judge: Judge,
    examples: Sequence[Example],
    every: Vectors,
    english: Vectors | None,
    *,
    weight: Callable[[str], float],
) -> list[float]:
    """The chance of an answer that each example question would get, were it not an example."""
    owner = np.array([example.article for example in examples])
    # A question without a sibling cannot be rehearsed: nothing would be left to find.
    sizes = {int(a): int(n) for a, n in zip(*np.unique(owner, return_counts=True), strict=True)}
    asked = [i for i, one in enumerate(examples) if one.is_question and sizes[one.article] >= 3]
    if not asked:
        return []
    near = every[asked] @ every.T
    second = None if english is None else english[asked] @ english.T
    chances = []
    for row, i in enumerate(asked):
        near[row, i] = -1.0
        if second is not None:
            second[row, i] = -1.0
        both = near[row] if second is None else near[row] + second[row]
        best = int(both.argmax())
        mates = np.flatnonzero(owner == owner[best])
        mates = mates[mates != i]
        others = [] if second is None else second[row, mates].tolist()
        found = {
            "nearest": nearness(near[row, mates].tolist(), others),
            **_wording(examples[i], [examples[int(m)] for m in mates], weight),
        }
        chances.append(judge.answerable.probability(found))
    return chances


def _wording(
    asked: Example, mates: Sequence[Example], weight: Callable[[str], float]
) -> dict[str, float]:
    """The same two measures of words as search takes."""
    own = _square(asked.words, weight)
    overlap = 0.0
    for mate in mates:
        shared = _square(asked.words & mate.words, weight)
        if shared:
            overlap = max(overlap, shared / (own * _square(mate.words, weight)) ** 0.5)
    telling = (asked.words - COMMON_WORDS) or asked.words
    anywhere = frozenset[str]().union(*(mate.words for mate in mates))
    total = sum(weight(word) for word in telling) or 1.0
    return {
        "words": overlap,
        "covered": sum(weight(word) for word in telling & anywhere) / total,
    }


def _square(words: frozenset[str], weight: Callable[[str], float]) -> float:
    return sum(weight(word) ** 2 for word in words)


def _logit(chance: float) -> float:
    chance = min(max(chance, 1e-4), 1 - 1e-4)
    return log(chance / (1 - chance))
