"""A customer at the door."""

from collections.abc import Iterator

import pytest

from tests.doors.people import CustomerClient, Doors


@pytest.fixture
def customer(doors: Doors) -> Iterator[CustomerClient]:
    with doors.customer() as client:
        yield client
