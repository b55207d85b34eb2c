"""Which adapter the language model of this process answers with: the live one, without a restart."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock, Thread

from django.conf import settings
from django.db import DatabaseError, connection

from bots.actions.adapters import materialised
from bots.language.loader import (
    REMOTE,
    adapted_model,
    exchange,
    language_model,
    language_model_at_hand,
)
from bots.language.model import LanguageModel, ModelUnavailable
from bots.language.weights import digest_of, model_folder
from bots.models import Adapter
from bots.reads.adapters import known
from conversations.errors import NotFound

logger = logging.getLogger(__name__)

AGAIN = timedelta(minutes=10)  # after an adapter could not be loaded
LOOK, REST, MOST = 0.5, 2.0, 90.0  # seconds: between looks, without work, until it is closed anyway


@dataclass
class _Served:
    """What this process has: the adapter's digest ("" without), and which one failed until when."""

    digest: str = ""
    failed: str = ""
    again_at: datetime | None = None


_served = _Served()
_lock = Lock()


def served_model(*, at: datetime) -> LanguageModel:
    """The configured model, loaded once; with the live adapter if that can be loaded, else without.

    Raises `ModelUnavailable` when there is no model at all."""
    spec, device, cache_dir = _configured()
    found = language_model_at_hand(spec, device=device, cache_dir=cache_dir)
    if found is not None and (spec.startswith(REMOTE) or found.ready()):
        return found
    with _lock:
        digest = "" if spec.startswith(REMOTE) else _wanted(at=at)
        try:
            folder = _folder(digest)
            model = language_model(spec, device=device, cache_dir=cache_dir, adapter=folder)
        except (ModelUnavailable, NotFound, OSError) as problem:
            if not digest:
                raise
            _failed(digest, problem, at=at)
            digest = ""
            model = language_model(spec, device=device, cache_dir=cache_dir)
        _served.digest = digest
        return model


def follow(*, at: datetime) -> bool:
    """Takes the adapter that is live by now; True when that changed something.

    The new one is loaded while the old one answers. What the old one has begun it ends."""
    spec, device, cache_dir = _configured()
    if spec.startswith(REMOTE):
        return False
    with _lock:
        digest = _wanted(at=at)
        if digest == _served.digest:
            return False
        try:
            before = exchange(spec, device=device, cache_dir=cache_dir, adapter=_folder(digest))
        except (ModelUnavailable, NotFound, OSError) as problem:
            _failed(digest, problem, at=at)
            return False
        _served.digest = digest
        logger.info("The model answers with another adapter", extra={"adapter": digest or "none"})
        if before is not None:
            Thread(target=close_when_idle, args=(before,), name="retire", daemon=True).start()
        return True


def close_when_idle(model: LanguageModel, *, most: float = MOST, rest: float = REST) -> None:
    """Lets it end what it has begun, and a turn that has just been given it, begin and end."""
    until, quiet = time.monotonic() + most, 0.0
    while time.monotonic() < until and quiet < rest:
        load = model.load()
        quiet = 0.0 if load.running or load.waiting else quiet + LOOK
        time.sleep(min(LOOK, rest))
    model.close()


def candidate(digest: str) -> LanguageModel:
    """One of one's own with the adapter that is tried. Raises `ModelUnavailable` or NotFound."""
    spec, device, cache_dir = _configured()
    return adapted_model(spec, device=device, cache_dir=cache_dir, adapter=_folder(digest))


def _configured() -> tuple[str, str, Path]:
    return settings.BOT_MODEL, settings.DEVICE, settings.MODELS_DIR


def _wanted(*, at: datetime) -> str:
    """The live adapter's digest, "" for none; what it was, when the database can't be asked."""
    try:
        live = known(Adapter.State.LIVE)
    except DatabaseError:
        return _served.digest
    finally:
        connection.close()
    digest = live.digest if live else ""
    if digest == _served.failed and _served.again_at is not None and at < _served.again_at:
        return _served.digest
    return digest


def _folder(digest: str) -> Path | None:
    """The adapter's files on this machine; None for no adapter. Raises `ModelUnavailable` when it was
    trained beside other weights."""
    if not digest:
        return None
    spec, _device, cache_dir = _configured()
    try:
        of = Adapter.objects.values_list("base_digest", flat=True).filter(digest=digest).first()
        if of is not None and of != digest_of(model_folder(spec, cache_dir)):
            raise ModelUnavailable("other_model", "The adapter is of another model.")
        return materialised(digest, cache_dir)
    finally:
        connection.close()


def _failed(digest: str, problem: Exception, *, at: datetime) -> None:
    """The bot goes on without it, or with the one before; the adapter's page says why."""
    code = getattr(problem, "code", "failed")
    logger.warning("No adapter: %s (%s)", problem, code)
    _served.failed, _served.again_at = digest, at + AGAIN
    try:
        Adapter.objects.filter(digest=digest).update(trouble=str(code)[:24])
    except DatabaseError:
        logger.warning("The adapter's page does not know")
    finally:
        connection.close()
