"""No door answers 500, whatever its own OpenAPI allows and forbids."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from tests.contactcenter.launch.product import copy_of
from tests.doors.people import Doors

pytestmark = pytest.mark.journey


# One made-up request for each door takes a minute; by hand: SCHEMA_EXAMPLES=20 script/test …
MADE_UP = settings(
    max_examples=int(os.environ.get("SCHEMA_EXAMPLES", "1")),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory, furnished: Path) -> Iterator[Doors]:
    """A house of its own: the rules, queues and codes that are made up here would lead the stories
    of others elsewhere."""
    product = Doors(copy_of(furnished, tmp_path_factory.mktemp("schema") / "var"))
    try:
        product.wait_until_up(300)
        yield product
    finally:
        product.stop()


@pytest.fixture(scope="module")
def api(doors: Doors) -> Any:
    return schemathesis.openapi.from_url(
        f"http://127.0.0.1:{doors.port}/api/v1/schema/?format=json"
    )


@pytest.fixture(scope="module")
def manager_token(doors: Doors) -> str:
    return doors.token("manager")


@pytest.fixture(scope="module")
def conversation(doors: Doors) -> str:
    """One that really exists, so that requests get further than "not found"."""
    with doors.customer() as customer:
        customer.acked("Where is my parcel?")
        return str(customer.session["conversation"])


def test_no_door_breaks(api: Any, manager_token: str, conversation: str) -> None:
    broken: list[tuple[str, str, str]] = []
    doors = [found.ok() for found in api.get_all_operations()]

    def knock(case: Any) -> None:
        if "/conversations/{key}/" in case.path:
            case.path_parameters["key"] = conversation
        answer = case.call(headers={"Authorization": f"Bearer {manager_token}"}, timeout=30)
        # A form without a boundary is refused by the HTTP server itself, without a word.
        is_mute = answer.status_code < 400 or not answer.content
        if answer.status_code >= 500 or not (is_mute or set(answer.json()) >= {"code", "detail"}):
            broken.append((case.method, case.path, answer.text[:300]))

    for door in doors:  # schemathesis' own test of each takes six times as long
        MADE_UP(given(case=door.as_strategy())(knock))()

    assert len(doors) > 300
    assert not broken
