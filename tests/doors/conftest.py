"""One real product for all tests of the doors: real processes, seeded once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doors.people import CustomerClient, Doors


@pytest.fixture(scope="session")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder: Path = tmp_path_factory.mktemp("doors")
    product = Doors(folder / "var")
    try:
        product.wait_until_up(150)
        yield product
    finally:
        product.stop()


@pytest.fixture
def customer(doors: Doors) -> Iterator[CustomerClient]:
    with doors.customer() as client:
        yield client
