"""What every test may ask for."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from bots.language.loader import embedder
from tests.contactcenter.launch.product import copy_of, processes_of, wait_for
from tests.doors.people import Doors
from tests.remembering import Remembering

PEOPLE = ("agent1", "agent2", "agent3", "agent4", "manager", "admin")
# A busy machine is not a fault of what is tested.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes that were made have the time in them, and both processes must see the same names."""
    return argname if isinstance(val, bytes) and len(val) > 40 else None


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two processes share the stories and doors of the product, which wait more than they compute; a
    third, and whoever is done, does the rest."""
    for item in items:
        if _is_story(item):
            item.add_marker(pytest.mark.xdist_group("launch" if _is_rough(item) else "product"))
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: (not _is_story(item), _is_rough(item)))


def _is_story(item: pytest.Item) -> bool:
    return item.get_closest_marker("journey") is not None


def _is_rough(item: pytest.Item) -> bool:
    """In a product of its own, since the others could not bear it."""
    return _is_story(item) and ("launch" in item.path.parts or item.path.stem == "test_schema")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Whoever only computes lets the product of the stories go first."""
    if "PYTEST_XDIST_WORKER" in os.environ and not _is_story(item):
        os.setpriority(os.PRIO_PROCESS, 0, 12)  # its model's worker has 10


@pytest.fixture
def at() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The DATA_DIR of a product after its first start and a clean stop: seeded, the weights converted.

    One for all processes: whoever comes first makes it, the others wait.
    """
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent
    ready = together / "furnished"
    with FileLock(together / "furnished.lock"):
        if not ready.exists():
            _first_start(together / "first")
            ready.touch()
    return together / "first"


def _first_start(data_dir: Path) -> None:
    product = Doors(data_dir)
    try:
        product.wait_until_up(300)
        wait_for(lambda: product.get("/readyz")[0] == 200, 300, product.get("/readyz")[1])
    finally:
        status = product.stop()
    assert status == 0, product.log.read_text()
    assert processes_of(product.data_dir) == []


@pytest.fixture(scope="session")
def doors(tmp_path_factory: pytest.TempPathFactory, furnished: Path) -> Iterator[Doors]:
    """One real product for all tests of the doors and the journeys: real processes."""
    product = Doors(copy_of(furnished, tmp_path_factory.mktemp("doors") / "var"))
    try:
        product.wait_until_up(300)
        yield product
    finally:
        product.stop()


@pytest.fixture
def nobody_waits(doors: Doors) -> Iterator[None]:
    """What others left open is closed; afterwards nobody is online any more."""
    chief = doors.token("admin")
    for card in doors.results("/api/v1/conversations/?state=open&limit=200", token=chief):
        if card["state"] == "bot" and card["waiting_since"] is None:
            continue  # the bot has answered
        path = f"/api/v1/conversations/{card['conversation']}/resolve/"
        status, _, said = doors.http("POST", path, {"disposition": "other"}, token=chief)
        assert status in {200, 409}, said  # 409: it moved meanwhile, by itself
    go_home(doors)
    yield
    go_home(doors)


def go_home(doors: Doors) -> None:
    for username in PEOPLE:
        status, _, said = doors.http(
            "POST", "/api/v1/me/presence/", {"status": "offline"}, token=doors.token(username)
        )
        assert status == 200, said


@pytest.fixture(scope="session", autouse=True)
def _encoders_remember() -> Iterator[None]:
    """Hundreds of tests publish the same few articles."""
    from bots.knowledge import vectors

    kept = cache(lambda name: Remembering(embedder(name)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "embedder", kept)
        yield


@pytest.fixture(autouse=True)
def _no_receiver_fails_silently(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """`publish` goes on when a listener breaks; a test must not."""
    yield
    broken = [r for r in caplog.get_records("call") if r.name == "django.dispatch"]
    assert [record.getMessage() for record in broken] == []
