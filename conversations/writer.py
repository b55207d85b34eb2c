"""Group commit: what arrived while the last commit ran is stored together by the next one."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from conversations import events, precedence
from conversations.actions.post import store
from conversations.drafts import Draft, Refusal, Stored
from conversations.errors import RateLimited, Refused, Unreachable
from conversations.frames import message_pushes
from conversations.hub import hub
from conversations.metrics import BATCH, MESSAGES, POST_SECONDS

logger = logging.getLogger(__name__)

Answer = Stored | Refusal | Refused
_BATCH = 256
_LANES = 2
_FEW = 8
_PATIENCE_SECONDS = 20.0
_MOST_WAITING = 20_000


class Waiting(NamedTuple):
    """A draft, who is told what became of it, and when it came."""

    draft: Draft
    done: Callable[[Answer], None]
    since: float


class Writer:
    """Takes drafts from all sockets of this process, and answers each after its commit.

    Two statements may run beside each other, never with the same conversation in both: so what was
    said in one conversation is stored in the order in which it was said.
    """

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._held: set[int] = set()  # conversations of the statements that run
        self._running = 0
        self._starting = False
        self.loop = asyncio.get_running_loop()
        self._storing = ThreadPoolExecutor(
            _LANES, thread_name_prefix="store", initializer=precedence.go_first
        )
        self._telling = ThreadPoolExecutor(1, thread_name_prefix="tell")

    def submit(self, draft: Draft, done: Callable[[Answer], None]) -> None:
        """`done` is called in the event loop, after the commit and before anybody else is told."""
        if len(self._waiting) >= _MOST_WAITING:
            raise RateLimited("We are very busy; try again in a moment.", retry_after=2)
        self._waiting.append(Waiting(draft, done, time.perf_counter()))
        if not self._starting:
            # Not at once: what came with the same round of the loop goes together.
            self._starting = True
            self.loop.call_soon(self._start)

    def _start(self) -> None:
        self._starting = False
        while self._running < _LANES and (batch := self._next_batch()):
            drafts = [one.draft for one in batch]
            self._running += 1
            self._held.update(draft.conversation_id for draft in drafts)
            future = self._storing.submit(store_patiently, drafts)
            future.add_done_callback(partial(self._from_thread, batch))

    def _next_batch(self) -> list[Waiting]:
        """What may be stored now. Few need not wait for the others; a crowd is cheaper together."""
        if self._running and len(self._waiting) > _FEW:
            return []
        batch: list[Waiting] = []
        later: list[Waiting] = []
        while self._waiting and len(batch) < _BATCH:
            one = self._waiting.popleft()
            (later if one.draft.conversation_id in self._held else batch).append(one)
        self._waiting.extendleft(reversed(later))
        return batch

    def _from_thread(self, batch: list[Waiting], future: "Future[Sequence[Answer]]") -> None:
        with suppress(RuntimeError):  # the loop has ended: nobody is left who could be told
            self.loop.call_soon_threadsafe(self._finished, batch, future)

    def _finished(self, batch: list[Waiting], future: "Future[Sequence[Answer]]") -> None:
        try:
            answers = future.result()
        except Exception:
            logger.exception("A batch was not stored")
            answers = [Unreachable("That could not be stored; send it again.")] * len(batch)
        self._answer(batch, answers)
        self._running -= 1
        self._held.difference_update(one.draft.conversation_id for one in batch)
        self._start()

    def _answer(self, batch: Sequence[Waiting], answers: Sequence[Answer]) -> None:
        now = time.perf_counter()
        BATCH.observe(len(batch))
        for (_, done, since), answer in zip(batch, answers, strict=True):
            POST_SECONDS.observe(now - since)
            try:
                done(answer)
            except Exception:
                logger.exception("A socket could not be answered")
        news = [a for a in answers if isinstance(a, Stored) and not a.repeated]
        for one in news:
            MESSAGES.labels(one.draft.author_kind).inc()
        if news:
            hub().say(message_pushes(news))
            if any(_concerns_somebody(one) for one in news):
                self._telling.submit(_tell, news)


def store_patiently(drafts: Sequence[Draft]) -> Sequence[Answer]:
    """Stores; while the database is away it tries again, since storing twice is harmless."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            precedence.take_along(connection)
            return store(drafts)
        except (OperationalError, InterfaceError):
            precedence.let_go()
            connection.close()
            if time.monotonic() > deadline:
                return [Unreachable("We can't store messages right now; send it again.")] * len(
                    drafts
                )
            time.sleep(0.2)
        except DatabaseError:
            if len(drafts) == 1:
                logger.exception("A message could not be stored")
                return [Refused("This message can't be stored.")]
            # One bad draft must not take the others with it.
            return [answer for draft in drafts for answer in store_patiently([draft])]


def _concerns_somebody(one: Stored) -> bool:
    """Beyond those who hear it at their sockets: the bot, or who takes part in a case."""
    return one.state == "bot" or one.draft.note or one.draft.author_kind == "customer"


def _tell(news: Sequence[Stored]) -> None:
    """To the rooms above, in a thread of its own: queueing a task takes a millisecond."""
    try:
        events.messages_posted.send_robust(sender=None, messages=news)
    finally:
        connection.close()


_writer: Writer | None = None


def writer() -> Writer:
    """This process's writer, made on first use inside the running event loop."""
    global _writer  # noqa: PLW0603 -- one for each process, and it needs the loop
    if _writer is None or _writer.loop is not asyncio.get_running_loop():
        _writer = Writer()
    return _writer
