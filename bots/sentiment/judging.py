"""What weights are worth, on texts that they have not learnt from."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from bots.sentiment.blend import FIRST, Blend, Floats, Places, in_turn, sure_enough
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
    chances = np.zeros((len(folds), 3), dtype=np.float32)
    for fold in range(FOLDS):
        here, others = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        first = _fitted(FIRST[group].parts, judged, others) if group in FIRST else None
        chances[here] = in_turn(
            first,
            _fitted(PARTS[group], judged, others),
            lambda part, places, here=here: judged.opinions[part][here[places]],  # type: ignore[misc]
            judged.manner[here],
            sure=sure_enough(group),
        )
    return chances


def _fitted(parts: Sequence[str], judged: Judged, places: Places) -> Blend:
    opinions = {part: judged.opinions[part][places] for part in parts}
    return Blend.fitted(parts, opinions, judged.answers[places], judged.manner[places])
