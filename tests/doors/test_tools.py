"""The agents' tools at the running product: what is said is found, what is for later arrives."""

import time
import uuid
from collections.abc import Callable
from functools import partial

import pytest

from tests.doors.people import CustomerClient, Doors, Frame

pytestmark = pytest.mark.journey

API = "/api/v1"


def soon(look: Callable[[], list[Frame]], seconds: float = 15) -> list[Frame]:
    """Asks again until there is something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.3)
    return found


def claimed(doors: Doors, customer: CustomerClient) -> str:
    """The customer's conversation, held by agent4."""
    customer.send({"type": "human"})
    customer.until(lambda f: f["type"] == "state" and f["state"] == "queued")
    conversation = str(customer.session["conversation"])
    path = f"{API}/conversations/{conversation}/claim/"
    status, _, answer = doors.http("POST", path, {}, token=doors.token("admin"))
    assert status == 200, answer
    return conversation


def test_what_was_said_is_found_within_seconds(doors: Doors, customer: CustomerClient) -> None:
    word = f"zebra{uuid.uuid4().hex[:8]}"
    customer.acked(f"我的包裹 {word} 在哪里")

    for query in (word, word[:9], f'"{word}"'):
        path = f"{API}/search/?q={query}"
        hits = soon(partial(doors.results, path, token=doors.token("manager")))
        assert hits[0]["conversation"] == customer.session["conversation"]
        start, end = hits[0]["highlights"][0]
        assert hits[0]["text"][start:end] == word


def test_a_message_for_later_arrives_once(doors: Doors, customer: CustomerClient) -> None:
    conversation = claimed(doors, customer)
    token = doors.token("admin")
    path = f"{API}/conversations/{conversation}/scheduled/"
    later = {"id": str(uuid.uuid4()), "text": "In a moment", "send_in": 2}
    undone = {"id": str(uuid.uuid4()), "text": "Never mind", "send_in": 3}

    for words in (later, later, undone):
        assert doors.http("POST", path, words, token=token)[0] == 201
    mine = doors.results(path, token=token)
    kept = {one["client_id"]: one["id"] for one in mine}
    status, _, taken = doors.http("DELETE", f"{API}/scheduled/{kept[undone['id']]}/", token=token)

    assert (len(mine), status, taken["state"]) == (2, 200, "cancelled")
    arrived = customer.until(lambda f: f["type"] == "message" and f["text"] == "In a moment")
    assert arrived["author"]["kind"] == "agent"
    time.sleep(2.5)
    said = [line.get("text") for line in doors.history(conversation)]
    assert (said.count("In a moment"), said.count("Never mind")) == (1, 0)
    _, _, drafts = doors.http("GET", f"{API}/conversations/{conversation}/draft/", token=token)
    assert drafts["own"]["text"] == "Never mind"


def test_a_macro_and_a_view(doors: Doors, customer: CustomerClient) -> None:
    conversation = claimed(doors, customer)
    token = doors.token("admin")
    label = f"label-{uuid.uuid4().hex[:6]}"
    actions = [
        {"do": "add_labels", "labels": [label]},
        {"do": "reply", "text": "Hello {{customer.name|there}}"},
    ]
    conditions = {"field": "labels", "op": "has_any", "value": [label]}

    _, _, macro = doors.http(
        "POST", f"{API}/macros/", {"name": label, "actions": actions}, token=token
    )
    status, _, ran = doors.http(
        "POST", f"{API}/macros/{macro['id']}/run/", {"conversation": conversation}, token=token
    )
    _, _, view = doors.http(
        "POST", f"{API}/views/", {"name": label, "conditions": conditions}, token=token
    )

    assert (status, [step["do"] for step in ran["steps"]]) == (200, ["add_labels", "reply"])
    customer.until(lambda f: f["type"] == "message" and f["text"].startswith("Hello "))
    cards = doors.results(f"{API}/conversations/?view={view['id']}", token=token)
    assert [card["conversation"] for card in cards] == [conversation]
    assert "macro" in [line.get("kind") for line in doors.history(conversation)]
