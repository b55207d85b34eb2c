"""A round of work with a stranger's server in it ends in time: who hangs there keeps no thread of a worker
from the conversations that wait."""

from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

One = TypeVar("One")
A_WHILE = 20.0  # seconds; what begins within them is finished


def for_a_while(ones: Iterable[One], *, seconds: float = A_WHILE) -> Iterator[One]:
    """The first of these, as long as there is time; the others are for the next round."""
    began = monotonic()
    for one in ones:
        if monotonic() - began > seconds:
            return
        yield one
