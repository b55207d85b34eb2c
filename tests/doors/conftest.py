"""A customer at the door of a house where nobody else waits and nobody is online."""

from collections.abc import Iterator

import pytest

from tests.doors.people import CustomerClient, Doors


@pytest.fixture(autouse=True)
def _to_oneself(nobody_waits: None) -> None:
    """What one test left in the queue must not go before what the next one waits for."""


@pytest.fixture
def customer(doors: Doors) -> Iterator[CustomerClient]:
    with doors.customer() as client:
        yield client
