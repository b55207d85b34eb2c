"""Several members together: their log odds, weighed, made into chances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.prediction.calibration import Calibration
from agents.prediction.columns import Floats
from agents.prediction.members import Known, Member, Setting
from agents.prediction.moments import Moments


@dataclass(frozen=True)
class Blend:
    """`moments` are those that its members were fitted with; `usual` what each thing adds on average, so that
    a reason is against the usual row."""

    setting: Setting
    moments: Moments | None
    members: tuple[Member, ...]
    weights: tuple[float, ...]
    calibration: Calibration
    usual: dict[str, float]

    def known(self, values: dict[str, Floats]) -> Known:
        if self.moments is None:
            return Known(values)
        volumes = self.moments.volumes(values)
        return Known(values, self.moments.read(values, volumes=volumes))

    @property
    def names(self) -> Sequence[str]:
        return self.moments.names if self.moments is not None else ()

    def score(self, known: Known) -> Floats:
        total = np.zeros(known.rows)
        for member, weight in zip(self.members, self.weights, strict=True):
            total += weight * member.score(known, self.names)
        return total

    def chance(self, known: Known) -> Floats:
        return self.calibration.chance(self.score(known))

    def contributions(self, known: Known) -> dict[str, Floats]:
        """What each column, the moment and its volume add to the calibrated log odds, against the usual."""
        added: dict[str, Floats] = {}
        for member, weight in zip(self.members, self.weights, strict=True):
            shares, _ = member.contributions(known, self.names)
            for place, name in enumerate(member.names):
                added[name] = added.get(name, 0.0) + weight * shares[:, place]
        return {
            name: self.calibration.slope * (column - self.usual.get(name, 0.0))
            for name, column in added.items()
        }


def usual_of(blend: Blend, known: Known) -> dict[str, float]:
    """The mean of each contribution over these rows, before calibration."""
    sums: dict[str, float] = {}
    for member, weight in zip(blend.members, blend.weights, strict=True):
        shares, _ = member.contributions(known, blend.names)
        for place, name in enumerate(member.names):
            sums[name] = sums.get(name, 0.0) + weight * float(shares[:, place].mean())
    return sums
