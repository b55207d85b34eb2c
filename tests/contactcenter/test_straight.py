"""The short way of a text frame, at a real socket."""

import socket

import pytest

from contactcenter.straight import StraightProtocol, _frame, _offer, _only_text_in

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("size", "head"),
    [
        pytest.param(0, "8100", id="empty"),
        pytest.param(125, "817d", id="the longest with a short head"),
        pytest.param(126, "817e007e", id="the shortest with two bytes of length"),
        pytest.param(65_535, "817effff", id="the longest with two"),
        pytest.param(65_536, "817f0000000000010000", id="the shortest with eight"),
    ],
)
def test_frame_begins_with_its_length(size: int, head: str) -> None:
    payload = b"x" * size

    assert _frame(payload) == (bytes.fromhex(head), payload)


def test_the_kernel_takes_what_it_has_room_for_and_never_blocks() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        data = b"x" * 50_000_000

        taken = _offer(ours, data)

        assert 0 < taken < len(data)
        assert _offer(ours, data) < len(data) - taken


def test_a_socket_that_has_gone_takes_nothing() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours:
        assert _offer(ours, b"hello") == 0


def test_who_has_left_is_told_nothing_and_nobody_stumbles() -> None:
    left = StraightProtocol.__new__(StraightProtocol)
    left.state, left.client_addr, left._perMessageCompress = left.STATE_CLOSED, None, None

    assert left.write_texts(["hello"]) == 0


def client_frame(said: bytes, *, first: int = 0x81, key: bytes = b"\x01\x80\xff\x07") -> bytes:
    """As a browser masks it."""
    size = len(said)
    head = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes((first,)) + head + key + bytes(c ^ key[i % 4] for i, c in enumerate(said))


@pytest.mark.parametrize("size", [0, 1, 3, 4, 125, 126, 127, 128, 65_535])
def test_a_whole_text_frame_is_understood(size: int) -> None:
    said = ("é" * size).encode()[: size // 2 * 2] + b"x" * (size % 2)

    assert _only_text_in(client_frame(said)) == said


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(client_frame(b"hello")[:-1], id="not whole"),
        pytest.param(client_frame(b"hello") * 2, id="two at once"),
        pytest.param(client_frame(b"hello", first=0x01), id="the first of several pieces"),
        pytest.param(client_frame(b"hello", first=0x80), id="the last of several pieces"),
        pytest.param(client_frame(b"hello", first=0x82), id="binary"),
        pytest.param(client_frame(b"hello", first=0x89), id="a ping"),
        pytest.param(client_frame(b"hello", first=0xC1), id="compressed"),
        pytest.param(b"\x81\x05hello", id="without a mask"),
        pytest.param(b"\x81\xfe\x00\x05" + bytes(4) + b"hello", id="a longer head than needed"),
        pytest.param(b"\x81\xff" + (70_000).to_bytes(8, "big") + bytes(70_004), id="very long"),
        pytest.param(client_frame(b"\xff\xfe"), id="not UTF-8"),
    ],
)
def test_everything_unusual_is_left_to_autobahn(data: bytes) -> None:
    assert _only_text_in(data) is None
