"""What the server itself makes of a body, before Django is asked."""

from types import SimpleNamespace
from typing import Any

import pytest
from twisted.internet.testing import StringTransport

from contactcenter import bodies
from contactcenter.bodies import BoundedFactory, BoundedRequest

pytestmark = pytest.mark.unit


class Heard(BoundedRequest):
    """A request that only tells that it came."""

    came: list["Heard"]

    def process(self) -> None:
        self.came.append(self)


def sent(head: str, body: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Heard], bytes]:
    """The requests that came through, and what the server said by itself."""
    monkeypatch.setattr(Heard, "came", [], raising=False)
    server: Any = SimpleNamespace(protocol_connected=lambda _: None)
    channel = BoundedFactory(server).buildProtocol(None)
    channel.requestFactory = Heard
    channel.timeOut = None  # no clock of the reactor's runs in a test
    transport: Any = StringTransport()  # type: ignore[no-untyped-call]
    channel.makeConnection(transport)
    channel.dataReceived(f"POST /x HTTP/1.1\r\nHost: a\r\n{head}\r\n".encode() + body)
    return Heard.came, transport.value()


def test_a_form_is_left_to_django(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading four million fields would hold up every socket of the process."""
    head = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n"

    (came,), _ = sent(head, b"a=b&c=d", monkeypatch)

    assert (came.args, came.content.read()) == ({}, b"a=b&c=d")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        pytest.param("Content-Length: 101\r\n", b"", id="said"),
        pytest.param(
            "Transfer-Encoding: chunked\r\n",
            2 * (b"3c\r\n" + bytes(60) + b"\r\n") + b"0\r\n\r\n",
            id="in pieces",
        ),
    ],
)
def test_what_is_too_large_is_never_kept(
    head: str, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MOST_BYTES", 100)
    monkeypatch.setattr(Heard, "_left", 100)

    came, said = sent(head, body, monkeypatch)

    assert said.startswith(b"HTTP/1.1 413 ")
    assert not came
