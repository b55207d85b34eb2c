"""A bare WebSocket echo: what remains is the load's own cost. `python -m benchmarks.load.echo PORT`."""

import asyncio
import base64
import hashlib
import struct
import sys
from typing import cast

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class EchoServer(asyncio.Protocol):
    """Knows zero-masked text frames under 64 KiB, which is what the load's client sends."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._rest = b""
        self._open = False

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        if not self._open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            self._transport.write(_welcome(head))
            self._open = True
        while len(data) >= 6:
            size, at = data[1] & 0x7F, 2
            if size == 126:
                size, at = int.from_bytes(data[2:4], "big"), 4
            if len(data) < at + 4 + size:
                break
            payload, data = data[at + 4 : at + 4 + size], data[at + 4 + size :]
            if size < 126:
                self._transport.write(bytes((0x81, size)) + payload)
            else:
                self._transport.write(struct.pack("!BBH", 0x81, 126, size) + payload)
        self._rest = data


def _welcome(head: bytes) -> bytes:
    key = next(
        line.split(b":", 1)[1].strip()
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"sec-websocket-key:")
    )
    accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(EchoServer, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
