"""What one page says goes to the writer in the order in which it was said, also where its conversation has to
be woken first."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from conversations.drafts import Draft, Refusal
from conversations.errors import Refused, Unreachable
from conversations.writer import Answer, writer

logger = logging.getLogger(__name__)

_ASLEEP = frozenset({"resolved", "asleep"})


class Speech:
    """Of one page. `wake` answers from when on the conversation is awake, or raises Refused where it is
    over; `told` hears what became of each."""

    def __init__(
        self, *, wake: Callable[[], Awaitable[datetime]], told: Callable[[Draft, Answer], None]
    ) -> None:
        self._wake = wake
        self._told = told
        self._unanswered = 0  # drafts that the writer has
        self._waiting: list[Draft] = []  # was said to somebody asleep, or behind that
        self._waking: asyncio.Task[None] | None = None

    def say(self, draft: Draft) -> None:
        """Raises RateLimited."""
        if self._waiting or self._waking is not None:
            self._waiting.append(draft)
        else:
            self._submit(draft)

    def _submit(self, draft: Draft) -> None:
        writer().submit(draft, partial(self._answered, draft))
        self._unanswered += 1

    def _answered(self, draft: Draft, answer: Answer) -> None:
        self._unanswered -= 1
        if isinstance(answer, Refusal) and answer.reason in _ASLEEP:
            self._waiting.append(draft)
        else:
            self._told(draft, answer)
        # Only when the writer has nothing of ours left: it could be stored before what it comes behind.
        if self._waiting and not self._unanswered and self._waking is None:
            self._waking = asyncio.get_running_loop().create_task(self._go_on())

    async def _go_on(self) -> None:
        refusal: Refused = Unreachable("Please send it again.")
        at: datetime | None = None
        try:
            at = await self._wake()
        except Refused as refused:
            refusal = refused
        except Exception:
            logger.warning("A conversation was not woken", exc_info=True)
        self._waking = None
        said, self._waiting = sorted(self._waiting, key=lambda one: one.at), []
        for draft in said:
            if at is None:
                self._told(draft, refusal)
            else:
                self._try(replace(draft, at=at))

    def _try(self, draft: Draft) -> None:
        try:
            self._submit(draft)
        except Refused as refusal:
            self._told(draft, refusal)
