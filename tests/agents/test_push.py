"""Agents whose consoles are closed are told by their browsers, sealed, and by nobody else."""

import base64
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pytest_django import Settings

from agents.actions import push
from agents.actions.notify import mark_read, notify, set_rules
from agents.actions.push import MOST_DEVICES, add_device, push_out
from agents.models import Agent, Notification, Presence, PushDevice
from agents.rules.attention import How
from agents.webpush import sealed, unpadded
from conversations.errors import BadWords
from inboxes.fetch import CannotFetch
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

CURVE = ec.SECP256R1()
SECRET = bytes(range(16))
THEIRS = ec.derive_private_key(4711, CURVE)


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(body: bytes) -> Any:
    """As the browser reads it: written from the standard, not from our own room."""
    salt, length = body[:16], body[20]
    sender, sealed_words = body[21 : 21 + length], body[21 + length :]
    shared = THEIRS.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))

    def drawn(size: int, key: bytes, by: bytes, info: bytes) -> bytes:
        return HKDF(hashes.SHA256(), size, salt=by, info=info).derive(key)

    root = drawn(32, shared, SECRET, b"WebPush: info\x00" + point(THEIRS) + sender)
    key = drawn(16, root, salt, b"Content-Encoding: aes128gcm\x00")
    nonce = drawn(12, root, salt, b"Content-Encoding: nonce\x00")
    words = AESGCM(key).decrypt(nonce, sealed_words, None)
    assert words.endswith(b"\x02")
    return json.loads(words[:-1])


class Service:
    """A push service; `answer` is the status that it gives."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answer = 201
        service = self

        class Desk(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.got.append((dict(self.headers), body))
                self.send_response(service.answer)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    made = Service()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def bo(service: Service, at: datetime) -> Agent:
    """Their console is closed, and a browser of theirs wants to know."""
    found = make.agent(username="bo")
    PushDevice.objects.create(
        agent=found, endpoint=f"{service.address}/bo", p256dh=unpadded(point(THEIRS)),
        auth=unpadded(SECRET), created_at=at,
    )  # fmt: skip
    return found


def tell(agent: Agent, *, at: datetime, kind: str = "mention") -> str:
    talk = make.conversation()
    data = {"by": "Ada", "text": "My secret address", "offset": 7}
    notify(agent_ids=[agent.pk], kind=kind, conversation=talk, data=data, at=at)
    return str(talk.uuid)


def push_all(at: datetime) -> int:
    return push_out(list(Notification.objects.values_list("pk", flat=True)), at=at)


def test_a_closed_console_is_told_what_happened_and_not_what_was_written(
    bo: Agent, service: Service, at: datetime
) -> None:
    talk = tell(bo, at=at)

    assert push_all(at) == 1

    ((headers, body),) = service.got
    told = {"title": "Ada mentions you", "tag": talk, "conversation": talk, "offset": 7}
    assert opened(body) == told
    assert (headers["Content-Encoding"], headers["TTL"]) == ("aes128gcm", "14400")
    assert headers["Topic"] == talk.replace("-", "")


def test_the_house_says_who_it_is(
    bo: Agent, service: Service, at: datetime, settings: Settings
) -> None:
    tell(bo, at=at)
    push_all(at)

    scheme, _, rest = service.got[0][0]["Authorization"].partition(" ")
    said = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, said["k"]) == ("vapid", Door(bo).get("me/push/")["key"])
    words, _, signature = said["t"].rpartition(".")
    raw = bytes_of(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, bytes_of(said["k"]))
    halves = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    key.verify(encode_dss_signature(*halves), words.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(bytes_of(words.split(".")[1]))
    assert (claims["aud"], claims["sub"]) == (service.address, settings.SITE_URL)
    assert 0 < claims["exp"] - at.timestamp() <= 24 * 3600


def test_an_open_console_tells_by_itself(bo: Agent, service: Service, at: datetime) -> None:
    Presence.objects.create(agent=bo, status="offline", since=at, seen_at=at)
    tell(bo, at=at)

    assert push_all(at + timedelta(seconds=10)) == 0
    assert push_all(at + timedelta(seconds=30)) == 1


def test_what_was_read_meanwhile_is_no_news(bo: Agent, service: Service, at: datetime) -> None:
    tell(bo, at=at)
    mark_read(agent_id=bo.pk, keys=None, at=at)

    assert push_all(at) == 0


@pytest.mark.parametrize(("status", "left"), [(410, 0), (404, 0), (500, 1), (429, 1)])
def test_a_browser_that_is_gone_is_forgotten(
    bo: Agent, service: Service, at: datetime, status: int, left: int
) -> None:
    tell(bo, at=at)
    service.answer = status

    assert push_all(at) == 0
    assert PushDevice.objects.count() == left


def test_a_service_that_cannot_be_reached_is_left_alone_for_a_while(
    bo: Agent, service: Service, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try may take ten seconds, and news come faster."""
    tries: list[str] = []
    clock = [0.0]

    def no_way_out(url: str, *_: Any, **__: Any) -> bytes:
        tries.append(url)
        raise CannotFetch("It did not answer in time.")

    monkeypatch.setattr(push, "_silent", {})
    monkeypatch.setattr(push, "monotonic", lambda: clock[0])
    tell(bo, at=at)
    with monkeypatch.context() as closed:
        closed.setattr(push, "post", no_way_out)
        assert [push_all(at) for _ in range(5)] == [0] * 5
    assert len(tries) == 1

    clock[0] = 61.0

    assert push_all(at) == 1


def test_only_kinds_that_are_shown_on_the_desktop(
    bo: Agent, at: datetime, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    queued: list[Any] = []
    monkeypatch.setattr("agents.receivers.queue_task", lambda _, **words: queued.append(words))
    set_rules(agent_id=bo.pk, rules={"assigned": How(desktop=False, sound=True)})

    with django_capture_on_commit_callbacks(execute=True):
        tell(bo, at=at, kind="assigned")
        tell(make.agent(), at=at)  # nobody's browser
    assert queued == []
    with django_capture_on_commit_callbacks(execute=True):
        tell(bo, at=at)
    assert queued == [{"notifications": [Notification.objects.get(agent=bo, kind="mention").pk]}]


def test_a_browser_says_where_it_is_reached_and_takes_it_back(at: datetime) -> None:
    agent, other = make.agent(), make.agent()
    keys = {"p256dh": unpadded(point(THEIRS)), "auth": unpadded(SECRET)}
    words = {"endpoint": "https://push.example/1", "keys": keys}

    assert Door(agent).ask("post", "me/push/", words)[0] == 204
    assert Door(other).ask("post", "me/push/", words)[0] == 204, "somebody else signed in there"
    assert [one.agent for one in PushDevice.objects.all()] == [other]
    forget = "me/push/?endpoint=https%3A%2F%2Fpush.example%2F1"
    assert Door(agent).ask("delete", "me/push/")[0] == 400
    assert Door(agent).ask("delete", forget)[0] == 204
    assert PushDevice.objects.exists(), "not theirs to forget"
    assert Door(other).ask("delete", forget)[0] == 204
    assert not PushDevice.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example/1"},
        {"endpoint": "javascript:1"},
        {"keys": {"p256dh": "AAAA", "auth": unpadded(SECRET)}},
        {"keys": {"p256dh": unpadded(point(THEIRS)), "auth": "AAAA"}},
        {"keys": {}},
    ],
)
def test_what_is_no_browser_is_refused(wrong: dict[str, Any]) -> None:
    keys = {"p256dh": unpadded(point(THEIRS)), "auth": unpadded(SECRET)}
    words = {"endpoint": "https://push.example/1", "keys": keys} | wrong

    status, answer = Door(make.agent()).ask("post", "me/push/", words)

    assert (status, "detail" in answer) == (400, True)
    assert not PushDevice.objects.exists()


def test_the_newest_browsers_are_kept(at: datetime) -> None:
    agent = make.agent()
    for no in range(MOST_DEVICES + 2):
        add_device(
            agent=agent, endpoint=f"https://push.example/{no}", p256dh=unpadded(point(THEIRS)),
            auth=unpadded(SECRET), at=at + timedelta(days=no),
        )  # fmt: skip

    kept = {one.endpoint.rpartition("/")[2] for one in PushDevice.objects.all()}
    assert kept == {str(no) for no in range(2, MOST_DEVICES + 2)}


def test_an_address_inside_the_house_is_not_asked(
    bo: Agent, service: Service, at: datetime, settings: Settings
) -> None:
    settings.WEBHOOKS_MAY_BE_PRIVATE = False
    tell(bo, at=at)

    assert push_all(at) == 0
    assert service.got == []
    with pytest.raises(BadWords):
        add_device(agent=bo, endpoint=service.address, p256dh="", auth="", at=at)


def test_the_seal_is_the_one_of_the_standard() -> None:
    """RFC 8291, section 5."""
    once = ec.derive_private_key(
        int.from_bytes(bytes_of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), CURVE
    )

    body = sealed(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        once=once,
        salt=bytes_of("DGv6ra1nlYgDCS1FRnbzlw"),
    )

    assert unpadded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInm"
        "YWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQe"
        "xSgSxsj_Qulcy4a-fN"
    )
