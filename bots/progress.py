"""A progress bar for commands: on a terminal it is drawn, in a pipe there is silence."""

import sys
from types import TracebackType
from typing import Self

WIDTH = 30


def unseen(_done: int) -> None:
    """Progress that nobody watches."""


class Progress:
    """Counts steps on standard error; use it as a context, so that its line is ended."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, max(total, 1), 0
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> Self:
        self._draw()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown:
            sys.stderr.write("\n")

    def step(self, done: int) -> None:
        self._done = min(self._done + done, self._total)
        self._draw()

    def _draw(self) -> None:
        if self._shown:
            full = WIDTH * self._done // self._total
            bar = "█" * full + "·" * (WIDTH - full)
            sys.stderr.write(f"\r{self._what} {bar} {self._done}/{self._total}")
            sys.stderr.flush()
