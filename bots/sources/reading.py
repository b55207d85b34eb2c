"""Reads other people's files in a child process, which may hang, crash or swell without harm."""

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bots.sources.kinds import Document, Kind, Unreadable

logger = logging.getLogger(__name__)

PATIENCE = 60.0  # seconds for one file
_ROOT = Path(__file__).resolve().parent.parent.parent
_TOO_LONG = "It takes too long to read; save it anew, or split it."


class Reader:
    """A child that is started for the first file and again after a bad one. A context."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._child: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def read(self, path: Path, kind: Kind) -> Document:
        """Raises Unreadable, whatever happens to the child."""
        child = self._started()
        assert child.stdin is not None
        assert child.stdout is not None
        late = threading.Timer(self._patience, child.kill)
        late.daemon = True
        late.start()
        try:
            child.stdin.write(json.dumps({"path": str(path.resolve()), "kind": kind}) + "\n")
            child.stdin.flush()
            line = child.stdout.readline()
        except OSError:
            line = ""
        finally:
            late.cancel()
        if not line:
            self._end()
            raise Unreadable(_TOO_LONG)
        return _document(json.loads(line))

    def _started(self) -> subprocess.Popen[str]:
        if self._child is None or self._child.poll() is not None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "bots.sources.reader"],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                # Nothing of ours is in its reach: no database, no keys.
                env={"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8"},
                start_new_session=True,
            )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.communicate()


def _document(said: dict[str, Any]) -> Document:
    if error := said.get("error"):
        if kind := said.get("type"):
            logger.warning("A file could not be read", extra={"error": kind})
        raise Unreadable(str(error))
    return Document(**{**said, "notes": tuple(said["notes"])})
