"""Choosing by what came later: models are made of earlier rows and compared on later ones.

Two blends come of it. `now` is for rows of the same time as those that were learnt from; it is weighed by rows
drawn by chance. `later` is for a time that nobody has seen; it is chosen by rolling origin, since what fits best
today may be wrong tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from agents.prediction.blends import Blend, usual_of
from agents.prediction.calibration import Calibration, calibrate
from agents.prediction.columns import Floats, Ints
from agents.prediction.measures import auc, measured
from agents.prediction.members import (
    FREE,
    STRICT,
    Known,
    Recipe,
    Setting,
    count_out_of_fold,
    fit_member,
    folds_of,
)
from agents.prediction.moments import count_moments, volume_is_telling

ORIGINS = (0.5, 0.6, 0.7, 0.8, 0.9)
FOLDS = 5
GAIN = 0.002  # AUC: less is chance, and one member fewer is simpler
MOST = 4  # members of the later blend, the same one counted as often as it is taken
SEEDS = 3
_LEAST = 8  # successes and failures on both sides of an origin

Step = Callable[[int], None]


def now_recipes(setting: Setting) -> list[Recipe]:
    moment = "full" if setting.slow else "none"
    return [
        *(Recipe("trees", moment=moment, seed=seed) for seed in range(SEEDS)),
        Recipe("linear", moment=moment, strength=400.0 if setting.slow else FREE),
    ]


def later_recipes(setting: Setting, *, volume: bool) -> list[Recipe]:
    """The first one is taken unless another one is surely better: it leans least on what time may move."""
    scopes = ("timeless", "steady", "all") if setting.slow else ("all",)
    moments = ("volume", "none") if volume else ("none",)
    linear = [
        Recipe("linear", scope, moment, strength=strength)
        for scope in scopes
        for moment in moments
        for strength in (STRICT, FREE)
    ]
    newer = Recipe("linear", scopes[0], moments[0], recency=0.25, strength=STRICT)
    trees = [Recipe("trees", scope, moments[0]) for scope in dict.fromkeys((scopes[0], "all"))]
    return [*linear, newer, *trees]


def steps(setting: Setting) -> int:
    """How many times something is fitted, for whoever shows progress."""
    later = len(later_recipes(setting, volume=bool(setting.slow)))
    return (FOLDS + 1) * len(now_recipes(setting)) + len(ORIGINS) * later + 1


@dataclass
class Found:
    blend: Blend
    report: dict[str, Any]
    scores: Floats = field(default_factory=lambda: np.zeros(0))
    outcome: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def choose_now(
    setting: Setting, values: dict[str, Floats], outcome: Ints, step: Step, *, seed: int = 0
) -> Found:
    """Members fitted to all rows; their weights, chances and figures from rows they had not seen."""
    recipes = now_recipes(setting)
    kept = np.zeros((len(recipes), len(outcome)))
    unseen = []
    for fold in folds_of(outcome, FOLDS, seed):
        rest = np.setdiff1d(np.arange(len(outcome)), fold, assume_unique=True)
        some, read, share = _apart(setting, values, outcome, rest, fold)
        unseen.append(share)
        for place, recipe in enumerate(recipes):
            member = fit_member(recipe, setting, some[0], outcome[rest], some[1])
            kept[place, fold] = member.score(read, some[1])
            step(1)
    weights = _weighed(kept, outcome, SEEDS)
    scores = weights @ kept
    calibration = calibrate(scores, outcome)
    blend = _fitted(setting, values, outcome, (recipes, weights), calibration, step)
    report = measured(outcome, calibration.chance(scores)) | {
        "members": _told(recipes, weights),
        "new_moments": round(float(np.mean(unseen)), 4) if setting.slow else None,
    }
    return Found(blend, report, scores, outcome)


def _weighed(kept: Floats, outcome: Ints, trees: int) -> Floats:
    """Trees against the regression: the share with which the order is best."""
    boosted, linear = kept[:trees].mean(axis=0), kept[trees]
    shares = np.linspace(0, 1, 11)
    best = max(shares, key=lambda share: auc(outcome, share * boosted + (1 - share) * linear))
    return np.array([best / trees] * trees + [1 - best])


def choose_later(
    setting: Setting, values: dict[str, Floats], outcome: Ints, step: Step
) -> Found | None:
    """The members that held up best on later rows, at every origin; None: there is too little of any time."""
    whole = count_moments(setting.slow, (), values, outcome) if setting.slow else None
    recipes = later_recipes(setting, volume=whole is not None and volume_is_telling(whole))
    kept: list[Floats] = []
    came: list[Ints] = []
    told: list[float] = []
    for share in ORIGINS:
        origin = int(share * len(outcome))
        earlier, later = np.arange(origin), np.arange(origin, len(outcome))
        if min(_least(outcome[earlier]), _least(outcome[later])) < _LEAST:
            continue
        known, read, _ = _apart(replace(setting, parts=()), values, outcome, earlier, later)
        scores = np.zeros((len(recipes), len(later)))
        for place, recipe in enumerate(recipes):
            member = fit_member(recipe, setting, known[0], outcome[earlier], known[1])
            scores[place] = member.score(read, known[1])
            step(1)
        kept.append(scores)
        came.append(outcome[later])
        told.append(share)
    if not kept:
        return None
    weights = _greedy(kept, came)
    blended = [weights @ scores for scores in kept]
    calibration = _calibrated(blended, came)
    some = [place for place, weight in enumerate(weights) if weight > 0]
    used = [recipes[place] for place in some]
    bare = replace(setting, parts=())
    blend = _fitted(bare, values, outcome, (used, weights[some]), calibration, step)
    report = {
        "origins": told,
        "auc": [round(auc(y, s), 4) for y, s in zip(came, blended, strict=True)],
        "members": _told(used, weights[some]),
        "alone": {
            recipe.name: [round(auc(y, s[place]), 4) for y, s in zip(came, kept, strict=True)]
            for place, recipe in enumerate(recipes)
        },
    }
    return Found(blend, report)


def _least(outcome: Ints) -> int:
    return int(min(outcome.sum(), len(outcome) - outcome.sum()))


def _greedy(kept: Sequence[Floats], came: Sequence[Ints]) -> Floats:
    """Begins with the most careful one and takes whoever helps most, as long as it helps at nearly every
    origin (after Caruana et al. 2004, who ask for the mean only: over few origins that is chance)."""

    def worth(chosen: list[int]) -> Floats:
        return np.array([auc(y, s[chosen].mean(axis=0)) for y, s in zip(came, kept, strict=True)])

    def surely(better: Floats, than: Floats) -> bool:
        wins = int((better > than).sum())
        return float((better - than).mean()) >= GAIN and wins >= 0.8 * len(came)

    chosen = [0]
    best = worth(chosen)
    alone = [(place, worth([place])) for place in range(1, len(kept[0]))]
    if sure := [(place, found) for place, found in alone if surely(found, best)]:
        place, best = max(sure, key=lambda pair: float(pair[1].mean()))
        chosen = [place]
    for _ in range(MOST - 1):
        tried = [(place, worth([*chosen, place])) for place in range(len(kept[0]))]
        sure = [(place, found) for place, found in tried if surely(found, best)]
        if not sure:
            break
        place, best = max(sure, key=lambda pair: float(pair[1].mean()))
        chosen.append(place)
    return np.bincount(chosen, minlength=len(kept[0])) / len(chosen)


def _calibrated(scores: Sequence[Floats], came: Sequence[Ints]) -> Calibration:
    """Each origin counts alike: what was said of a later time against what came then."""
    weights = np.concatenate([np.full(len(y), 1.0 / len(y)) for y in came])
    return calibrate(np.concatenate(scores), np.concatenate(came), weights=weights * 1e4)


def _apart(
    setting: Setting, values: dict[str, Floats], outcome: Ints, fit: Ints, read: Ints
) -> tuple[tuple[Known, Sequence[str]], Known, float]:
    """Rows to fit to, with what the others say of their moments, and rows to read."""
    some = {name: column[fit] for name, column in values.items()}
    other = {name: column[read] for name, column in values.items()}
    counted = count_out_of_fold(setting, some, outcome[fit])
    if counted is None:
        return (Known(some), ()), Known(other), 0.0
    moments, features = counted
    shown = moments.read(other, volumes=moments.volumes(other))
    return (Known(some, features), moments.names), Known(other, shown), moments.unseen(other)


def _fitted(
    setting: Setting,
    values: dict[str, Floats],
    outcome: Ints,
    chosen: tuple[Sequence[Recipe], Floats],
    calibration: Calibration,
    step: Step,
) -> Blend:
    counted = count_out_of_fold(setting, values, outcome)
    moments, features = counted if counted is not None else (None, None)
    known = Known(values, features)
    names = moments.names if moments is not None else ()
    members, weights = [], []
    for recipe, weight in zip(*chosen, strict=True):
        if weight > 0:
            members.append(fit_member(recipe, setting, known, outcome, names))
            weights.append(float(weight))
        step(1)
    blend = Blend(setting, moments, tuple(members), tuple(weights), calibration, {})
    return replace(blend, usual=usual_of(blend, known))


def _told(recipes: Sequence[Recipe], weights: Floats) -> dict[str, float]:
    told: dict[str, float] = {}
    for recipe, weight in zip(recipes, weights, strict=True):
        told[recipe.name] = round(told.get(recipe.name, 0.0) + float(weight), 3)
    return {name: weight for name, weight in told.items() if weight > 0}
