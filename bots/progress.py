"""A progress bar for commands: on a terminal it is drawn, in a pipe there is silence.

Who starts a command to watch it names a file in PROGRESS_FILE: it then always holds the newest step as JSON.
"""

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

WIDTH = 30
FILE = "PROGRESS_FILE"
SELDOM = 0.5  # seconds between two writings of the file


def unseen(_done: int) -> None:
    """Progress that nobody watches."""


class Progress:
    """Counts steps on standard error; use it as a context, so that its line is ended."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, max(total, 1), 0
        self._shown = sys.stderr.isatty()
        self._file = os.environ.get(FILE, "")
        self._written = 0.0

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
        if self._file:
            self._write(Path(self._file))
        if self._shown:
            full = WIDTH * self._done // self._total
            bar = "█" * full + "·" * (WIDTH - full)
            sys.stderr.write(f"\r{self._what} {bar} {self._done}/{self._total}")
            sys.stderr.flush()

    def _write(self, file: Path) -> None:
        """Whole or not at all; a disk that is full is no reason to stop."""
        now = time.monotonic()
        if now - self._written < SELDOM and 0 < self._done < self._total:
            return
        self._written = now
        told = {"what": self._what, "done": self._done, "total": self._total}
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        with suppress(OSError):
            fresh.write_text(json.dumps(told), encoding="utf-8")
            fresh.replace(file)
