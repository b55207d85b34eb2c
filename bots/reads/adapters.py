"""Adapters: which one answers, which one is tried, and how that one does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import mean
from typing import Any

from bots.models import Adapter, ShadowAnswer

LEAST = 20  # turns, before anything is said about one
SLOWER = 1.25  # times the live one's seconds, at most
SEEN = 1_000  # newest turns


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
    anything of it reached the customer, mean characters of these, and mean seconds."""

    turns: int
    support: float
    live_support: float
    released: float
    live_released: float
    characters: float
    live_characters: float
    seconds: float
    live_seconds: float

    def objections(self) -> list[str]:
        """What speaks against adopting it; none: nothing does."""
        if self.turns < LEAST:
            return [f"It was tried in {self.turns} turns; {LEAST} are needed."]
        found = []
        if self.support < self.live_support:
            found.append(
                f"Less is borne out: {self.support:.1%} instead of {self.live_support:.1%}."
            )
        if self.released < self.live_released:
            found.append(f"Fewer answers get through: {self.released:.1%} instead of {self.live_released:.1%}.")  # fmt: skip
        if self.seconds > SLOWER * self.live_seconds + 0.05:
            found.append(
                f"It is slower: {self.seconds:.2f} s instead of {self.live_seconds:.2f} s."
            )
        return found

    def shown(self) -> dict[str, Any]:
        return {**asdict(self), "objections": self.objections()}


def compared(adapter: Adapter) -> Compared:
    rows = list(ShadowAnswer.objects.filter(adapter=adapter).order_by("-at")[:SEEN])
    return Compared(
        turns=len(rows),
        support=_ratio(rows, "kept", "dropped"),
        live_support=_ratio(rows, "live_kept", "live_dropped"),
        released=round(mean([bool(one.text) for one in rows] or [0]), 4),
        live_released=round(mean([bool(one.live_text) for one in rows] or [0]), 4),
        characters=_length([one.text for one in rows]),
        live_characters=_length([one.live_text for one in rows]),
        seconds=round(mean([one.seconds for one in rows] or [0]), 3),
        live_seconds=round(mean([one.live_seconds for one in rows] or [0]), 3),
    )


def _ratio(rows: Sequence[ShadowAnswer], kept: str, dropped: str) -> float:
    good = sum(int(getattr(one, kept)) for one in rows)
    return round(good / max(good + sum(int(getattr(one, dropped)) for one in rows), 1), 4)


def _length(texts: Sequence[str]) -> float:
    return round(mean([len(text) for text in texts if text] or [0]), 1)
