"""A report that took long is remembered for a moment; a quick one is always counted anew."""

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache as once
from pathlib import Path
from typing import TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

from analytics.reports.scope import Scope

_LONG = 0.25  # seconds
_KEEP, _KEEP_PAST = 60, 600  # seconds; what is long over changes seldom
_T = TypeVar("_T")


def recall(report: Callable[[Scope], _T], scope: Scope) -> _T:
    """`report(scope)`, at most a minute old (ten for a period that ended over an hour ago).

    Without Valkey it is counted every time.
    """
    key = _key(report, scope)
    try:
        found: _T | None = cache.get(key)
    except RedisError:
        found = None
    if found is not None:
        return found
    began = time.monotonic()
    counted = report(scope)
    if time.monotonic() - began >= _LONG:
        is_past = scope.period.end < scope.now - timedelta(hours=1)
        with suppress(RedisError):
            cache.set(key, counted, _KEEP_PAST if is_past else _KEEP)
    return counted


def _key(report: Callable[[Scope], _T], scope: Scope) -> str:
    """Moments are cut to the minute, so that two looks at "the last 7 days" are the same."""
    start = scope.period.start.replace(second=0, microsecond=0)
    end = scope.period.end.replace(second=0, microsecond=0)
    words = f"{_code()} {report.__module__}.{report.__qualname__} {start} {end} {scope.inbox_id}"
    return f"report:{hashlib.sha256(words.encode()).hexdigest()}"


@once
def _code() -> str:
    """Of what counts: after an upgrade a report may have another shape than the one that is remembered."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
