"""Which workers live, and whether the model is in memory: short-lived notes in Valkey.

A worker that dies stops writing, and within `LASTS_SECONDS` the note is gone.
"""

import threading
from collections.abc import Iterable
from functools import cache

import redis
from django.conf import settings

BEAT_SECONDS = 2.0
LASTS_SECONDS = 6

TROUBLE_SECONDS = 60  # longer than the pause between two tries

_loaded = threading.Event()


def mark_loaded() -> None:
    """The process that answers for the model says that the weights are in memory."""
    _loaded.set()
    beat(["model"])


def mark_trouble(code: str) -> None:
    """… or why they are not."""
    _loaded.clear()
    try:
        _valkey().set(trouble_key(), code, ex=TROUBLE_SECONDS)
        _valkey().delete(loaded_key())
    except redis.RedisError:
        return


def beat(queues: Iterable[str]) -> None:
    """Notes that this process takes work from these queues. A silent Valkey is not its problem."""
    notes = [alive_key(queue) for queue in queues]
    if _loaded.is_set() and alive_key("model") in notes:
        notes.append(loaded_key())
    try:
        with _valkey().pipeline(transaction=False) as pipe:
            for note in notes:
                pipe.set(note, 1, ex=LASTS_SECONDS)
            pipe.execute()
    except redis.RedisError:
        return


def alive_key(queue: str) -> str:
    return f"contactcenter:alive:{queue}"


def loaded_key() -> str:
    return "contactcenter:loaded:model"


def trouble_key() -> str:
    return "contactcenter:trouble:model"


@cache
def _valkey() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
