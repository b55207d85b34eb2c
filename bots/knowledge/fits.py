"""What weighs: the numbers that come along, or those that were fitted to this centre's own outcomes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from bots.knowledge.calibration import SELDOM, SIGNALS, Judge, Weighing, calibration
from bots.models import Refit

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fits:
    """`bilingual` and `alone` order articles; `chance` is how sure the bot may be, by who judges (empty: as
    it comes along)."""

    bilingual: Judge = field(default_factory=lambda: calibration().bilingual)
    alone: Judge = field(default_factory=lambda: calibration().alone)
    chance: Mapping[str, Weighing] = field(default_factory=dict)


def live_fits() -> Fits:
    """Of the database, as it is now."""
    rows = Refit.objects.filter(state=Refit.State.LIVE).values_list("kind", "weights")
    return fits_of(rows)


def fits_of(rows: Iterable[tuple[str, Any]]) -> Fits:
    """A row that can't be read is as if it were not there: the bot goes on with what comes along."""
    found = Fits()
    for kind, weights in rows:
        try:
            if kind == Refit.Kind.CHANCE:
                found = replace(found, chance=weighings(weights))
            else:
                found = replace(
                    found,
                    bilingual=_reweighed(found.bilingual, weights["bilingual"]),
                    alone=_reweighed(found.alone, weights["alone"]),
                )
        except (AttributeError, KeyError, TypeError, ValueError):
            logger.exception("A refit can't be read", extra={"kind": kind})
    return found


def weighings(data: Mapping[str, Any]) -> dict[str, Weighing]:
    """As `chance.json` has them under `judges`. Raises KeyError, TypeError or ValueError."""
    return {
        name: Weighing(
            {term: _three(numbers) for term, numbers in one["terms"].items()}, _number(one["bias"])
        )
        for name, one in data.items()
    }


def as_stored(judges: Mapping[str, Weighing]) -> dict[str, Any]:
    """What `weighings` reads."""
    return {
        name: {"terms": {t: list(v) for t, v in one.terms.items()}, "bias": one.bias}
        for name, one in judges.items()
    }


def _signals(data: Mapping[str, Any], usual: Mapping[str, float]) -> dict[str, float]:
    """What was fitted before a seldom signal was weighed goes on, with the usual weight of that."""
    return {
        name: _number(data.get(name, usual[name]) if name in SELDOM else data[name])
        for name in SIGNALS
    }


def _reweighed(judge: Judge, data: Mapping[str, Any]) -> Judge:
    return replace(judge, signals=_signals(data, judge.signals))


def _three(numbers: Any) -> tuple[float, float, float]:
    mean, scale, weight = numbers
    return _number(mean), _number(scale), _number(weight)


def _number(value: Any) -> float:
    number = float(value)
    if not isfinite(number):
        raise ValueError("not a number")
    return number
