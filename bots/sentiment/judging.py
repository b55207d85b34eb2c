"""What weights are worth, on texts that they have not learnt from."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from bots.sentiment.blend import FIRST, Blend, Floats, Places, in_turn, sure_enough
from bots.sentiment.measuring import Measured, measured
from bots.sentiment.tables import Row
from bots.sentiment.training import PARTS, Judged, Trained

ENOUGH = 50  # texts of one source and language
FOLDS = 5


@dataclass(frozen=True)
class Kept:
    """Figures of the texts that were kept back. `each` by source and language, where there are enough texts to say
    anything; `pooled` over all languages of a source and over all sources of a language: a few hundred texts are too
    few to tell how true chances are."""

    each: dict[str, Measured]
    pooled: dict[str, Measured]


def card_of(trained: Trained) -> Kept:
    """The blend is fitted to these texts, too: each is judged by one that was fitted to the others."""
    judged = list(trained.judged.items())
    chances = np.concatenate([_unseen(group, one) for group, one in judged])
    answers = np.concatenate([one.answers for _, one in judged])
    rows = [row for _, one in judged for row in one.rows]
    kinds = Counter((row.source, row.language) for row in rows)
    sources, languages = (Counter(kind[at] for kind in kinds) for at in (0, 1))

    def told(name: Callable[[Row], str]) -> dict[str, Measured]:
        places: dict[str, list[int]] = {}
        for place, row in enumerate(rows):
            places.setdefault(name(row), []).append(place)
        enough = {one: here for one, here in sorted(places.items()) if one and len(here) >= ENOUGH}
        return {one: measured(chances[here], answers[here]) for one, here in enough.items()}

    each = told(lambda row: f"{row.source} {row.language}")
    pooled = told(lambda row: row.source if sources[row.source] > 1 else "")
    pooled |= told(lambda row: row.language if languages[row.language] > 1 else "")
    return Kept(each, pooled)


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
