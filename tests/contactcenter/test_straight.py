"""The short way of a text frame, at a real socket."""

import socket

import pytest

from contactcenter.straight import _frame, _offer

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
