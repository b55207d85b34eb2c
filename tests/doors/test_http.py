"""The HTTP doors: sessions, uploads, files, sign-in; with what strangers send."""

import hashlib
import hmac
import io
import itertools
import re
import socket
import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from PIL import Image

from tests.doors.people import PASSWORD, Doors, multipart

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 404),
        ({"inbox": "nowhere"}, 404),
        ({"inbox": 7}, 404),
        ({"inbox": "web", "language": "x" * 40}, 400),
        ({"inbox": "web", "language": "../../etc"}, 400),
        ({"inbox": "web", "customer": "Ann"}, 400),
        ({"inbox": "web", "customer": {"email": "not an address"}}, 400),
        ({"inbox": "web", "customer": {"attributes": [1]}}, 400),
        ({"inbox": "web", "customer": {"name": "a\x00b"}}, 400),
        ({"inbox": "web", "customer": {"name": "n" * 201}}, 400),
        ({"inbox": "web", "customer": {"external_id": "42", "signature": "00"}}, 403),
        ({"token": "x" * 43}, 401),
        ([], 400),
        ("web", 400),
    ],
)
def test_sessions_refuse_what_is_wrong(doors: Doors, body: Any, status: int) -> None:
    got, _, answer = doors.http("POST", "/api/v1/sessions", body)

    assert got == status
    assert set(answer) == {"code", "detail", "fields"}


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"inbox": NaN}', b'{"inbox":"\\ud800"}', b"\x00"]
)
def test_a_broken_body_is_a_400(doors: Doors, raw: bytes) -> None:
    status, _, answer = doors.http("POST", "/api/v1/sessions", raw=raw)

    assert (status, answer["code"]) == (400, "parse_error")


def test_a_page_that_is_not_on_the_list_may_not_open_a_session(doors: Doors) -> None:
    status, _, _ = doors.http(
        "POST", "/api/v1/sessions", {"inbox": "web"}, headers={"Origin": "https://evil.example"}
    )

    assert status == 403


def test_a_token_resumes_its_conversation(doors: Doors) -> None:
    first = doors.session(customer={"name": "Ann", "email": "ann@example.com"})

    again = doors.session(token=first["token"])

    assert again["conversation"] == first["conversation"]
    assert again["token"] == first["token"]


def test_a_claimed_identity_is_believed_only_when_signed(doors: Doors) -> None:
    secret = doors.manage_output(
        "shell",
        "-v0",
        "-c",
        "from inboxes.models import Inbox; print(Inbox.objects.get(key='web').secret)",
    )
    signature = hmac.new(secret.encode(), b"member-1", hashlib.sha256).hexdigest()
    signed = {"external_id": "member-1", "signature": signature, "name": "Ann"}

    first = doors.session(customer=signed)
    second = doors.session(customer=signed)
    unsigned = doors.session(customer={"external_id": "member-1"})

    assert first["customer"] == second["customer"]
    assert first["conversation"] == second["conversation"]
    assert unsigned["customer"] != first["customer"]


def test_a_guest_who_signs_in_keeps_the_conversation_and_nobody_takes_it(doors: Doors) -> None:
    secret = doors.manage_output(
        "shell",
        "-v0",
        "-c",
        "from inboxes.models import Inbox; print(Inbox.objects.get(key='web').secret)",
    )

    def signed(name: str) -> dict[str, str]:
        signature = hmac.new(secret.encode(), name.encode(), hashlib.sha256).hexdigest()
        return {"external_id": name, "signature": signature, "name": f"Signed {name}"}

    guest = doors.session()
    resumed = doors.session(token=guest["token"], customer=signed("member-7"))
    elsewhere = doors.session(customer=signed("member-7"))
    stolen = doors.http(
        "POST", "/api/v1/sessions", {"token": guest["token"], "customer": signed("member-8")}
    )

    assert resumed["conversation"] == guest["conversation"] == elsewhere["conversation"]
    assert (stolen[0], stolen[2]["code"]) == (403, "not_allowed")


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "claimed", "status"),
    [
        ("a.png", picture(), "image/png", 201),
        ("photo.jpg", picture("JPEG"), "image/png", 201),
        ("note.txt", "Grüße 你好".encode(), "text/plain", 201),
        ("bill.pdf", b"%PDF-1.7\n%x", "application/pdf", 201),
        ("page.html", b"<script>alert(1)</script>", "text/html", 201),  # kept as plain text
        ("a.png", b"\x89PNG\r\n\x1a\nbroken", "image/png", 400),
        ("run.exe", b"MZ\x90\x00\x03", "image/png", 400),
        ("a.zip", b"PK\x03\x04\x00\x00", "application/zip", 400),
        ("empty.txt", b"", "text/plain", 400),
        ("big.txt", b"x" * (10 * 1024 * 1024 + 1), "text/plain", 400),
    ],
)
def test_uploads_are_known_by_their_content(
    doors: Doors, name: str, content: bytes, claimed: str, status: int
) -> None:
    body, headers = multipart(name, content, claimed)

    got, _, answer = doors.http(
        "POST", "/api/v1/uploads", raw=body, headers=headers, token=doors.session()["token"]
    )

    assert got == status, answer
    if status == 201:
        code, sent, _ = doors.http("GET", answer["url"])
        assert code == 200
        assert sent["Content-Disposition"].startswith("attachment")
        assert sent["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in sent["Content-Security-Policy"]
        assert sent["Content-Type"] != "text/html"


def test_an_upload_needs_a_token_and_a_file_its_signature(doors: Doors) -> None:
    body, headers = multipart("a.png", picture(), "image/png")
    assert doors.http("POST", "/api/v1/uploads", raw=body, headers=headers)[0] == 401
    _, _, kept = doors.http(
        "POST", "/api/v1/uploads", raw=body, headers=headers, token=doors.session()["token"]
    )
    forged = kept["url"].rsplit("/", 1)[0] + "/" + "A" * 43

    assert doors.http("GET", forged)[0] == 404
    assert doors.http("GET", f"/files/{uuid.uuid4()}/x")[0] == 404


def test_an_upload_is_shown_to_the_other_side(doors: Doors) -> None:
    session = doors.session()
    body, headers = multipart("../../etc/passwd.png", picture(), "image/png")
    _, _, kept = doors.http(
        "POST", "/api/v1/uploads", raw=body, headers=headers, token=session["token"]
    )

    with doors.customer(session) as client:
        client.acked("", attachments=[kept["id"]])
        shown = client.kind("message")["attachments"]

    assert [(a["name"], a["content_type"], a["width"]) for a in shown] == [
        ("passwd.png", "image/png", 4)
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "agent1", "password": "wrong"}, 401),
        ({"username": "nobody", "password": PASSWORD}, 401),
        ({"username": "agent1"}, 400),
        ({"username": ["agent1"], "password": {}}, 400),
        ({"username": "agent1\x00", "password": "x"}, 400),
    ],
)
def test_sign_in_refuses(doors: Doors, body: dict[str, object], status: int) -> None:
    assert doors.http("POST", "/api/v1/auth/token", body)[0] == status


def test_guessing_is_slow_at_both_doors_together(doors: Doors) -> None:
    """By name: whoever guesses at the API has no fresh tries at the console."""
    name = f"guessed-{uuid.uuid4().hex[:8]}"
    words = {"username": name, "password": "wrong"}
    answers = [doors.http("POST", "/api/v1/auth/token", words) for _ in range(25)]

    assert answers[0][0] == 401
    status, headers, said = answers[-1]
    assert (status, said["code"]) == (429, "rate_limited")
    assert int(headers["Retry-After"]) >= 1
    _, headers, _ = doors.http("GET", "/console/login/")
    csrf = headers["Set-Cookie"].split(";")[0]
    form = urlencode(words | {"csrfmiddlewaretoken": csrf.split("=")[1]}).encode()
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": csrf}
    assert doors.http("POST", "/console/login/", raw=form, headers=sent)[0] == 429
    assert doors.http("POST", "/api/v1/auth/token", words | {"username": "nobody"})[0] == 401


@pytest.mark.parametrize("path", ["/", "/console/login/", "/help/", "/widget/?inbox=web", "/nope/"])
def test_no_page_asks_for_a_sign_that_is_not_there(doors: Doors, path: str) -> None:
    _, _, page = doors.http("GET", path)
    sign = re.search(r'<link rel="icon"[^>]*href="([^"]+)"', page.decode())

    assert sign
    assert doors.http("GET", sign[1])[0] == 200


def test_the_pages_of_the_api_run_under_the_strict_policy(doors: Doors) -> None:
    _, _, page = doors.http("GET", "/api/v1/docs/")
    scripts = re.findall(r"<script[^>]*>([^<]*)", page.decode())
    sources = re.findall(r'<script src="([^"]+)"', page.decode())

    assert "<style" not in page.decode()
    assert (len(sources), "".join(scripts).strip()) == (3, "")
    for source in sources:
        status, sent, _ = doors.http("GET", source.replace("&amp;", "&"))
        assert (status, "javascript" in sent["Content-Type"]) == (200, True)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/conversations/",
        "/api/v1/me/",
        "/api/v1/agents/",
        "/api/v1/queues/",
        "/api/v1/conversations/6861d903-bbef-452c-a620-fa9c8c7e4af3/",
        "/api/v1/conversations/6861d903-bbef-452c-a620-fa9c8c7e4af3/log/",
    ],
)
def test_the_console_s_api_needs_an_agent(doors: Doors, path: str) -> None:
    assert doors.http("GET", path)[0] == 401
    assert doors.http("GET", path, token=doors.session()["token"])[0] == 401


def test_what_an_agent_may_not_see_is_absent(doors: Doors) -> None:
    token = doors.token("agent3")
    # Nothing was said: the bot has no reason to hand it over to this agent's queue meanwhile.
    hidden = doors.session()["conversation"]
    body = {"id": str(uuid.uuid4()), "text": "x"}

    answers = [
        doors.http(method, f"/api/v1/conversations/{key}/{rest}", words, token=token)
        for key in (hidden, uuid.uuid4())
        for method, rest, words in (
            ("GET", "", None),
            ("GET", "log/", None),
            ("POST", "messages/", body),
            ("POST", "claim/", {}),
            ("POST", "resolve/", {}),
        )
    ]

    assert {(status, content["code"]) for status, _, content in answers} == {(404, "not_found")}


def test_machines_are_told_how_we_are(doors: Doors) -> None:
    assert doors.http("GET", "/healthz")[0] == 200
    status, _, said = doors.http("GET", "/metrics")
    assert status == 200
    for name in (
        b"contactcenter_messages_total",
        b"contactcenter_sockets",
        b"contactcenter_waiting",
    ):
        assert name in said


@pytest.mark.parametrize(
    "path", ["/console/", "/admin/", "/", "/help/", "/api/v1/docs/", "/widget/?inbox=web"]
)
def test_pages_carry_a_strict_policy(doors: Doors, path: str) -> None:
    status, sent, _ = doors.http("GET", path)

    assert status == 200
    policy = sent["Content-Security-Policy"]
    assert "object-src 'none'" in policy
    assert "frame-ancestors" in policy
    assert sent["X-Content-Type-Options"] == "nosniff"
    if not path.startswith("/admin"):
        scripts = next(part for part in policy.split(";") if "script-src" in part)
        assert "unsafe" not in scripts


def raw_answer(doors: Doors, headers: str, pieces: Iterable[bytes]) -> bytes:
    """The status line that a body gets, however much of it was taken."""
    with socket.create_connection(("127.0.0.1", doors.port), timeout=20) as door:
        door.sendall(f"POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode())
        with suppress(ConnectionError):  # the other side has heard enough
            for piece in pieces:
                door.sendall(piece)
        with suppress(ConnectionError):
            return door.recv(200).split(b"\r\n")[0]
    return b"cut off"


def test_more_than_any_door_takes_is_refused_before_it_comes(doors: Doors) -> None:
    assert raw_answer(doors, "Content-Length: 900000000\r\n", []).endswith(b"Content Too Large")


def test_a_body_without_an_end_is_cut_off(doors: Doors) -> None:
    piece = b"100000\r\n" + bytes(0x100000) + b"\r\n"

    said = raw_answer(doors, "Transfer-Encoding: chunked\r\n", itertools.repeat(piece, 200))

    assert said == b"cut off" or said.endswith(b"Content Too Large")
