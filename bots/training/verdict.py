"""Whether an adapter may be adopted: what speaks against it, by its card. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

SUPPORT = 0.98  # of the sentences that customers see; never less, whatever it was before
RESAMPLED = 1_000
SURE = 0.95


def objections(
    before: Mapping[str, Any], after: Mapping[str, Any], gain: Sequence[float]
) -> list[str]:
    """Sentences; none: it wins. `gain` is the interval in which ROUGE-L's gain lies."""
    found = []
    for name, told in (("bleu", "BLEU"), ("rouge_l", "ROUGE-L")):
        if after[name] <= before[name]:
            found.append(
                f"{told} does not rise: {before[name]:.3f} before, {after[name]:.3f} after."
            )
    if gain[0] <= 0:
        found.append(f"ROUGE-L's gain may be chance: {gain[0]:+.3f} to {gain[1]:+.3f}.")
    if after["support"] < SUPPORT:
        found.append(f"Only {after['support']:.1%} of what customers would see is borne out.")
    for name, told in (
        ("support", "Less of what customers see is borne out"),
        ("supported", "Less of what it writes is borne out"),
        ("released", "Fewer answers reach the customer"),
    ):
        if after[name] < before[name]:
            found.append(f"{told}: {before[name]:.1%} before, {after[name]:.1%} after.")
    return found


def gain_between(before: Sequence[float], after: Sequence[float], *, seed: int) -> list[float]:
    """The 95 % interval of the mean difference of paired scores, by bootstrap."""
    dice = random.Random(seed)
    differences = [b - a for a, b in zip(before, after, strict=True)]
    if not differences:
        return [0.0, 0.0]
    means = sorted(
        sum(dice.choices(differences, k=len(differences))) / len(differences)
        for _ in range(RESAMPLED)
    )
    cut = int(RESAMPLED * (1 - SURE) / 2)
    return [round(means[cut], 4), round(means[-1 - cut], 4)]
