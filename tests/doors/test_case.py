"""Cases through the real sockets: merged under the customer's feet, blocked, mentioned."""

import uuid
from collections.abc import Iterator
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.doors.people import CustomerClient, Doors, Frame, multipart

pytestmark = pytest.mark.journey


@pytest.fixture
def customer_with_two(doors: Doors) -> Iterator[tuple[Frame, Frame]]:
    """Two sessions of one customer: the second one's conversation is agent1's."""
    first = doors.session()
    second = doors.session()
    with doors.customer(first) as one:
        one.acked("From the first")
    with doors.customer(second) as two:
        two.acked("From the second")
    # One person wrote twice as a guest; the office knows.
    doors.manage_output(
        "shell",
        "-v0",
        "-c",
        "from conversations.models import *; "
        f"a = Conversation.objects.get(uuid='{first['conversation']}'); "
        f"Conversation.objects.filter(uuid='{second['conversation']}')"
        ".update(customer=a.customer); "
        f"Session.objects.filter(conversation__uuid='{second['conversation']}')"
        ".update(customer=a.customer)",
    )
    claim = doors.http(
        "POST",
        f"/api/v1/conversations/{second['conversation']}/claim/",
        {},
        token=doors.token("manager"),
    )
    assert claim[0] == 200, claim
    yield first, second
    doors.http(
        "POST",
        f"/api/v1/conversations/{second['conversation']}/resolve/",
        {},
        token=doors.token("manager"),
    )


def merge(doors: Doors, source: Frame, target: Frame) -> None:
    status, _, answer = doors.http(
        "POST",
        f"/api/v1/conversations/{source['conversation']}/merge/",
        {"into": target["conversation"]},
        token=doors.token("manager"),
    )
    assert status == 200, answer


def texts(client: CustomerClient) -> list[str]:
    return [f["text"] for f in client.frames if f["type"] == "message"]


def test_a_page_of_the_merged_conversation_comes_again_and_misses_nothing(
    doors: Doors, customer_with_two: tuple[Frame, Frame]
) -> None:
    first, second = customer_with_two
    unsure = str(uuid.uuid4())
    with doors.customer(first) as page:
        page.acked("Did this arrive?", id=unsure)
        merge(doors, first, second)
        assert page.close_code() == 1012

    session = {**first, "conversation": second["conversation"]}
    with doors.customer(session) as page, doors.customer(second) as other_page:
        # Its acknowledgement got lost, so the page sends it again: it is known here.
        page.acked("Did this arrive?", id=unsure)
        page.acked("And now?")
        other_page.until(lambda f: f["type"] == "message" and f["text"] == "And now?")
        page.send({"type": "sync", "after": 0})
        page.read(1)
        seqs = [f["seq"] for f in page.frames if f["type"] == "message"]

    said = texts(page)
    for words in ("From the first", "From the second", "Did this arrive?", "And now?"):
        assert words in said
        assert texts(other_page).count(words) == 1
    assert sorted(set(seqs)) == list(range(1, max(seqs) + 1))
    log = doors.history(second["conversation"])
    copies = [f for f in log if f.get("origin")]
    assert {f["origin"]["conversation"] for f in copies} == {first["conversation"]}
    assert [f["offset"] for f in log] == list(range(1, len(log) + 1))


def test_a_message_that_crosses_the_merge_is_sent_again_and_stored_once(
    doors: Doors, customer_with_two: tuple[Frame, Frame]
) -> None:
    first, second = customer_with_two
    kept: list[str] = []
    with doors.customer(first) as page:
        merge(doors, first, second)
        with suppress(ConnectionClosed):
            kept.extend(page.say(f"Crossing {n}") for n in range(5))
        assert page.close_code() == 1012
        errors = [f for f in page.frames if f["type"] == "error"]
        acked = {f["id"] for f in page.frames if f["type"] == "ack"}
    assert (errors, acked) == ([], set())

    with doors.customer({**first, "conversation": second["conversation"]}) as page:
        for n, key in enumerate(kept):
            page.acked(f"Crossing {n}", id=key)
    log = [f.get("text", "") for f in doors.history(second["conversation"])]
    assert [log.count(f"Crossing {n}") for n in range(len(kept))] == [1] * len(kept)
    source = [f.get("text", "") for f in doors.history(first["conversation"])]
    assert not [text for text in source if text.startswith("Crossing")]


def test_a_file_sent_before_the_merge_can_be_said_and_read_after_it(
    doors: Doors, customer_with_two: tuple[Frame, Frame]
) -> None:
    first, second = customer_with_two
    body, headers = multipart("bill.txt", b"42 EUR", "text/plain")
    _, _, upload = doors.http(
        "POST", "/api/v1/uploads", raw=body, headers=headers, token=first["token"]
    )
    merge(doors, first, second)

    with doors.customer({**first, "conversation": second["conversation"]}) as page:
        key = page.say("", attachments=[upload["id"]])
        page.until(lambda f: f["type"] == "ack" and f["id"] == key)

    assert doors.http("GET", upload["url"])[0] == 200


def test_a_blocked_customer_can_write_no_more_in_an_open_page(doors: Doors) -> None:
    with doors.customer() as page:
        page.acked("Buy my pills")
        customer = page.session["customer"]
        status, _, answer = doors.http(
            "POST",
            f"/api/v1/customers/{customer}/block/",
            {"reason": "spam"},
            token=doors.token("manager"),
        )
        assert (status, answer["blocked"]) == (200, True)
        page.until(lambda f: f["type"] == "state" and f["state"] == "resolved")

        page.say("More pills")
        assert page.kind("error")["code"] == "closed"
        page.send({"type": "human"})
        assert page.kind("error")["code"] == "closed"
        page.send({"type": "callback", "phone": "+49 30 1234567", "at": None})
        assert page.kind("error")["code"] == "closed"
        page.send({"type": "ping"})
        assert page.close_code() == 4401
        token = page.session["token"]
    assert doors.http("POST", "/api/v1/sessions", {"token": token})[0] == 401
    body, headers = multipart("a.txt", b"pills", "text/plain")
    assert doors.http("POST", "/api/v1/uploads", raw=body, headers=headers, token=token)[0] == 401


def test_a_mention_reaches_the_colleague_s_console(doors: Doors) -> None:
    with doors.customer() as customer, doors.agent("agent3") as colleague:
        customer.acked("My tent leaks")
        key = customer.session["conversation"]
        colleague.send({"type": "open", "conversation": key, "after": 0})
        assert colleague.kind("error")["code"] == "not_found"
        with doors.agent("manager") as manager:
            words = {"conversation": key, "id": str(uuid.uuid4()), "note": True}
            manager.send({"type": "message", "text": "@agent3 is this a known fault?", **words})

            told = colleague.kind("notification")
        assert (told["kind"], told["conversation"]) == ("mention", key)
        assert told["data"]["text"] == "@agent3 is this a known fault?"
        colleague.send({"type": "open", "conversation": key, "after": 0})
        colleague.until(lambda f: f["type"] == "message" and f.get("note") is True)
    assert "known fault" not in str(customer.frames)
