"""One answer that somebody waits for, and how it may end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from queue import SimpleQueue
from time import perf_counter

from bots.language.drafts import Drafter
from bots.language.guide import Guide
from bots.language.model import ModelUnavailable

LOOP = 12  # as many tokens said a second time in the same order are a loop


class End(Enum):
    """Why an answer is over."""

    WHOLE = "whole"
    LENGTH = "length"
    LOOP = "loop"
    CANCELLED = "cancelled"


@dataclass(eq=False)
class Request:
    """A prompt and the answer to it, token by token, on a queue that ends with an `End` or an error.

    `marks`: lengths of beginnings of the prompt that others are likely to share. `share`: in whose
    line it waits.
    """

    prompt: Sequence[int]
    marks: Sequence[int]
    longest: int
    guide: Guide | None = None
    share: str = ""
    answer: SimpleQueue[int | End | ModelUnavailable] = field(default_factory=SimpleQueue)
    cancelled: bool = False
    read: int = 0
    said: list[int] = field(default_factory=list)
    asked: float = field(default_factory=perf_counter)
    begun: float = 0.0
    drafter: Drafter | None = None


def is_loop(said: Sequence[int]) -> bool:
    """The newest words were said before, in the same order."""
    newest = said[-LOOP:]
    return any(said[at : at + LOOP] == newest for at in range(len(said) - LOOP))
