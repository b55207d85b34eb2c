"""What weights are worth, on texts that they have not learnt from."""

import numpy as np

from bots.sentiment.measuring import Measured, measured
from bots.sentiment.training import Trained

ENOUGH = 50  # texts of one source and language


def card_of(trained: Trained) -> dict[str, Measured]:
    """By source and language, where there are enough texts to say anything."""
    found: dict[str, Measured] = {}
    for group, judged in trained.judged.items():
        chances = trained.weights.blends[group].chances(judged.opinions)
        names = np.array([f"{row.source} {row.language}" for row in judged.rows])
        for name in sorted(set(names)):
            here = names == name
            if here.sum() >= ENOUGH:
                found[str(name)] = measured(chances[here], judged.answers[here])
    return found
