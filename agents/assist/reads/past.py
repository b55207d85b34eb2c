"""What became of the resolved conversations of an inbox, as far as something can be learnt from it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.assist.rules.neighbours import Bar, bar, votes
from bots.knowledge.corpus import corpus
from bots.learning.clusters import around
from bots.models import Asked
from conversations.models import Conversation

LOOKED_AT = 600  # the latest cases
_FRESH = 600.0  # seconds: what was learnt is learnt again after so long
KINDS = ("label", "priority", "queue")


@dataclass(frozen=True, slots=True)
class Hint:
    """`precision` is how often the like was right in the past, of `measured` times."""

    kind: str
    value: str
    precision: float
    measured: int


@dataclass(frozen=True, slots=True)
class Past:
    """One row for each case; `values` and `bars` by kind. A queue stands by its name."""

    vectors: NDArray[np.float32]
    values: dict[str, list[list[str]]]
    bars: dict[str, Bar | None]

    def hints(self, vector: NDArray[np.float32]) -> list[Hint]:
        """For a new case, by its vector around the middle."""
        if not len(self.vectors):
            return []
        likeness = self.vectors @ vector
        found = []
        for kind, known in self.bars.items():
            if known is not None:
                found += [
                    Hint(kind, one.value, known.precision, known.measured)
                    for one in votes(likeness, self.values[kind])
                    if one.share >= known.share
                ]
        return found


_kept: dict[tuple[int, str], tuple[float, Past]] = {}
_lock = threading.Lock()


def past_of(inbox_id: int, encoder: str) -> Past:
    """Learnt at most once in ten minutes; of every case its first question counts."""
    key = (inbox_id, encoder)
    with _lock:
        known = _kept.get(key)
    if known is not None and time.monotonic() - known[0] < _FRESH:
        return known[1]
    learnt = _learnt(inbox_id, encoder)
    with _lock:
        _kept[key] = (time.monotonic(), learnt)
    return learnt


def forget_past() -> None:
    """The next question reads it anew."""
    with _lock:
        _kept.clear()


def _learnt(inbox_id: int, encoder: str) -> Past:
    rows = (
        Asked.objects.filter(inbox=inbox_id, encoder=encoder, vector__isnull=False)
        .filter(conversation__state="resolved", conversation__merged_into=None)
        .order_by("conversation_id", "offset")
        .distinct("conversation_id")
    )
    latest = list(
        Asked.objects.filter(pk__in=rows.values("pk"))
        .order_by("-asked_at")
        .values_list(
            "vector", "conversation__labels", "conversation__priority", "conversation__queue__name"
        )[:LOOKED_AT]
    )
    if not latest:
        return Past(np.zeros((0, 0), np.float32), {}, {})
    vectors = around(np.array([row[0] for row in latest], dtype=np.float32), corpus().middle)
    values: dict[str, list[list[str]]] = {
        "label": [list(row[1]) for row in latest],
        "priority": [[str(row[2])] for row in latest],
        "queue": [[row[3]] if row[3] else [] for row in latest],
    }
    usual = {
        "label": frozenset[str](),
        "priority": frozenset({str(Conversation.Priority.NORMAL.value)}),
        "queue": _most(values["queue"]),
    }
    return Past(vectors, values, {kind: bar(vectors, values[kind], usual[kind]) for kind in KINDS})


def _most(values: list[list[str]]) -> frozenset[str]:
    """Where nearly everything goes: to say so again would flatter the figure."""
    said = [value for row in values for value in row]
    return frozenset({max(set(said), key=said.count)}) if said else frozenset()
