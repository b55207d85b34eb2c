"""What machines ask us: are you there, can you work, how are you doing?"""

import asyncio
import hmac
import os
from pathlib import Path
from typing import Any

import psycopg
import redis.asyncio as redis_async
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from conversations import heartbeat

_PATIENCE_SECONDS = 1.9
_LOOPBACK = frozenset({"127.0.0.1", "::1", ""})  # "" is a Unix socket
_abandoned: set[asyncio.Task[str]] = set()


@require_safe
async def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while this process serves. Touches nothing."""
    return _lines(200, ["ok"])


@require_safe
async def readyz(_request: HttpRequest) -> HttpResponse:
    """200 if all parts answer, else 503; one line a part either way, within two seconds."""
    parts: dict[str, asyncio.Task[str]] = {
        "database": asyncio.create_task(_database()),
        "valkey": asyncio.create_task(_valkey()),
        "worker": asyncio.create_task(_worker()),
        "model": asyncio.create_task(_model()),
    }
    await asyncio.wait(parts.values(), timeout=_PATIENCE_SECONDS)
    said = {name: _outcome(task) for name, task in parts.items()}
    status = 200 if all(word == "ok" for word in said.values()) else 503
    return _lines(status, [f"{name}: {word}" for name, word in said.items()])


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text over all processes: with METRICS_TOKEN, or without one on loopback only."""
    if not _may_see_metrics(request):
        return _lines(403, ["metrics are for loopback, or for METRICS_TOKEN"])
    registry = REGISTRY
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if folder:
        _forget_the_dead(Path(folder))
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


async def _database() -> str:
    parameters = connection.get_connection_params()
    for ours in ("cursor_factory", "context", "prepare_threshold", "server_side_binding", "pool"):
        parameters.pop(ours, None)
    own = await psycopg.AsyncConnection.connect(**parameters, connect_timeout=2)
    async with own:
        await own.execute("SELECT 1")
    return "ok"


async def _valkey() -> str:
    await _ask_valkey("PING")
    return "ok"


async def _worker() -> str:
    found = await _ask_valkey("GET", heartbeat.alive_key("default"))
    return "ok" if found else "no worker takes tasks"


async def _model() -> str:
    keys = heartbeat.alive_key("model"), heartbeat.loaded_key(), heartbeat.trouble_key()
    alive, loaded, trouble = await _ask_valkey("MGET", *keys)
    if not alive:
        return "no worker answers for it"
    if loaded:
        return "ok"
    # The whole sentence may name paths and servers: it is in the worker's log.
    return f"{trouble.decode()}; the worker's log says more" if trouble else "loading"


async def _ask_valkey(*command: str) -> Any:
    async with redis_async.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1.5, socket_connect_timeout=1.5
    ) as client:
        return await client.execute_command(*command)  # type: ignore[no-untyped-call]


def _outcome(task: asyncio.Task[str]) -> str:
    if not task.done():
        # Not waited for: to break off a query politely may take longer than we have.
        task.cancel()
        _abandoned.add(task)
        task.add_done_callback(_abandoned.discard)
        return "no answer in time"
    error = task.exception()
    # Its name only: a driver's own words may hold addresses and passwords.
    return type(error).__name__ if error else task.result()


def _may_see_metrics(request: HttpRequest) -> bool:
    token: str = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    # Behind a proxy everybody comes from loopback.
    forwarded = request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded")
    return request.META.get("REMOTE_ADDR", "") in _LOOPBACK and not forwarded


def _forget_the_dead(folder: Path) -> None:
    """Gauges of processes that were killed must not be added up for ever."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists():
            mark_process_dead(int(pid), str(folder))  # type: ignore[no-untyped-call]


def _lines(status: int, lines: list[str]) -> HttpResponse:
    answer = HttpResponse(
        "\n".join([*lines, ""]), status=status, content_type="text/plain; charset=utf-8"
    )
    # A 503 here is an answer, not a fault: Django would log each one as an error.
    answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return answer
