"""From a log to a recommender: parts learnt, fused, judged on what came last, and learnt again from everything."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from bots.recommendation import factors, habits, neighbours, popular
from bots.recommendation.candidates import BY, Rows, best, rows
from bots.recommendation.events import Log, NothingToLearn
from bots.recommendation.figures import Figures, figures
from bots.recommendation.holding_out import Case, last
from bots.recommendation.model import FUSED, Recommender
from bots.recommendation.parts import REACH, Parts
from bots.recommendation.ranking import Ranking

LEAST_CUSTOMERS = 20
LEAST_EVENTS = 100
CASES = 6_000  # that the ranking learns from
FOLDS = 3
FEW = 5_000  # customers; of fewer, the last three steps are kept back
COMES_AGAIN = 0.01  # the share of repeated events from which an item may be recommended again
STEPS = 70  # of the progress bar

Told = Callable[[int], None]


@dataclass(frozen=True)
class Trained:
    """`figures`: by name, on the newest events of all customers, none of which was learnt from."""

    model: Recommender
    figures: dict[str, Figures]
    curve: list[dict[str, float]]
    facts: dict[str, Any] = field(default_factory=dict)


def trained(
    log: Log,
    *,
    minutes: float,
    told: Told,
    remember: bool = True,
    against: Recommender | None = None,
) -> Trained:
    """Raises NothingToLearn. `minutes` bound the transformer's training, the rest is quick.

    Another model (`against`) is judged on the same cases, and stands among the figures as `live`.
    """
    _enough(log)
    began = time.monotonic()
    learnt, cases = last(log, steps=3 if len(log.customers) < FEW else 1)
    if len(cases) < LEAST_CUSTOMERS:
        raise NothingToLearn(f"only {len(cases)} customers came back: at least {LEAST_CUSTOMERS} are wanted.")  # fmt: skip
    with threadpool_limits(1, "blas"):
        shape = _shape(learnt, minutes)
        parts, curve, epochs = _first(learnt, cases, shape, told=told)
        chosen = _some(cases)
        served, ranking, found = _fused(parts, chosen, told=told)
        if against is not None:
            found["live"] = _judged(against, log, chosen)
        parts = _again(parts, log, shape, epochs, told=told)
    model = Recommender(
        log.items,
        parts,
        ranking,
        served,
        log.customers if remember else [],
        log if remember else None,
        max(round(log.at_once), 1) if log.baskets else 1,
    )
    facts = {
        "customers": len(log.customers),
        "items": len(log.items),
        "events": len(log.item),
        "repeated": round(log.repeats, 4),
        "baskets": log.baskets,
        "held_out": len(chosen),
        "epochs": epochs,
        "seconds": round(time.monotonic() - began),
    }
    return Trained(model, found, curve, facts)


def _enough(log: Log) -> None:
    if len(log.item) == 0:
        raise NothingToLearn("there are no events.")
    if len(log.customers) < LEAST_CUSTOMERS:
        many = len(log.customers)
        raise NothingToLearn(f"events of {many} customer{'s' * (many != 1)}: at least {LEAST_CUSTOMERS} are wanted.")  # fmt: skip
    if len(log.items) < 2:
        raise NothingToLearn("there is only one item.")
    if len(log.item) < LEAST_EVENTS:
        raise NothingToLearn(f"{len(log.item)} events: at least {LEAST_EVENTS} are wanted.")


def _some(cases: Sequence[Case]) -> list[Case]:
    order = np.random.default_rng(7).permutation(len(cases))[:CASES]
    return [cases[place] for place in order]


def _shape(log: Log, minutes: float) -> Any:
    """A sparse log wants more held back, a dense one a longer memory."""
    from bots.recommendation.local_sequence import Shape

    dense = len(log.item) / len(log.items)
    usual = float(np.median(np.diff(log.start)))
    return Shape(
        longest=100 if usual > 25 else 50,
        dropout=0.5 if dense < 10 else 0.3,
        minutes=minutes,
        patience=3 if len(log.item) > 200_000 else 6,
    )


def _quick(log: Log) -> Parts:
    """The parts that are counted, not trained."""
    again = log.repeats > COMES_AGAIN
    return Parts(
        popular.fitted(log),
        neighbours.together(log, reach=REACH),
        neighbours.following_baskets(log) if log.baskets else neighbours.following(log, reach=3),
        factors.fitted(log),
        None,
        repeats=again,
        habits=habits.fitted(log) if again else None,
        baskets=log.baskets,
    )


def _first(
    log: Log, cases: Sequence[Case], shape: Any, *, told: Told
) -> tuple[Parts, list[dict[str, float]], int]:
    from bots.recommendation.local_sequence import fitted

    quick = _quick(log)
    told(3)
    watched = [one for one in cases if len(one.items)]
    learnt = fitted(log, watched, shape, told=told)
    return replace(quick, sequence=learnt.sequence), learnt.curve, learnt.epochs


def _again(parts: Parts, log: Log, shape: Any, epochs: int, *, told: Told) -> Parts:
    """The same parts out of the whole log; the transformer goes on for a quarter of its epochs."""
    from bots.recommendation.local_sequence import continued

    quick = _quick(log)
    if parts.sequence is None:
        return quick
    more = max(2, math.ceil(epochs / 4))
    sequence = continued(parts.sequence, log, shape, more)
    told(STEPS)
    return replace(quick, sequence=sequence)


def _fused(
    parts: Parts, cases: Sequence[Case], *, told: Told
) -> tuple[str, Ranking | None, dict[str, Figures]]:
    """What is served: the ranking fitted to the cases if, on cases it was not fitted to, it beats every part."""
    from bots.recommendation.local_ranking import fitted

    found = [rows(parts, case.items, case.at) for case in cases]
    came = [np.isin(one.items, case.wanted).astype(np.float32) for one, case in zip(found, cases, strict=True)]  # fmt: skip
    told(2)
    alone = {
        name: figures(
            (one.items[best(one.by[name], 10)].tolist(), case.wanted.tolist())
            for one, case in zip(found, cases, strict=True)
        )
        for name in BY
        if parts.repeats or name != "own"
    }
    examples = [(one.known, wanted) for one, wanted in zip(found, came, strict=True)]
    winner = max(alone, key=lambda name: alone[name].ndcg)
    if sum(bool(wanted.any()) for wanted in came) < 2 * LEAST_CUSTOMERS:
        return winner, None, alone
    # One customer's cases stand in one fold.
    fold = np.array([case.customer % FOLDS for case in cases])
    ranked: list[tuple[list[int], list[int]]] = []
    for number in range(FOLDS):
        others = [one for one, place in zip(examples, fold, strict=True) if place != number]
        if not any(wanted.any() for _, wanted in others):
            return winner, None, alone
        ranking = fitted(others, times=1)
        here = [p for p in range(len(cases)) if fold[p] == number]
        ranked += [(_top(ranking, found[p]), cases[p].wanted.tolist()) for p in here]
        told(1)
    alone[FUSED] = figures(ranked)
    if alone[FUSED].ndcg <= alone[winner].ndcg:
        return winner, None, alone
    return FUSED, fitted(examples), alone


def _judged(model: Recommender, log: Log, cases: Sequence[Case]) -> Figures:
    """What a model that was trained before makes of the cases; items that it does not know it cannot foretell."""
    place = {name: number for number, name in enumerate(log.items)}

    def ranked(case: Case) -> list[int]:
        history = [(log.items[i], float(at)) for i, at in zip(case.items, case.at, strict=True)]
        return [place.get(one.item, -1) for one in model.recommended(history)]

    return figures((ranked(case), case.wanted.tolist()) for case in cases)


def _top(ranking: Ranking, found: Rows) -> list[int]:
    chosen: list[int] = found.items[best(ranking.scored(found.known), 10)].tolist()
    return chosen
