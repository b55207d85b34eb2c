"""A manager changes a rule at the running product, and those who wait feel it at once."""

import pytest

from tests.doors.people import CustomerClient, Doors

pytestmark = pytest.mark.journey

API = "/api/v1"


def test_a_new_waiting_message_reaches_who_waits_already(
    doors: Doors, customer: CustomerClient
) -> None:
    customer.send({"type": "human"})
    customer.until(lambda frame: frame["type"] == "state" and frame["state"] == "queued")
    token = doors.token("manager")
    status, _, answer = doors.http("GET", f"{API}/policies/?rule=waiting_messages", token=token)
    assert status == 200, answer
    before = answer["results"][0]
    told = {"after": 1, "text": {"en": "The rule was heard."}}

    path = f"{API}/policies/{before['id']}/"
    status, _, changed = doors.http("PATCH", path, {"value": [told]}, token=token)
    try:
        assert (status, changed["says"]) == (200, "After 1 second: “The rule was heard.” (en)")
        heard = customer.until(
            lambda f: f["type"] == "message" and f["text"] == "The rule was heard.", 10
        )
        assert heard["author"]["kind"] == "system"
    finally:
        doors.http("PATCH", path, {"value": before["value"]}, token=token)


def test_an_agent_may_look_at_their_own_rules_and_no_more(doors: Doors) -> None:
    token = doors.token("agent1")
    _, _, me = doors.http("GET", f"{API}/me/", token=token)

    status, _, rules = doors.http("GET", f"{API}/agents/{me['id']}/rules/", token=token)
    assert status == 200
    assert {rule["rule"]: rule["value"] for rule in rules}["answer_seconds"] == 300
    for method, path in (("GET", "policies/"), ("POST", "policies/"), ("POST", "queues/")):
        answer = doors.http(method, f"{API}/{path}", {} if method == "POST" else None, token=token)
        assert (answer[0], answer[2]["code"]) == (403, "not_allowed")
