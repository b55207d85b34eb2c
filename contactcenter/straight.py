"""Text frames straight between the socket and the application, for Daphne.

On its way an ordinary frame passes a queue, a task, five methods that mostly build log lines, and a
round of the event loop in each direction. Here it passes one function, and the kernel is asked to
take it at once. Whatever is not an ordinary text frame of an open socket goes Daphne's way.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from autobahn.exception import Disconnected
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import tcp


class StraightProtocol(WebSocketProtocol):  # type: ignore[misc]
    """A `conversations.straight.Straight`: applications find it in their scope."""

    on_text: Callable[[bytes], bool] | None = None

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        between = self.state == self.STATE_OPEN and not (self.data or self.inside_message)
        if self.on_text is not None and between and not self.muted:
            text = _only_text_in(data)
            if text is not None:
                self.last_ping = time.time()
                if not self.on_text(text):
                    super().onMessage(text, False)  # noqa: FBT003
                return
        super().dataReceived(data)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: FBT001, N802, N803
        if self.on_text is not None and not isBinary and not self.muted:
            self.last_ping = time.time()
            if self.on_text(payload):
                return
        super().onMessage(payload, isBinary)

    def write_texts(self, texts: Sequence[str]) -> int:
        """Sends frames, in order; the bytes that the other side has not taken yet."""
        if self.state != self.STATE_OPEN or self._perMessageCompress is not None:
            with suppress(Disconnected):  # whoever has left hears no more
                for text in texts:
                    self.serverSend(text)
            return 0
        data = b"".join([part for text in texts for part in _frame(text.encode())])
        transport: Any = self.transport
        plain = isinstance(transport, tcp.Server) and not transport.TLS
        if plain and transport.connected and not _pending(transport):
            data = data[_offer(transport.socket, data) :]
        if data:
            transport.write(data)
        return _pending(transport) if plain else 0


def _only_text_in(data: bytes) -> bytes | None:
    """What a text frame says that came whole and alone, as most do; None: Autobahn shall look.

    So everything unusual (pieces, several at once, control frames, no mask, long lengths, broken
    UTF-8) is judged where it always was.
    """
    if len(data) < 6 or data[0] != 0x81 or not data[1] & 0x80:
        return None
    size, at = data[1] & 0x7F, 2
    if size == 126:
        size, at = int.from_bytes(data[2:4], "big"), 4
    if (size < 126) != (at == 2) or len(data) != at + 4 + size:
        return None
    key = (data[at : at + 4] * (size // 4 + 1))[:size]
    masked = int.from_bytes(data[at + 4 :], "little")
    text = (masked ^ int.from_bytes(key, "little")).to_bytes(size, "little")
    try:
        text.decode()
    except UnicodeDecodeError:
        return None
    return text


def _frame(payload: bytes) -> tuple[bytes, bytes]:
    """A whole text frame: its head, and what it says."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)), payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big"), payload
    return b"\x81\x7f" + size.to_bytes(8, "big"), payload


def _offer(socket: Any, data: bytes) -> int:
    """How much of it the kernel took; whatever went wrong, the reactor will find again."""
    try:
        return int(socket.send(data))
    except OSError:
        return 0


def _pending(transport: Any) -> int:
    """Bytes that wait in this process. Twisted has no public word for it."""
    return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)  # noqa: SLF001
