"""What every test may ask for."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return NOON


@pytest.fixture(autouse=True)
def _no_receiver_fails_silently(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """`publish` goes on when a listener breaks; a test must not."""
    yield
    broken = [r for r in caplog.get_records("call") if r.name == "django.dispatch"]
    assert [record.getMessage() for record in broken] == []
