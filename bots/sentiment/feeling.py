"""How one text feels, as chances."""

from dataclasses import dataclass
from typing import Literal

Label = Literal["negative", "neutral", "positive"]
LONGEST = 4_000  # characters of a text that are looked at: the most that a message may have


@dataclass(frozen=True, slots=True)
class Feeling:
    """`negative`, `neutral`, `positive` are chances, one in sum; `score` is -1 … 1."""

    label: Label
    negative: float
    neutral: float
    positive: float
    language: str

    @property
    def score(self) -> float:
        return self.positive - self.negative

    @property
    def chance(self) -> float:
        """That the label is what a person would say."""
        return max(self.negative, self.neutral, self.positive)
