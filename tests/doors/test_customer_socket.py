"""The customer's socket, with everything that strangers send to it."""

import uuid

import pytest

from tests.doors.people import CustomerClient, Doors

pytestmark = pytest.mark.journey


# --- who may come in ---


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "%00", "é" * 30, "' OR 1=1 --" * 4])
def test_a_wrong_token_is_closed_with_4401(doors: Doors, token: str) -> None:
    from urllib.parse import quote

    with doors.socket(f"/ws/chat?token={quote(token)}") as client:
        assert client.close_code() == 4401


def test_a_foreign_origin_is_closed_with_4403_and_ours_is_welcome(doors: Doors) -> None:
    path = f"/ws/chat?token={doors.session()['token']}"

    with doors.socket(path, Origin="https://evil.example") as client:
        assert client.close_code() == 4403
    with doors.socket(path, Origin=f"http://127.0.0.1:{doors.port}") as client:
        assert client.kind("welcome")["state"] == "bot"


def test_a_token_opens_only_its_own_conversation(doors: Doors) -> None:
    mine, theirs = doors.session(), doors.session()
    with doors.customer(theirs) as other:
        other.acked("Their secret")

    with doors.customer(mine) as client:
        client.send({"type": "sync", "after": 0, "conversation": theirs["conversation"]})
        client.send({"type": "read", "seq": 1, "conversation": theirs["conversation"]})
        said = client.read()

    assert "Their secret" not in str(said)


# --- what they may say ---


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        pytest.param("{broken", "bad_frame", id="broken JSON"),
        pytest.param("[]", "bad_frame", id="not an object"),
        pytest.param("null", "bad_frame", id="null"),
        pytest.param('{"type": 7}', "bad_frame", id="a type that is no text"),
        pytest.param({"type": "dance"}, "unknown_type", id="unknown type"),
        pytest.param({"type": "__class__"}, "unknown_type", id="a name of Python's"),
        pytest.param({"type": "message", "text": "no id"}, "bad_frame", id="no id"),
        pytest.param({"type": "message", "id": "7", "text": "x"}, "bad_frame", id="no UUID"),
        pytest.param(
            {"type": "message", "id": str(uuid.uuid4()), "text": 7}, "bad_frame", id="text 7"
        ),
        pytest.param(
            {"type": "message", "id": str(uuid.uuid4()), "text": " \n "}, "bad_frame", id="nothing"
        ),
        pytest.param(
            {"type": "message", "id": str(uuid.uuid4()), "text": "x" * 4001}, "too_long", id="4001"
        ),
        pytest.param(
            f'{{"type":"message","id":"{uuid.uuid4()}","text":"a\\u0000b"}}', "bad_frame", id="NUL"
        ),
        pytest.param(
            {"type": "message", "id": str(uuid.uuid4()), "text": "x", "attachments": ["y"]},
            "bad_frame",
            id="an attachment that is no UUID",
        ),
        pytest.param(
            {
                "type": "message",
                "id": str(uuid.uuid4()),
                "text": "x",
                "attachments": [str(uuid.uuid4())],
            },
            "bad_frame",
            id="somebody else's file",
        ),
        pytest.param({"type": "rate", "score": 6}, "bad_frame", id="score 6"),
        pytest.param({"type": "rate", "score": True}, "bad_frame", id="score true"),
        pytest.param({"type": "read", "seq": -1}, "bad_frame", id="seq -1"),
        pytest.param({"type": "read", "seq": 2**40}, "bad_frame", id="seq 2^40"),
        pytest.param({"type": "callback", "phone": "call me"}, "bad_frame", id="no phone"),
        pytest.param({"type": "callback", "phone": "+4930123456", "at": "soon"}, "bad_frame"),
        pytest.param({"type": "typing", "on": "yes"}, "bad_frame", id="typing yes"),
        pytest.param({"type": "sync", "after": "all"}, "bad_frame", id="sync all"),
    ],
)
def test_bad_words_are_answered_and_the_socket_stays_open(
    customer: CustomerClient, frame: str | dict[str, object], code: str
) -> None:
    error = customer.error(frame)

    assert error["code"] == code
    assert error["detail"]
    customer.send({"type": "ping"})
    assert customer.kind("pong")["seq"] == 0


def test_an_error_names_the_message_it_is_about(customer: CustomerClient) -> None:
    key = str(uuid.uuid4())

    assert customer.error({"type": "message", "id": key, "text": "x" * 5000})["id"] == key


def test_binary_frames_are_answered(customer: CustomerClient) -> None:
    assert customer.error(b"\x00\x01")["code"] == "bad_frame"


def test_a_frame_over_64_kib_is_closed_with_1009(doors: Doors) -> None:
    with doors.customer() as client:
        client.send('{"type":"message","text":"' + "x" * 100_000 + '"}')
        assert client.close_code() == 1009


def test_thirty_messages_at_once_are_limited_and_none_is_lost_silently(
    customer: CustomerClient,
) -> None:
    keys = [customer.say(f"message {n}") for n in range(30)]
    answers: dict[str, dict[str, object]] = {}
    while len(answers) < 30:
        frame = customer.until(lambda f: f["type"] in {"ack", "error"})
        answers[frame["id"]] = frame

    assert set(answers) == set(keys)
    limited = [f for f in answers.values() if f["type"] == "error"]
    assert limited
    assert {f["code"] for f in limited} == {"rate_limited"}
    assert all(isinstance(f["retry_after"], float) and f["retry_after"] > 0 for f in limited)
    acked = [f["seq"] for f in answers.values() if f["type"] == "ack"]
    assert acked == sorted(set(acked), key=lambda seq: int(str(seq)))


def test_who_comes_back_is_heard_in_the_order_in_which_they_speak(customer: CustomerClient) -> None:
    customer.acked("My tent leaks")
    customer.send({"type": "end"})
    customer.until(lambda f: f["type"] == "state" and f["state"] == "resolved")

    keys = [customer.say(f"again {n}") for n in range(5)]
    seqs = dict[str, int]()
    while len(seqs) < len(keys):
        frame = customer.kind("ack")
        seqs[frame["id"]] = frame["seq"]

    assert sorted(keys, key=seqs.__getitem__) == keys


def test_what_is_kept_of_a_customer_s_deeds_is_limited_like_their_words(
    customer: CustomerClient,
) -> None:
    """Each wish for a call is a message and a line in the log."""
    for _ in range(90):
        customer.send({"type": "callback", "phone": "+49 30 1234567", "at": None})
    told = [customer.until(lambda f: f["type"] in {"message", "error"}) for _ in range(90)]

    refused = [frame for frame in told if frame["type"] == "error"]
    assert len(refused) > 40
    assert {frame["code"] for frame in refused} == {"rate_limited"}


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("<script>alert(1)</script><img src=x onerror=alert(1)>",) * 2,
        ("'; DROP TABLE conversations_message; --",) * 2,
        ("👩‍👩‍👧‍👦 🇨🇳 e\u0301", "👩‍👩‍👧‍👦 🇨🇳 é"),
        ("مرحبا، أين طلبي؟",) * 2,
        ("你好，请问退货期限是多久？",) * 2,
        ("a\u202eb\u0007c\x1b[0m", "abc[0m"),
        ("{{7*7}} ${7*7} %s %(x)s {0}",) * 2,
        ("𝕳" * 4000,) * 2,
    ],
)
def test_what_is_said_is_stored_as_text(doors: Doors, sent: str, shown: str) -> None:
    with doors.customer() as client:
        assert client.acked(sent)["seq"] == 1
        session = client.session
    with doors.customer(session) as again:
        message = again.kind("message")

    assert (message["seq"], message["text"], message["author"]["kind"]) == (1, shown, "customer")


# --- once, in order, nothing missed ---


def test_the_same_id_again_is_acknowledged_with_the_same_seq(doors: Doors) -> None:
    session = doors.session()
    key = str(uuid.uuid4())
    with doors.customer(session) as client:
        assert client.acked("Hello?", id=key)["seq"] == 1
        assert client.acked("Hello again?", id=key)["seq"] == 1
    with doors.customer(session) as other_tab:
        assert other_tab.acked("Hello?", id=key)["seq"] == 1
        other_tab.read()  # the acknowledgement may be quicker than what was missed
        texts = [f["text"] for f in other_tab.frames if f["type"] == "message"]

    assert texts.count("Hello?") == 1
    assert "Hello again?" not in texts


def test_a_client_that_comes_back_gets_exactly_what_it_missed(doors: Doors) -> None:
    session = doors.session()
    with doors.customer(session) as client:
        client.send({"type": "human"})  # so that only we speak from here on
        client.kind("message")
        first = client.acked("one")["seq"]
    with doors.customer(session) as elsewhere:
        last = elsewhere.acked("two")["seq"]
        last = elsewhere.acked("three")["seq"]
    with doors.customer(session, after=first) as again:
        seen = [(f["seq"]) for f in again.read(1) if f["type"] == "message"]
        again.send({"type": "sync", "after": first})
        synced = [(f["seq"]) for f in again.read(1) if f["type"] == "message"]
        again.send({"type": "ping"})
        newest = again.kind("pong")["seq"]

    assert seen == synced == list(range(first + 1, newest + 1))
    assert last <= newest


def test_two_tabs_see_the_same(doors: Doors) -> None:
    session = doors.session()
    with doors.customer(session) as one, doors.customer(session) as two:
        one.acked("from one")
        assert two.kind("message")["text"] == "from one"


def test_ending_asks_how_it_was_and_writing_again_goes_on(customer: CustomerClient) -> None:
    customer.acked("Bye")
    customer.send({"type": "end"})
    assert customer.until(lambda f: f["type"] == "state" and f["state"] == "resolved")
    assert customer.kind("survey")
    customer.send({"type": "rate", "score": 5, "comment": "Thanks <b>!</b>"})

    customer.acked("One more thing")
    assert [f["state"] for f in customer.frames if f["type"] == "state"] == ["resolved", "bot"]


def test_a_person_is_had_at_any_time_and_a_call_too(customer: CustomerClient) -> None:
    customer.send({"type": "human"})
    state = customer.until(lambda f: f["type"] == "state" and bool(f["queue"]))
    assert (state["state"], state["queue"]["position"] >= 1) == ("queued", True)

    customer.send({"type": "callback", "phone": "+49 30 1234567", "at": None})
    assert (
        "+49 30 1234567"
        in customer.until(lambda f: f["type"] == "message" and "call" in f["text"])["text"]
    )
