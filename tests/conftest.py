"""What every test may ask for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.doors.people import Doors

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """One real product for all tests of the doors and the journeys: real processes, seeded once."""
    folder: Path = tmp_path_factory.mktemp("doors")
    product = Doors(folder / "var")
    try:
        product.wait_until_up(300)
        yield product
    finally:
        product.stop()


@pytest.fixture(autouse=True)
def _no_receiver_fails_silently(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """`publish` goes on when a listener breaks; a test must not."""
    yield
    broken = [r for r in caplog.get_records("call") if r.name == "django.dispatch"]
    assert [record.getMessage() for record in broken] == []
