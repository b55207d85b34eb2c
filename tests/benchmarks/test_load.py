"""The load's client, at a bare echo of its own: tiny numbers, no clock in any assertion."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from benchmarks.load.echo import EchoServer
from benchmarks.load.pairs import Echo, Ours, Pair, Tally, flat_out, paced
from benchmarks.load.wire import connect, frame

pytestmark = pytest.mark.unit
Address = tuple[str, int]


@pytest_asyncio.fixture
async def echo() -> AsyncIterator[Address]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = await asyncio.get_running_loop().create_server(EchoServer, sock=listening)
        yield listening.getsockname()[:2]
        server.close()


async def test_a_socket_sends_and_hears_frames_of_every_length(echo: Address) -> None:
    heard: list[bytes] = []
    said = [b"", b"a", b"b" * 125, b"c" * 126, b"d" * 40_000]
    wire = await connect(echo, "/", heard.append)

    for payload in said:
        wire.send(payload)
    while len(heard) < len(said):
        await asyncio.sleep(0.001)
    wire.close()

    assert heard == said


async def test_a_refused_socket_says_the_status() -> None:
    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()[:2]

    with pytest.raises(ConnectionError, match="403"):
        await connect(address, "/", lambda _: None)
    server.close()


def test_frame_is_masked_and_carries_its_length() -> None:
    assert frame(b"hi") == b"\x81\x82\0\0\0\0hi"
    assert frame(b"x" * 300)[:4] == b"\x81\xfe\x01\x2c"


async def test_flat_out_counts_what_came_back(echo: Address) -> None:
    result = await flat_out(Echo(echo), 3, warm_up=0, seconds=0.05)

    assert result.said >= 3
    assert (result.faults, result.undelivered, result.refusals) == (0, 0, 0)
    assert result.rate > 0


async def test_paced_speaks_once_a_second_each(echo: Address) -> None:
    result = await paced(Echo(echo), 4, warm_up=0, seconds=1)

    assert 4 <= result.said <= 8
    assert (result.faults, result.undelivered) == (0, 0)


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param([1, 3], id="one is missing"),
        pytest.param([1, 1], id="one came twice"),
        pytest.param([2, 1], id="one came too early"),
    ],
)
def test_a_message_out_of_order_is_a_fault(shown: list[int]) -> None:
    tally = Tally()
    pair = Pair(0, tally)

    for number in shown:
        pair.was_shown(number)

    assert tally.faults >= 1


def test_a_skipped_offset_on_the_agents_screen_is_a_fault() -> None:
    tally = Tally()
    pair = Pair(0, tally)
    pair.offset = 4
    said = (
        f'{{"type":"message","offset":6,"author":{{"kind":"customer"}},"id":"{pair.id_of(1)}"}}'
    ).encode()

    Ours._to_agent(pair, said, asyncio.Event())

    assert tally.faults == 1
    assert pair.shown == 1
