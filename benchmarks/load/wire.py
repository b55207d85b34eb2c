"""A WebSocket client that costs next to nothing, so that the server is what gets measured.

No compression, a mask of zeros (the law asks for a mask, not for a good one), no checks of what
the server sends beyond what framing needs. For benchmarks only.
"""

import asyncio
import struct
from collections.abc import Callable
from typing import cast

OnText = Callable[[bytes], None]
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_MASK = b"\0\0\0\0"


def frame(payload: bytes, *, kind: int = _TEXT) -> bytes:
    """One whole client frame, masked with zeros."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | kind, 0x80 | size))
    elif size < 65_536:
        head = struct.pack("!BBH", 0x80 | kind, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | kind, 0x80 | 127, size)
    return head + _MASK + payload


class Wire(asyncio.Protocol):
    """One open socket. `on_text` gets each text frame's bytes, in order."""

    def __init__(self, on_text: OnText) -> None:
        self.on_text = on_text
        self.closed: int | None = None  # the close code, once there is one
        self._rest = b""
        self._request = b""
        self._open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def ask_for(self, host: str, path: str, headers: dict[str, str]) -> None:
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {host}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self._request = ("\r\n".join(lines) + "\r\n\r\n").encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.closed is None:
            self.closed = 1006
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("refused before it was open"))

    def send(self, payload: bytes) -> None:
        self._transport.write(frame(payload))

    def close(self) -> None:
        self._transport.write(frame(b"\x03\xe8", kind=_CLOSE))
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        at = 0 if self._open else self._handshake(data)
        if at < 0:
            return
        end = len(data)
        while end - at >= 2:
            size, head = data[at + 1], 2
            if size == 126:
                if end - at < 4:
                    break
                size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            elif size == 127:
                if end - at < 10:
                    break
                size, head = int.from_bytes(data[at + 2 : at + 10], "big"), 10
            if end - at < head + size:
                break
            payload = data[at + head : at + head + size]
            kind = data[at] & 0x0F
            at += head + size
            if kind == _TEXT:
                self.on_text(payload)
            else:
                self._control(kind, payload)
        self._rest = data[at:]

    def _handshake(self, data: bytes) -> int:
        """Where the frames begin, or -1 while the answer is not whole or was a refusal."""
        head, found, _ = data.partition(b"\r\n\r\n")
        if not found:
            self._rest = data
            return -1
        if not head.startswith(b"HTTP/1.1 101"):
            status = head.split(b"\r\n", 1)[0].decode("latin-1")
            if not self.opened.done():
                self.opened.set_exception(ConnectionError(status))
            self._transport.close()
            return -1
        self._open = True
        if not self.opened.done():
            self.opened.set_result(None)
        return len(head) + 4

    def _control(self, kind: int, payload: bytes) -> None:
        if kind == _PING:
            self._transport.write(frame(payload, kind=_PONG))
        elif kind == _CLOSE:
            self.closed = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005
            self._transport.close()


async def connect(
    address: tuple[str, int],
    path: str,
    on_text: OnText,
    headers: dict[str, str] | None = None,
) -> Wire:
    """An open socket. Raises ConnectionError with the server's status line."""
    host, port = address
    wire = Wire(on_text)
    wire.ask_for(f"{host}:{port}", path, headers or {})
    await asyncio.get_running_loop().create_connection(lambda: wire, host, port)
    async with asyncio.timeout(30):
        await wire.opened
    return wire
