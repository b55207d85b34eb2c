"""What the customer's and the agent's socket have in common."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

import orjson
from asgiref.sync import sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError, connection

from conversations.errors import Refused
from conversations.frame_words import check_storable, parse
from conversations.hub import hub
from conversations.limits import Bucket
from conversations.metrics import REFUSED, SOCKETS
from conversations.straight import STRAIGHT, Straight
from conversations.trace import begin as begin_cause

logger = logging.getLogger(__name__)

FRAME_LIMIT = 65_536
UNAUTHORISED, FORBIDDEN_ORIGIN, TOO_SLOW, COME_AGAIN, TOO_BIG = 4401, 4403, 4408, 4503, 1009
RESTART = 1012
_SLOW_READER_FRAMES = 2_000
_SLOW_READER_BYTES = 4_194_304


class Socket(AsyncWebsocketConsumer):
    """Joins rooms, translates frames, leaves. Broken or unknown frames are answered, not fatal.

    It has no channel of its own: what it must hear comes through the hub, which costs a tenth.
    """

    kind: ClassVar[str] = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The frames in their order, one after the other, without a task for each."""
        self.scope = scope
        self.base_send = send
        self._outbox: deque[str] = deque()
        self._flushing: asyncio.Task[None] | asyncio.Handle | None = None
        self._rooms: set[str] = set()
        self._frames = Bucket(rate=50, burst=100)
        self._line: deque[dict[str, Any]] = deque()  # read already, but must wait their turn
        self._welcomed = False
        self._gone = False
        self._straight: Straight | None = scope.get("extensions", {}).get(STRAIGHT)
        if self._straight:
            self._straight.on_text = self._take
        try:
            while True:
                message = await receive()
                match message["type"]:
                    case "websocket.connect":
                        await self.connect()
                    case "websocket.receive":
                        await self._receive(message.get("text"), message.get("bytes"))
                    case "websocket.disconnect":
                        return
        except StopConsumer:
            return
        finally:
            await self._leave()

    # --- for subclasses ---

    async def welcome(self) -> bool:
        """Checks who this is; accepts, joins, greets. False if it was closed instead."""
        raise NotImplementedError

    def at_once(self, frame: dict[str, Any]) -> bool:
        """Does what a frame says if nothing must be waited for; False: not this one. Raises Refused."""
        return False

    async def on_frame(self, frame: dict[str, Any]) -> None:
        """Does what one frame says. Raises Refused."""
        raise NotImplementedError

    async def farewell(self) -> None:
        """After the socket has gone."""

    # --- opening and closing ---

    async def connect(self) -> None:
        try:
            welcome = await self.welcome()
        except DatabaseError:
            logger.warning("A socket came while the database was away")
            await self.accept_and_close(COME_AGAIN)
            return
        if welcome:
            SOCKETS.labels(self.kind).inc()
            self._welcomed = True

    async def accept_and_close(self, code: int) -> None:
        """A browser sees a close code only on a socket that was opened."""
        await self.accept()
        await self.close(code)
        raise StopConsumer

    async def _leave(self) -> None:
        self._gone = True
        for room in self._rooms:
            hub().leave(room, self)
        self._rooms.clear()
        if self._straight:
            self._straight.on_text = None
        if self._welcomed:
            SOCKETS.labels(self.kind).dec()
            self._welcomed = False
            try:
                await self.farewell()
            except DatabaseError:
                logger.warning("A socket left while the database was away")

    def join(self, room: str) -> None:
        self._rooms.add(room)
        hub().join(room, self)

    def unjoin(self, room: str) -> None:
        self._rooms.discard(room)
        hub().leave(room, self)

    # --- reading ---

    def _take(self, data: bytes) -> bool:
        """Straight from the socket: done at once, or put in line and False."""
        if len(data) > FRAME_LIMIT:
            return False
        frame = self._understand(data)
        if frame is None:
            return True
        if self._welcomed and not self._line:
            begin_cause()
            try:
                if self.at_once(frame):
                    return True
            except Exception as error:  # noqa: BLE001 -- it is told and logged
                self._explain(error, frame)
                return True
        self._line.append(frame)
        return False

    async def _receive(self, text: str | None, data: bytes | None) -> None:
        size = len(text.encode()) if text is not None else len(data or b"")
        if size > FRAME_LIMIT:
            await self.close(TOO_BIG)
            return
        read_before = bool(self._line) and text is not None
        frame = self._line[0] if read_before else self._understand(text)
        if frame is None:
            return
        begin_cause()
        try:
            if not self.at_once(frame):
                await self.on_frame(frame)
        except Exception as error:  # noqa: BLE001 -- it is told and logged
            self._explain(error, frame)
        finally:
            if read_before:
                self._line.popleft()

    def _understand(self, text: str | bytes | None) -> dict[str, Any] | None:
        """A frame that may be acted on; None: it may not, and that was answered."""
        wait = self._frames.take()
        if wait:
            self._error("rate_limited", "Too many frames; wait a moment.", retry_after=wait)
            return None
        frame: dict[str, Any] = {}
        try:
            frame = parse(text)
            check_storable(frame, text or "")
        except Refused as refusal:
            self.refuse(refusal, frame.get("id"))
            return None
        return frame

    def _explain(self, error: Exception, frame: dict[str, Any]) -> None:
        """Says why a frame was not acted on, in words for whoever sent it."""
        frame_id = frame.get("id")
        if isinstance(error, Refused):
            self.refuse(error, frame_id)
        elif isinstance(error, DatabaseError):
            logger.warning("A frame came while the database was away")
            self._error("internal", "Please try again in a moment.", frame_id)
        else:
            logger.error("A frame could not be handled", exc_info=error)
            self._error("internal", "Something went wrong on our side.", frame_id)

    # --- writing ---

    def tell(self, frame: dict[str, Any]) -> None:
        self.send_later(orjson.dumps(frame).decode())

    def send_later(self, text: str) -> None:
        """Queues a frame; a reader that is too slow for too long is cut off."""
        if self._gone:
            return
        self._outbox.append(text)
        if self._flushing is None:
            loop = asyncio.get_running_loop()
            if self._straight:
                self._flushing = loop.call_soon(self._flush_straight, self._straight)
            else:
                self._flushing = loop.create_task(self._flush())
        elif len(self._outbox) > _SLOW_READER_FRAMES:
            self._cut_off()

    def _flush_straight(self, straight: Straight) -> None:
        """All that was said in this round of the loop leaves in one piece."""
        self._flushing = None
        if self._gone:
            return
        texts = tuple(self._outbox)
        self._outbox.clear()
        if straight.write_texts(texts) > _SLOW_READER_BYTES:
            self._cut_off()

    async def _flush(self) -> None:
        try:
            while self._outbox and not self._gone:
                text = self._outbox.popleft()
                await self.base_send({"type": "websocket.send", "text": text, "bytes": None})
        except (OSError, RuntimeError):
            self._gone = True  # the other side has left; `disconnect` follows
        finally:
            self._flushing = None

    def _cut_off(self) -> None:
        self._outbox.clear()
        self._gone = True
        if self._flushing is not None:
            self._flushing.cancel()
        self._closing = asyncio.get_running_loop().create_task(self.close(TOO_SLOW))

    def refuse(self, refusal: Refused, frame_id: object = None) -> None:
        code = refusal.code if refusal.code in _CODES else "not_allowed"
        self._error(code, refusal.detail, frame_id, retry_after=refusal.retry_after)

    def _error(
        self, code: str, detail: str, frame_id: object = None, *, retry_after: float | None = None
    ) -> None:
        REFUSED.labels(code).inc()
        frame: dict[str, Any] = {"type": "error", "code": code, "detail": detail}
        if isinstance(frame_id, str):
            frame["id"] = frame_id[:64]
        if retry_after is not None:
            frame["retry_after"] = round(retry_after, 2)
        self.tell(frame)

    # --- the hub's side: overridden where numbered frames are counted ---

    def hear(self, text: str, number: int | None, conversation_id: int | None) -> None:
        self.send_later(text)

    def conversations_heard(self) -> Sequence[int]:
        return ()

    def caught_up(self, numbers: dict[int, tuple[int, int]]) -> None:
        """Nothing is counted here."""


_CODES = frozenset(
    {
        "bad_frame",
        "unknown_type",
        "too_long",
        "rate_limited",
        "closed",
        "not_allowed",
        "not_found",
        "not_your_turn",
        "cannot_move",
        "merged",
        "missing",
        "invalid",
        "internal",
    }
)


def run_in_thread(call: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """A database call beside the event loop, its connection given back to the pool afterwards."""

    def closing(*args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        finally:
            connection.close()

    return sync_to_async(closing, thread_sensitive=False)
