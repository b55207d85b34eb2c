"""Whether there is enough to learn from, and whether what was learnt is better than what it would replace. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.prediction.columns import Floats
from agents.prediction.measures import measured

HELD_OUT = 0.25  # the newest part, to judge by
_Z = 1.959964  # 95 of 100 such intervals hold the truth
_SURE = 0.99  # a chance beyond this says no more


@dataclass(frozen=True, slots=True)
class Enough:
    """`outcomes` before anything is learnt, of them so many of the `rarer` kind, and so many `more` since the last try."""

    outcomes: int
    rarer: int
    more: int

    def standing(self, came: Sequence[bool | int]) -> dict[str, int]:
        """How many outcomes there are, how many of the rarer kind, and how many of each are needed."""
        good = sum(came)
        return {
            "outcomes": len(came),
            "needed": self.outcomes,
            "rarer": min(good, len(came) - good),
            "rarer_needed": self.rarer,
        }

    def refusal(self, found: Mapping[str, int]) -> str:
        """Why nothing can be learnt; "" if it can."""
        if found["outcomes"] >= self.outcomes and found["rarer"] >= self.rarer:
            return ""
        return (
            f"Too little to learn from: {found['outcomes']} of {self.outcomes} outcomes, "
            f"{found['rarer']} of {self.rarer} of the rarer kind."
        )

    def is_due(self, found: Mapping[str, int], last: Mapping[str, Any] | None) -> bool:
        """`last`: the figures of the last try, if there was one."""
        known = 0 if last is None else last["learnt_from"] + last["judged_on"] + self.more
        return not self.refusal(found) and found["outcomes"] >= known


def apart_in_time(many: int) -> int:
    """Where the older part, which is learnt from, ends."""
    return round(many * (1 - HELD_OUT))


def judged(said: Floats, beside: Floats, outcomes: NDArray[np.int64]) -> dict[str, Any]:
    """The log loss that `said` saves for each row against `beside`, in nats with its 95 % interval, and how good the
    chances are."""
    gain = _loss(beside, outcomes) - _loss(said, outcomes)
    half = _Z * float(gain.std(ddof=1)) / math.sqrt(len(gain))
    mean = float(gain.mean())
    return {
        "judged_on": len(said),
        "rate": round(float(outcomes.mean()), 4),
        "gain": round(mean, 4),
        "interval": [round(mean - half, 4), round(mean + half, 4)],
        **measured(outcomes, said),
    }


def has_won(figures: Mapping[str, Any]) -> bool:
    """Its whole interval is above nought."""
    return bool(figures["interval"][0] > 0)


def _loss(said: Floats, outcomes: NDArray[np.int64]) -> Floats:
    said = said.clip(1 - _SURE, _SURE)
    return np.asarray(-(outcomes * np.log(said) + (1 - outcomes) * np.log(1 - said)), dtype=float)
