"""Reads how texts feel, many together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import cast

import numpy as np

from bots.sentiment.blend import Floats, in_turn, sure_enough
from bots.sentiment.feeling import LONGEST, Feeling, Label
from bots.sentiment.local_encoding import Encoder
from bots.sentiment.local_trunks import TrunkName, trunk
from bots.sentiment.manner import manner_of
from bots.sentiment.tables import LABELS, language_by_letters
from bots.sentiment.weights import Weights, load

TOGETHER = 64
_TRUNKS: tuple[TrunkName, ...] = ("bge", "e5")

UNKNOWN = "und"  # a language that nobody can tell, by BCP 47
_FOREIGN = 1.8  # pieces a word: one English text in a thousand has as many
_NAMES = re.compile(r"[@#]\w+|https?:\S+")  # in Latin letters, whatever the text is in


class Reader:
    """Holds the encoders. Threads may share it: as many read at a time as it was told.

    `language_of` a text: its code, or nothing where it can't be told.
    """

    def __init__(
        self,
        weights: Weights | None = None,
        *,
        language_of: Callable[[str], str],
        threads: int = 1,
    ) -> None:
        self._weights = weights or load()
        self._language_of = language_of
        wanted = {part for blend in self._weights.blends.values() for part in blend.parts}
        first = {
            name: Encoder(trunk(name), self._weights.tuned[name])
            for name in _TRUNKS
            if name in wanted
        }
        self._spelt = trunk("bge").spelt if "bge" in wanted else None
        # What a product is computed in may not be shared; its weights are.
        self._free: SimpleQueue[Mapping[str, Encoder]] = SimpleQueue()
        for number in range(threads):
            self._free.put({name: one.twin() if number else one for name, one in first.items()})
        self._threads = threads

    @property
    def version(self) -> str:
        return self._weights.version

    def read(self, texts: Sequence[str]) -> list[Feeling]:
        """One for each text, in order; many are read on several cores, in batches of like length."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        batches = [order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)]
        found: dict[int, Feeling] = {}

        def work(places: list[int]) -> None:
            some = self._read([texts[place][:LONGEST] for place in places])
            found.update(zip(places, some, strict=True))

        if len(batches) <= 1 or self._threads == 1:
            for batch in batches:
                work(batch)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(work, batches))
        return [found[place] for place in range(len(texts))]

    def _read(self, texts: Sequence[str]) -> list[Feeling]:
        languages = [self._language(text) for text in texts]
        chances = np.zeros((len(texts), len(LABELS)), dtype=np.float32)
        groups: dict[str, list[int]] = {}
        for place, language in enumerate(languages):
            groups.setdefault(group_of(language, texts[place]), []).append(place)
        encoders = self._free.get()
        try:
            for group, places in groups.items():
                some = [texts[place] for place in places]
                chances[places] = in_turn(
                    self._weights.first.get(group),
                    self._weights.blends[group],
                    lambda part, left, some=some: self._opinion(  # type: ignore[misc]
                        part, encoders, [some[place] for place in left]
                    ),
                    manner_of(some),
                    sure=sure_enough(group),
                )
        finally:
            self._free.put(encoders)
        return [_feeling(row, language) for row, language in zip(chances, languages, strict=True)]

    def _language(self, text: str) -> str:
        """What can't be told is English, as short texts mostly are, or Hindi, Arabic, … in Latin letters, which
        falls into pieces where it is spelt by English words."""
        said = _NAMES.sub(" ", text)
        if code := self._language_of(said):
            return code
        words = re.findall(r"[^\W\d_]+", said)
        if len(words) < 3 or self._spelt is None:
            return "en"
        pieces = len(self._spelt(" ".join(words))) - 2  # a mark at either end
        return UNKNOWN if pieces >= _FOREIGN * len(words) else "en"

    def _opinion(self, part: str, encoders: Mapping[str, Encoder], texts: Sequence[str]) -> Floats:
        if part in encoders:
            return encoders[part].opinions(texts)
        return self._weights.grams[part.removeprefix("grams-")].logits(texts)


def group_of(language: str, text: str) -> str:
    """Chinese letters are told from others whatever a language's name for a short text is."""
    if language not in {"ja", "ko"} and language_by_letters(text) == "zh":
        return "zh"
    letters = [letter for letter in _NAMES.sub(" ", text) if letter.isalpha()]
    foreign = sum(letter > "\u036f" for letter in letters) > len(letters) / 2  # not Latin
    return "en" if language == "en" and not foreign else "other"


def _feeling(chances: Floats, language: str) -> Feeling:
    negative, neutral, positive = (float(chance) for chance in chances)
    label = cast(Label, LABELS[int(chances.argmax())])
    return Feeling(label, negative, neutral, positive, language)
