"""What weights are worth, on texts that they have not learnt from."""

from zlib import crc32

import numpy as np

from bots.sentiment.blend import Blend, Floats
from bots.sentiment.measuring import Measured, measured
from bots.sentiment.training import PARTS, Judged, Trained

ENOUGH = 50  # texts of one source and language
FOLDS = 5


def card_of(trained: Trained) -> dict[str, Measured]:
    """By source and language, where there are enough texts to say anything. The blend is fitted to these texts,
    too: each is judged by one that was fitted to the others."""
    found: dict[str, Measured] = {}
    for group, judged in trained.judged.items():
        chances = _unseen(group, judged)
        names = np.array([f"{row.source} {row.language}" for row in judged.rows])
        for name in sorted(set(names)):
            here = names == name
            if here.sum() >= ENOUGH:
                found[str(name)] = measured(chances[here], judged.answers[here])
    return found


def _unseen(group: str, judged: Judged) -> Floats:
    folds = np.array([crc32(row.text.encode()) // 7 % FOLDS for row in judged.rows])
    answers, manner = judged.answers, judged.manner
    chances = np.zeros((len(folds), 3), dtype=np.float32)
    for fold in range(FOLDS):
        here, others = folds == fold, folds != fold
        blend = Blend.fitted(
            PARTS[group],
            {part: said[others] for part, said in judged.opinions.items()},
            answers[others],
            manner[others],
        )
        chances[here] = blend.chances(
            {part: said[here] for part, said in judged.opinions.items()}, manner[here]
        )
    return chances
