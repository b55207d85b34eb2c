"""No door answers 500, whatever its own OpenAPI allows and forbids."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from tests.doors.people import Doors

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def api(doors: Doors) -> Any:
    return schemathesis.openapi.from_url(
        f"http://127.0.0.1:{doors.port}/api/v1/schema/?format=json"
    )


@pytest.fixture(scope="module")
def manager_token(doors: Doors) -> str:
    return doors.token("manager")


@pytest.fixture(scope="module", autouse=True)
def _what_was_set_up_goes(doors: Doors) -> Iterator[None]:
    """A required field that was made up here would stop everybody after us from resolving."""
    yield
    token = doors.token("admin")
    _, _, made = doors.http("GET", "/api/v1/attributes/", token=token)
    for row in made:
        assert doors.http("DELETE", f"/api/v1/attributes/{row['id']}/", token=token)[0] == 204


@pytest.fixture(scope="module")
def conversation(doors: Doors) -> str:
    """One that really exists, so that requests get further than "not found"."""
    with doors.customer() as customer:
        customer.acked("Where is my parcel?")
        return str(customer.session["conversation"])


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
def test_no_door_breaks(case: Any, manager_token: str, conversation: str) -> None:
    if "/conversations/{key}/" in case.path:
        case.path_parameters["key"] = conversation
    response = case.call(headers={"Authorization": f"Bearer {manager_token}"}, timeout=30)

    assert response.status_code < 500, (case.method, case.path, response.text[:300])
    # A form without a boundary is refused by the HTTP server itself, without a word.
    if response.status_code >= 400 and response.content:
        assert set(response.json()) >= {"code", "detail"}, (case.method, case.path)
