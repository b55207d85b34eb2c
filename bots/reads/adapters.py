"""Adapters: which one answers, which one is tried, and how that one does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import mean
from typing import Any

import numpy as np

from bots.models import Adapter, ShadowAnswer

LEAST = 20  # turns, before anything is said about one
SLOWER = 1.25  # times the live one's seconds, at most
WORSE = 0.02  # of a share: so much less is too much, even if it may be chance
SEEN = 1_000  # newest turns
RESAMPLED, SURE = 1_000, 0.95
_WORD = re.compile(r"[\u3400-\u9fff]|\w+")


@dataclass(frozen=True)
class Known:
    """An adapter without its weights."""

    pk: int
    digest: str
    share: float


def known(state: str) -> Known | None:
    """The one that is `live`, or `shadow`."""
    row = Adapter.objects.filter(state=state).values_list("pk", "digest", "share").first()
    return Known(*row) if row else None


@dataclass(frozen=True)
class Compared:
    """Over `turns` that both wrote: shares of sentences that articles bear out, shares of turns in which
    anything of it reached the customer, mean characters of these, and mean seconds. `agreement` is the share of
    words that both said, where both said something. Each interval holds, with 95 %, what the adapter's share has
    more than the live one's."""

    turns: int
    support: float
    live_support: float
    support_interval: tuple[float, float]
    released: float
    live_released: float
    released_interval: tuple[float, float]
    agreement: float
    characters: float
    live_characters: float
    seconds: float
    live_seconds: float

    def objections(self) -> list[str]:
        """What speaks against adopting it; none: nothing does."""
        if self.turns < LEAST:
            return [f"It was tried in {self.turns} turns; {LEAST} are needed."]
        found = []
        for told, mine, live, interval in (
            ("Less is borne out", self.support, self.live_support, self.support_interval),
            ("Fewer answers get through", self.released, self.live_released, self.released_interval),
        ):  # fmt: skip
            if mine < live - WORSE or interval[1] < 0:
                found.append(
                    f"{told}: {mine:.1%} instead of {live:.1%} "
                    f"({interval[0]:+.1%} to {interval[1]:+.1%})."
                )
        if self.seconds > SLOWER * self.live_seconds + 0.05:
            found.append(
                f"It is slower: {self.seconds:.2f} s instead of {self.live_seconds:.2f} s."
            )
        return found

    def shown(self) -> dict[str, Any]:
        return {**asdict(self), "objections": self.objections()}


def compared(adapter: Adapter) -> Compared:
    rows = list(ShadowAnswer.objects.filter(adapter=adapter).order_by("-at")[:SEEN])
    borne_out = [
        (one.kept, one.kept + one.dropped, one.live_kept, one.live_kept + one.live_dropped)
        for one in rows
    ]
    through = [(int(bool(one.text)), 1, int(bool(one.live_text)), 1) for one in rows]
    both = [_in_common(one.text, one.live_text) for one in rows if one.text and one.live_text]
    return Compared(
        turns=len(rows),
        support=_ratio(borne_out, 0),
        live_support=_ratio(borne_out, 2),
        support_interval=_interval(borne_out),
        released=_ratio(through, 0),
        live_released=_ratio(through, 2),
        released_interval=_interval(through),
        agreement=round(mean(both or [0.0]), 4),
        characters=_length([one.text for one in rows]),
        live_characters=_length([one.live_text for one in rows]),
        seconds=round(mean([one.seconds for one in rows] or [0]), 3),
        live_seconds=round(mean([one.live_seconds for one in rows] or [0]), 3),
    )


Counts = Sequence[
    tuple[int, int, int, int]
]  # a turn's: good ones and all of the adapter, and of the live one


def _ratio(rows: Counts, side: int) -> float:
    return round(sum(row[side] for row in rows) / max(sum(row[side + 1] for row in rows), 1), 4)


def _interval(rows: Counts) -> tuple[float, float]:
    """Of the difference of the two shares, by drawing turns again."""
    if not rows:
        return 0.0, 0.0
    counts = np.array(rows, dtype=np.float64)
    drawn = counts[np.random.default_rng(7).integers(0, len(rows), (RESAMPLED, len(rows)))].sum(1)
    shares = drawn[:, 0::2] / np.maximum(drawn[:, 1::2], 1)
    found = np.sort(shares[:, 0] - shares[:, 1])
    cut = int(RESAMPLED * (1 - SURE) / 2)
    return round(float(found[cut]), 4), round(float(found[-1 - cut]), 4)


def _in_common(one: str, other: str) -> float:
    mine, live = (Counter(_WORD.findall(text.casefold())) for text in (one, other))
    return 2 * sum((mine & live).values()) / max(sum(mine.values()) + sum(live.values()), 1)


def _length(texts: Sequence[str]) -> float:
    return round(mean([len(text) for text in texts if text] or [0]), 1)
