"""What a request may bring along: how much of it, and who looks into it.

Twisted keeps a body whole before anybody is asked, and reads forms in the event loop although Django reads
them again: a stranger's twenty megabytes held up every socket for seconds.
"""

from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest

MOST_BYTES = 56 * 1024 * 1024
"""A batch of files for the knowledge base, the largest that any door takes, with the form around it."""


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """Refuses what is too large as soon as that is known, and leaves forms to Django."""

    _left = MOST_BYTES
    _refused = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, parsePOSTFormSubmission=False, **kwargs)

    def gotLength(self, length: int | None) -> None:  # noqa: N802
        super().gotLength(length if length is None else min(length, MOST_BYTES))
        if length is not None and length > MOST_BYTES:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        """Counted: a body that comes in pieces does not say how long it will be."""
        self._left -= len(data)
        if self._left >= 0:
            super().handleContentChunk(data)
        else:
            self._refuse()

    def requestReceived(self, *args: Any) -> None:  # noqa: N802
        if not self._refused:
            super().requestReceived(*args)

    def _refuse(self) -> None:
        if self._refused:
            return
        self._refused = True
        self.content.close()
        self.channel.transport.write(b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n\r\n")
        self.channel.loseConnection()


class BoundedFactory(HTTPFactory):  # type: ignore[misc]
    """Daphne's, with bounded requests."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol
