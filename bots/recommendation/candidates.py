"""From each part its best items, and what is known of each: the rows that the ranking orders. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bots.recommendation import habits
from bots.recommendation.events import Floats, Ints, Moments
from bots.recommendation.parts import Guesses, Own, Parts, guessed

MANY = {"sequence": 100, "factors": 60, "together": 100, "following": 50, "popular": 50, "own": 150}
NAMES = (
    "sequence", "factors", "together", "following",
    "place by sequence", "place by factors", "place by together", "place by following",
    "popular", "lately", "age", "place by popularity",
    "own count", "own share", "own weight", "own ago", "own since", "own due", "own place", "in the last moment",
    "new", "new customer", "long history", "own variety", *habits.NAMES,
)  # fmt: skip
BY = ("sequence", "factors", "together", "following", "own", "popular")


@dataclass(frozen=True)
class Rows:
    """Candidates (items), what is known of each (items × NAMES), and what the customer had. The scores of all other
    items are not kept: those of thousands of cases would fill the memory.
    """

    items: Ints
    known: Floats
    own: Own

    @cached_property
    def by(self) -> dict[str, Floats]:
        """What each part alone would order the candidates by."""
        column = {name: self.known[:, place] for place, name in enumerate(NAMES)}
        return {
            **{name: column[name] for name in ("sequence", "factors", "together", "following")},
            "own": column["own count"] + 0.01 * column["own weight"],
            "popular": column["popular"],
        }


def rows(parts: Parts, items: Ints, at: Moments) -> Rows:
    """What may come next after this history; never what was had before, where nobody comes back."""
    guesses = guessed(parts, items, at)
    found = _candidates(parts, guesses)
    more = habits.known(parts.habits, items, at, found)
    return Rows(found, _known(parts, guesses, found, len(items), more), guesses.own)


def best(scores: Floats, many: int) -> NDArray[np.int64]:
    """The places of the highest scores, the highest first."""
    if many >= len(scores):
        return np.argsort(-scores, kind="stable")
    top = np.argpartition(scores, len(scores) - many)[-many:]
    return top[np.argsort(-scores[top], kind="stable")]


def _candidates(parts: Parts, guesses: Guesses) -> Ints:
    had = guesses.own.items
    more = 0 if parts.repeats else min(len(had), 500)  # room for what is struck out again
    found: list[NDArray[np.integer[Any]]] = [best(parts.popular.recent, MANY["popular"] + more), best(parts.popular.ever, MANY["popular"])]  # fmt: skip
    for name, scores in (
        ("sequence", guesses.sequence),
        ("factors", guesses.factors),
        ("together", guesses.together),
        ("following", guesses.following),
    ):
        top = best(scores, min(MANY[name] + more, len(scores)))
        found.append(top[scores[top] != 0])
    if parts.repeats:
        found.append(had[best(guesses.own.weight, MANY["own"])])
        return np.unique(np.concatenate(found)).astype(np.int32)
    every = np.unique(np.concatenate(found)).astype(np.int32)
    return every[~np.isin(every, had)]


def _known(parts: Parts, guesses: Guesses, items: Ints, long: int, more: list[Floats]) -> Floats:
    popular, mine = parts.popular, guesses.own
    scores = (
        np.maximum(guesses.sequence[items], -20.0),
        guesses.factors[items],
        np.log(guesses.together[items] + 1e-4),
        np.log(guesses.following[items] + 1e-6),
    )
    many = len(items)
    return np.stack(
        [
            *scores,
            *(_place(score) for score in scores),
            popular.ever[items],
            popular.recent[items],
            popular.age[items],
            _place(popular.ever[items]),
            *_mine(mine, items),
            np.full(many, 1.0 if long < 3 else 0.0),
            np.full(many, np.log1p(long)),
            np.full(many, len(mine.items) / max(long, 1)),
            *more,
        ],
        axis=1,
    ).astype(np.float32)


def _place(scores: Floats) -> Floats:
    """1 for the best candidate, 1/2 for the second, and so on."""
    place = np.empty(len(scores), dtype=np.float32)
    place[np.argsort(-scores, kind="stable")] = 1 / np.arange(1, len(scores) + 1)
    return place


def _mine(mine: Own, items: Ints) -> list[Floats]:
    """Nine columns about the customer's own events of each item; zeros for a new one."""
    if not len(mine.items):
        return [*(np.zeros(len(items), np.float32),) * 8, np.ones(len(items), np.float32)]
    place = np.minimum(np.searchsorted(mine.items, items), len(mine.items) - 1)
    had = mine.items[place] == items
    due = mine.since / np.maximum(mine.every, 1)
    columns = (
        np.log1p(mine.counts),
        mine.counts / max(mine.moments, 1),
        np.log1p(mine.weight),
        mine.ago,
        np.log1p(mine.since),
        np.where(mine.every > 0, np.minimum(due, 5), 0),
        _place(mine.weight),
        (mine.since == 0).astype(np.float32),
    )
    return [*(np.where(had, column[place], 0) for column in columns), (~had).astype(np.float32)]
