"""How much JSON is read, of whom: at the real views, with the browser's own sign-in."""

from typing import Any

import pytest
from django.test import Client

from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

AGENTS, STRANGERS = "/api/v1/me/presence/", "/api/v1/sessions"


@pytest.fixture
def browser() -> Client:
    """An agent's, with a token against forged forms, as their console has it."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make.agent())
    client.get("/console/")
    return client


def posted(client: Client, door: str, words: dict[str, Any]) -> tuple[int, str]:
    proof = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    answer = client.post(door, words, "application/json", headers={"X-CSRFToken": proof})
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize(
    ("letters", "answer"),
    [(10, (200, "")), (300_000, (400, "invalid")), (9_000_000, (400, "too_long"))],
)
def test_an_agent_may_say_much(browser: Client, letters: int, answer: tuple[int, str]) -> None:
    assert posted(browser, AGENTS, {"status": "away", "reason": "x" * letters}) == answer


def test_a_stranger_says_as_much_as_a_form_holds(client: Client) -> None:
    make.inbox(key="door")

    def comes(letters: int) -> tuple[int, str]:
        said = {"inbox": "door", "customer": {"attributes": {"a": "x" * letters}}}
        return posted(client, STRANGERS, said)

    assert comes(1000)[0] == 201
    assert comes(300_000) == (400, "too_long")
