"""The sockets of this process, by room; and the ear at Valkey that feeds them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol

import orjson
import redis.asyncio as redis_async
from asgiref.sync import sync_to_async
from django.conf import settings
from redis.exceptions import RedisError

from conversations import live
from conversations.queries import newest_numbers

logger = logging.getLogger(__name__)

Encoded = Sequence[Any]  # (rooms, frame as text, number, conversation id)
_RETRY_SECONDS = 0.25
_AT_A_TIME = 8


class Listener(Protocol):
    """A socket, as the hub sees it."""

    def hear(self, text: str, number: int | None, conversation_id: int | None) -> None:
        """Sends a frame; numbered ones once, in order. Never blocks."""

    def conversations_heard(self) -> Sequence[int]:
        """The conversations whose newest numbers this socket wants to know."""

    def caught_up(self, numbers: dict[int, tuple[int, int]]) -> None:
        """Told the newest (seq, offset): whatever is missing is to be read from the database."""


class Hub:
    def __init__(self) -> None:
        self._rooms: dict[str, set[Listener]] = {}
        self.loop = asyncio.get_running_loop()
        self._valkey = redis_async.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=None
        )
        self._outbox: list[tuple[Any, ...]] = []
        self._publishing = False
        self._tasks = {self.loop.create_task(self._listen())}
        self.dirty_queues: set[int] = set()
        live.local_fan_out = self.from_any_thread

    # --- rooms ---

    def join(self, room: str, listener: Listener) -> None:
        self._rooms.setdefault(room, set()).add(listener)

    def leave(self, room: str, listener: Listener) -> None:
        members = self._rooms.get(room)
        if members:
            members.discard(listener)
            if not members:
                del self._rooms[room]

    def members(self, room: str) -> frozenset[Listener]:
        return frozenset(self._rooms.get(room, ()))

    def rooms(self) -> list[str]:
        return list(self._rooms)

    # --- speaking ---

    def from_any_thread(self, encoded: Encoded) -> None:
        with suppress(RuntimeError):  # the loop has ended, and with it everybody who listened
            self.loop.call_soon_threadsafe(self.fan_out, encoded)

    def fan_out(self, encoded: Encoded) -> None:
        """Hands frames to the sockets of this process that may hear them."""
        for rooms, text, number, conversation_id in encoded:
            if rooms[0] == live.QUEUES_ROOM:
                self.dirty_queues.update(orjson.loads(text)["queues"])
                continue
            present = [self._rooms[room] for room in rooms if room in self._rooms]
            if not present:
                continue
            heard = present[0] if len(present) == 1 else set().union(*present)
            for listener in tuple(heard):
                listener.hear(text, number, conversation_id)

    def say(self, pushes: Sequence[live.Push]) -> None:
        """Tells the sockets of this process at once, and those of all others through Valkey."""
        encoded = live.encode(pushes)
        self.fan_out(encoded)
        self._outbox += encoded
        if not self._publishing:
            self._publishing = True
            task = self.loop.create_task(self._publish())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _publish(self) -> None:
        try:
            while self._outbox:
                batch, self._outbox = self._outbox, []
                try:
                    async with asyncio.timeout(2):
                        await self._valkey.publish(live.CHANNEL, live.payload(batch))
                except (RedisError, OSError, TimeoutError) as error:
                    logger.warning("Not announced", extra={"error": type(error).__name__})
        finally:
            self._publishing = False

    # --- hearing ---

    async def _listen(self) -> None:
        first = True
        while True:
            try:
                async with self._valkey.pubsub(ignore_subscribe_messages=True) as ear:
                    await ear.subscribe(live.CHANNEL)
                    if not first:
                        await self.catch_up()
                    first = False
                    async for message in ear.listen():
                        await self._fan_out_gently(live.unpack(message["data"]))
            except (RedisError, OSError) as error:
                logger.warning("Valkey is gone", extra={"error": type(error).__name__})
            except Exception:
                logger.exception("The live channel broke")
            first = False
            await asyncio.sleep(_RETRY_SECONDS)

    async def _fan_out_gently(self, encoded: Encoded) -> None:
        """A few at a time: who says something meanwhile need not wait until a crowd has been told."""
        for start in range(0, len(encoded), _AT_A_TIME):
            self.fan_out(encoded[start : start + _AT_A_TIME])
            await asyncio.sleep(0)

    async def catch_up(self) -> None:
        """After silence: every socket reads what it may have missed."""
        listeners = set().union(*self._rooms.values()) if self._rooms else set()
        wanted = {pk for listener in listeners for pk in listener.conversations_heard()}
        try:
            numbers = await sync_to_async(newest_numbers, thread_sensitive=False)(list(wanted))
        except Exception:
            logger.exception("Could not catch up")
            return
        for listener in listeners:
            listener.caught_up(numbers)


# What upper rooms want to run in every process that has sockets: called once the hub is there.
on_start: list[Callable[[], object]] = []
_hub: Hub | None = None


def hub() -> Hub:
    """This process's hub, made on first use inside the running event loop."""
    global _hub  # noqa: PLW0603 -- one for each process, and it needs the loop
    if _hub is None or _hub.loop is not asyncio.get_running_loop():
        _hub = Hub()
        for begin in on_start:
            begin()
    return _hub
