"""Who is asked next: pure, so that every decision can be repeated and explained."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent who serves the queue and is online now.

    `holding` counts open conversations and open offers; `idle_seconds` is the time since they
    last got one; `refused` says that they declined or missed this very conversation lately.
    """

    agent_id: int
    name: str
    holding: int
    capacity: int
    idle_seconds: float
    speaks: bool = True
    refused: bool = False

    @property
    def has_room(self) -> bool:
        return self.holding < self.capacity


def choose(candidates: Sequence[Candidate]) -> Candidate | None:
    """Speaks the customer's language, then the least busy; among equals, who waited longest.

    Who has just declined is not asked again while anybody else could be.
    """
    free = [c for c in candidates if c.has_room]
    willing = [c for c in free if not c.refused] or free
    return min(
        willing,
        key=lambda c: (not c.speaks, c.holding / c.capacity, -c.idle_seconds, c.agent_id),
        default=None,
    )


def explain(candidates: Sequence[Candidate], chosen: Candidate) -> dict[str, Any]:
    """Why this agent: who could have been asked, and what set them apart."""
    return {
        "rule": "language, then share of capacity in use, then longest idle",
        "chosen": chosen.name,
        "candidates": [
            {
                "name": c.name,
                "holding": c.holding,
                "capacity": c.capacity,
                "idle_seconds": round(c.idle_seconds),
                "speaks_language": c.speaks,
                "declined_before": c.refused,
            }
            for c in candidates
        ],
    }
