"""A business's bad days, for tests: down, slow, answering rubbish, or all of that now and then. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

FAULTS = ("fine", "down", "slow", "rubbish", "flaky")


@dataclass(slots=True)
class Weather:
    """`through` turns an answer into what comes back: status 0 is a time-out."""

    kind: str = "fine"
    seed: int = 0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def now(self) -> str:
        """What the next attempt meets."""
        if self.kind != "flaky":
            return self.kind
        return self.dice.choice(("fine", "fine", "fine", "down", "slow", "rubbish"))

    def through(self, status: int, body: Any, attempts: int) -> tuple[int, Any]:
        """After so many attempts, each of which may meet other weather."""
        came: tuple[int, Any] = (0, None)
        for _ in range(attempts):
            match self.now():
                case "fine":
                    return status, body
                case "down":
                    came = (503, {"detail": "down"})
                case "slow":
                    came = (0, None)
                case _:
                    came = (200, None)
        return came
