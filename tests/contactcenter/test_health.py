import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.db import connection
from django.test import AsyncRequestFactory, RequestFactory
from pytest_django.fixtures import Settings

from contactcenter import health, warm
from conversations import heartbeat

# In one process: the notes of workers are the house's, and another process would write them meanwhile.
pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("health")]


@pytest.fixture(autouse=True)
def _no_notes_of_others(settings: Settings) -> Iterator[None]:
    notes = [heartbeat.alive_key("default"), heartbeat.alive_key("model")]
    notes += [heartbeat.loaded_key(), heartbeat.trouble_key()]
    with redis.Redis.from_url(settings.REDIS_URL) as valkey:
        valkey.delete(*notes)
        yield
        valkey.delete(*notes)


@pytest.fixture
def mute_server() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        yield mute.getsockname()[1]


async def ready() -> tuple[int, list[str]]:
    answer = await health.readyz(AsyncRequestFactory().get("/readyz"))
    return answer.status_code, answer.content.decode().splitlines()


@pytest.mark.django_db
async def test_ready_when_all_parts_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_loaded", threading.Event())
    heartbeat.beat(["default"])
    heartbeat.mark_loaded()

    assert await ready() == (200, ["database: ok", "valkey: ok", "worker: ok", "model: ok"])


@pytest.mark.django_db
async def test_a_model_without_weights_is_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_loaded", threading.Event())
    heartbeat.beat(["default", "model"])

    assert await ready() == (503, ["database: ok", "valkey: ok", "worker: ok", "model: loading"])


@pytest.mark.django_db
async def test_why_a_model_does_not_load_is_told_until_it_does(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    monkeypatch.setattr(heartbeat, "_loaded", threading.Event())
    settings.MODELS_DIR = tmp_path
    heartbeat.beat(["default", "model"])
    said = []
    for spec in ("/no/such/folder", "openai:tiny", "openai:tiny@http://127.0.0.1:9/v1"):
        settings.BOT_MODEL = spec
        await asyncio.to_thread(warm.watch_model)
        said.append((await ready())[1][-1])
    heartbeat.mark_loaded()

    assert said == [
        "model: wrong_name; the worker's log says more",
        "model: wrong_name; the worker's log says more",
        "model: unreachable; the worker's log says more",
    ]
    assert await ready() == (200, ["database: ok", "valkey: ok", "worker: ok", "model: ok"])


@pytest.mark.django_db
async def test_missing_workers_are_named() -> None:
    assert await ready() == (
        503,
        [
            "database: ok",
            "valkey: ok",
            "worker: no worker takes tasks",
            "model: no worker answers for it",
        ],
    )


@pytest.mark.django_db
async def test_a_mute_database_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, mute_server: int
) -> None:
    parameters = connection.get_connection_params() | {"host": "127.0.0.1", "port": mute_server}
    monkeypatch.setattr(connection, "get_connection_params", parameters.copy)
    began = time.monotonic()

    status, said = await ready()

    assert time.monotonic() - began < 2.5
    assert (status, said[0]) == (503, "database: no answer in time")


@pytest.mark.django_db
async def test_a_valkey_that_is_gone_is_three_parts_gone(
    settings: Settings,
) -> None:
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"

    status, said = await ready()

    assert status == 503
    assert said == [
        "database: ok",
        "valkey: ConnectionError",
        "worker: ConnectionError",
        "model: ConnectionError",
    ]


async def test_alive_needs_nothing() -> None:
    answer = await health.healthz(AsyncRequestFactory().get("/healthz"))

    assert (answer.status_code, answer.content) == (200, b"ok\n")


async def test_nobody_posts_to_health() -> None:
    answer = await health.healthz(AsyncRequestFactory().post("/healthz"))

    assert answer.status_code == 405


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}, 403),
        ("203.0.113.7", {}, 403),
    ],
)
def test_metrics_are_for_this_machine(address: str, headers: dict[str, str], status: int) -> None:
    request = RequestFactory().get("/metrics", REMOTE_ADDR=address, headers=headers)

    assert health.metrics(request).status_code == status


@pytest.mark.parametrize(
    ("given", "status"), [("Bearer good", 200), ("Bearer bad", 403), ("", 403)]
)
def test_with_a_token_only_the_token_counts(settings: Settings, given: str, status: int) -> None:
    settings.METRICS_TOKEN = "good"
    request = RequestFactory().get("/metrics", headers={"Authorization": given})

    assert health.metrics(request).status_code == status
