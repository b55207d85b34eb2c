"""What everybody takes, lately above all. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bots.recommendation.events import Floats, Log

HALVES = 8  # half-lives of recent popularity in the whole log


@dataclass(frozen=True)
class Popular:
    """Natural logarithms of (events + 1) of each item, and of the share of recent events."""

    ever: Floats
    recent: Floats
    age: Floats  # 0 = first seen at the end of the log, 1 = at its beginning


def fitted(log: Log) -> Popular:
    """Recent counts halve with each eighth of the log's span."""
    many = len(log.items)
    span = max(log.end - float(log.at.min()), 1.0)
    weight = 0.5 ** ((log.end - log.at) / span * HALVES)
    recent = np.bincount(log.item, weight, minlength=many)
    first = np.full(many, log.end)
    np.minimum.at(first, log.item, log.at)
    share = (recent + 0.01) / (recent.sum() + 0.01 * many)
    return Popular(
        np.log1p(np.bincount(log.item, minlength=many)).astype(np.float32),
        np.log(share).astype(np.float32),
        ((log.end - first) / span).astype(np.float32),
    )
