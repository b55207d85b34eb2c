"""The reports over HTTP: one good call each, bad input, strangers."""

from datetime import timedelta

import pytest
import time_machine
from rest_framework.test import APIClient

from tests import make
from tests.analytics.story import Story
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

REPORTS = (
    "volume", "bot", "responses", "waiting", "satisfaction", "surveys", "usage", "suggestions",
)  # fmt: skip


@pytest.fixture
def manager() -> APIClient:
    client = APIClient()
    client.force_authenticate(make.agent(role="manager"))
    return client


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_a_span_comes_with_the_one_before(manager: APIClient) -> None:
    web = make.inbox(key="web")
    Story(NOON, inbox=web).asks(1).bot(3).rated(60, 5)
    Story(NOON - timedelta(days=1), inbox=web).asks(1)
    Story(NOON).asks(1)  # another inbox

    address = "/api/v1/reports/{}/?from=2026-05-04&to=2026-05-04&inbox=web"
    volume = manager.get(address.format("volume")).json()
    bot = manager.get(address.format("bot")).json()
    first = manager.get(address.format("responses")).json()

    assert volume["from"] == "2026-05-04T00:00:00Z"
    assert volume["to"] == "2026-05-05T00:00:00Z"
    assert (volume["inbox"], volume["bucket"]) == ("web", "hour")
    assert (volume["current"]["written"], volume["previous"]["written"]) == (1, 1)
    assert volume["current"]["points"][12] == {
        "at": "2026-05-04T12:00:00Z", "opened": 1, "written": 1,
    }  # fmt: skip
    assert (bot["current"]["share"], bot["previous"]["share"]) == (1.0, 0.0)
    assert bot["current"]["handoffs"] == {"total": 0, "by_reason": {}}
    assert first["current"]["first"] == {"count": 1, "p50": 2.0, "p90": 2.0, "p95": 2.0}
    assert first["current"]["human"] == {"count": 0, "p50": None, "p90": None, "p95": None}


@pytest.mark.parametrize("report", REPORTS)
def test_nothing_in_it_is_still_an_answer(manager: APIClient, report: str) -> None:
    answer = manager.get(f"/api/v1/reports/{report}/?from=2020-01-01&to=2020-01-31")

    assert answer.status_code == 200
    assert set(answer.json()) == {"from", "to", "inbox", "bucket", "current", "previous"}


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=yesterday", "from"),
        ("from=2026-05-04&to=2026-05-01", "from"),
        ("to=2026-05-04T99:00Z", "to"),
        ("from=2020-01-01&to=2026-01-01", "from"),
        ("inbox=none-such", "inbox"),
    ],
)
def test_bad_input_is_400_and_says_where(
    manager: APIClient, report: str, query: str, field: str
) -> None:
    answer = manager.get(f"/api/v1/reports/{report}/?{query}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["fields"]) == [field]


@pytest.mark.parametrize("report", REPORTS)
def test_strangers_and_agents_see_no_report(report: str) -> None:
    client = APIClient()
    assert client.get(f"/api/v1/reports/{report}/").status_code == 401

    client.force_authenticate(make.agent())
    assert client.get(f"/api/v1/reports/{report}/").status_code == 403
