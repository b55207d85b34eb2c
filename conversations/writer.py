"""Group commit: what arrived while the last commit ran is stored together by the next one."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from conversations import events
from conversations.actions.post import store
from conversations.drafts import Draft, Refusal, Stored
from conversations.errors import RateLimited, Refused, Unreachable
from conversations.frames import message_pushes
from conversations.hub import hub
from conversations.metrics import BATCH, MESSAGES, POST_SECONDS

logger = logging.getLogger(__name__)

Answer = Stored | Refusal | Refused
_BATCH = 256
_PATIENCE_SECONDS = 20.0
_MOST_WAITING = 20_000


class Writer:
    """Takes drafts from all sockets of this process, and answers each after its commit."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Draft, Callable[[Answer], None], float]] = deque()
        self._task: asyncio.Task[None] | None = None
        self.loop = asyncio.get_running_loop()
        self._storing = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._telling = ThreadPoolExecutor(1, thread_name_prefix="tell")

    def submit(self, draft: Draft, done: Callable[[Answer], None]) -> None:
        """`done` is called in the event loop, after the commit and before anybody else is told."""
        if len(self._waiting) >= _MOST_WAITING:
            raise RateLimited("We are very busy; try again in a moment.", retry_after=2)
        self._waiting.append((draft, done, time.perf_counter()))
        if self._task is None or self._task.done():
            self._task = self.loop.create_task(self._run())

    async def _run(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
            drafts = [draft for draft, _, _ in batch]
            try:
                answers: Sequence[Answer] = await self.loop.run_in_executor(
                    self._storing, store_patiently, drafts
                )
            except Exception:
                logger.exception("A batch was not stored")
                answers = [Unreachable("That could not be stored; send it again.")] * len(batch)
            self._answer(batch, answers)

    def _answer(
        self,
        batch: Sequence[tuple[Draft, Callable[[Answer], None], float]],
        answers: Sequence[Answer],
    ) -> None:
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
            if any(one.state == "bot" for one in news):
                self._telling.submit(_tell, news)


def store_patiently(drafts: Sequence[Draft]) -> Sequence[Answer]:
    """Stores; while the database is away it tries again, since storing twice is harmless."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return store(drafts)
        except (OperationalError, InterfaceError):
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
