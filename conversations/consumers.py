"""The customer's socket: joins, translates, leaves."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs

from django.conf import settings
from django.utils import timezone

from conversations import live
from conversations.access import session_of
from conversations.actions import customer as actions
from conversations.actions.calling import ask_for_a_call
from conversations.drafts import Draft, Refusal, Stored
from conversations.errors import BadWords, Merged, RateLimited, Refused
from conversations.frame_words import (
    UnknownType,
    flag_of,
    moment_of,
    number_of,
    text_of,
    uuid_of,
    uuids_of,
)
from conversations.frames import customer_message, moment
from conversations.hub import hub
from conversations.limits import Bucket
from conversations.models import Session
from conversations.origins import origin_is_ours, origin_of
from conversations.queries import messages_after, newest_numbers
from conversations.sockets import FORBIDDEN_ORIGIN, RESTART, UNAUTHORISED, Socket, run_in_thread
from conversations.speech import Speech
from conversations.standing import go_on, greeting_of, now_if_welcome, still_here
from conversations.surveys.answering import answer_in_chat, answers_of
from conversations.uploads import attachments_of
from conversations.writer import Answer

ATTACHMENTS_LIMIT = 10
PREVIEW_LIMIT = 500
_DEEDS = frozenset({"human", "end", "rate", "answers", "callback", "sync"})
"""Frames that are written down, or make us read everything again."""


class CustomerConsumer(Socket):
    """One tab of one customer. `_cursor` is the last `seq` it was sent."""

    kind = "customer"

    async def welcome(self) -> bool:
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        token = query.get("token", [""])[0]
        at = timezone.now()
        session = await run_in_thread(session_of)(token, at=at)
        if session is None:
            await self.accept_and_close(UNAUTHORISED)
        if not self._may_come_from_here(session):
            await self.accept_and_close(FORBIDDEN_ORIGIN)
        conversation = session.conversation
        self._session_id: int = session.pk
        self._conversation_id: int = conversation.pk
        self._conversation_uuid: uuid.UUID = conversation.uuid
        self._name: str = session.customer.name
        self._speech = Speech(wake=self._wake, told=self._said)
        self._leads_on = False
        self._messages = Bucket(
            rate=settings.CUSTOMER_MESSAGES_PER_SECOND, burst=settings.CUSTOMER_MESSAGES_AT_ONCE
        )
        self._deeds = Bucket(rate=2, burst=20)
        self._previews = Bucket(rate=4, burst=8)
        self._preview_allowed: bool = session.inbox.typing_preview
        self._cursor = self._after(query)
        self._newest = 0
        self._reading: asyncio.Task[None] | None = None
        await self.accept()
        # First join, then read: what is posted in between is heard, and counted only once.
        self.join(live.customer_room(conversation.pk))
        greeting = await run_in_thread(greeting_of)(conversation.pk, at=timezone.now())
        self._cursor = min(self._cursor, greeting["seq"])
        self.tell(greeting)
        self._catch_up(greeting["seq"])
        return True

    def _may_come_from_here(self, session: Session) -> bool:
        return origin_is_ours(self.scope) or origin_of(self.scope) in session.inbox.allowed_origins

    @staticmethod
    def _after(query: dict[str, list[str]]) -> int:
        after = query.get("after", ["0"])[0]
        return int(after) if after.isdecimal() and len(after) < 10 else 0

    def at_once(self, frame: dict[str, Any]) -> bool:
        if frame["type"] != "message" or frame.get("attachments"):
            return False
        self._say(frame, attachments=())
        return True

    async def on_frame(self, frame: dict[str, Any]) -> None:
        handler = self._handlers.get(frame["type"])
        if handler is None:
            raise UnknownType("This type of frame is not known.")
        if frame["type"] in _DEEDS:
            _take_turn(self._deeds)
        await handler(self, frame)

    # --- saying something ---

    async def _say_with_files(self, frame: dict[str, Any]) -> None:
        uploads = uuids_of(frame, "attachments", limit=ATTACHMENTS_LIMIT)
        try:
            files = await run_in_thread(attachments_of)(self._conversation_id, uploads)
        except BadWords:
            # Sent to a conversation that has just been merged away: its files went along.
            await run_in_thread(still_here)(self._conversation_id)
            raise
        self._say(frame, attachments=files)

    def _say(self, frame: dict[str, Any], *, attachments: Sequence[dict[str, Any]]) -> None:
        _take_turn(self._messages)
        client_id = uuid_of(frame, "id")
        text = text_of(frame)
        if not text and not attachments:
            raise BadWords("A message has a text or a file.")
        draft = Draft(
            conversation_id=self._conversation_id,
            client_id=client_id,
            author_kind="customer",
            author_name=self._name,
            text=text,
            attachments=list(attachments),
            reply_to=number_of(frame, "reply_to") if frame.get("reply_to") is not None else None,
            at=timezone.now(),
        )
        self._speech.say(draft)

    def _said(self, draft: Draft, answer: Answer) -> None:
        if isinstance(answer, Stored):
            self.tell(
                {
                    "type": "ack",
                    "id": str(draft.client_id),
                    "seq": answer.seq,
                    "created_at": moment(answer.created_at),
                }
            )
        else:
            refusal = answer.error() if isinstance(answer, Refusal) else answer
            self.refuse(refusal, str(draft.client_id))

    async def _wake(self) -> datetime:
        """A customer who writes again goes on where they were, while the inbox allows it."""
        await run_in_thread(go_on)(self._conversation_id, at=timezone.now())
        return timezone.now()

    def refuse(self, refusal: Refused, frame_id: object = None) -> None:
        if isinstance(refusal, Merged):
            self._come_again()
        else:
            super().refuse(refusal, frame_id)

    def _come_again(self) -> None:
        """The conversation goes on in another one. The page connects again, its session is there
        already, and what was not acknowledged is sent again: so no frame is answered here."""
        if not self._leads_on:
            self._leads_on = True
            self._closing = asyncio.get_running_loop().create_task(self.close(RESTART))

    # --- everything else ---

    async def _typing(self, frame: dict[str, Any]) -> None:
        """To the agents who have it open. What is being written goes along only where the inbox
        says so; it is neither kept nor logged."""
        on = flag_of(frame, "on", default=True)
        text = text_of(frame, limit=PREVIEW_LIMIT)
        shown = {
            "type": "typing",
            "conversation": str(self._conversation_uuid),
            "author": {"kind": "customer", "name": self._name},
            "on": on,
        }
        if on and text and self._preview_allowed and not self._previews.take():
            shown["text"] = text
        hub().say([live.Push((live.thread_room(self._conversation_id),), shown)])

    async def _read(self, frame: dict[str, Any]) -> None:
        await run_in_thread(actions.mark_read)(
            conversation_id=self._conversation_id, seq=number_of(frame, "seq")
        )

    async def _human(self, frame: dict[str, Any]) -> None:
        await run_in_thread(actions.ask_for_a_person)(
            conversation_id=self._conversation_id, at=timezone.now()
        )

    async def _end(self, frame: dict[str, Any]) -> None:
        await run_in_thread(actions.finish)(
            conversation_id=self._conversation_id, at=timezone.now()
        )

    async def _rate(self, frame: dict[str, Any]) -> None:
        await run_in_thread(actions.rate)(
            conversation_id=self._conversation_id,
            score=number_of(frame, "score"),
            comment=text_of(frame, "comment", limit=1000),
            at=timezone.now(),
        )

    async def _answers(self, frame: dict[str, Any]) -> None:
        await run_in_thread(answer_in_chat)(
            conversation_id=self._conversation_id, said=answers_of(frame), at=timezone.now()
        )

    async def _callback(self, frame: dict[str, Any]) -> None:
        await run_in_thread(ask_for_a_call)(
            conversation_id=self._conversation_id,
            phone=text_of(frame, "phone", limit=40),
            call_at=moment_of(frame, "at"),
            time_zone=text_of(frame, "time_zone", limit=64) if "time_zone" in frame else "",
            exact=frame.get("slot") is True,
            at=timezone.now(),
        )

    async def _ping(self, frame: dict[str, Any]) -> None:
        now = await run_in_thread(now_if_welcome)(self._session_id, at=timezone.now())
        if now is None:
            await self.close(UNAUTHORISED)
            return
        conversation_id, seq, self._preview_allowed = now
        if conversation_id != self._conversation_id:
            self._come_again()
            return
        self.tell({"type": "pong", "seq": seq})

    async def _sync(self, frame: dict[str, Any]) -> None:
        after = number_of(frame, "after", default=0)
        numbers = await run_in_thread(newest_numbers)([self._conversation_id])
        newest, _ = numbers.get(self._conversation_id, (0, 0))
        self._cursor = min(after, newest)
        self._catch_up(newest)

    # --- numbered frames: once each, in order ---

    def hear(self, text: str, number: int | None, conversation_id: int | None) -> None:
        if conversation_id is not None:  # where this conversation went
            self._come_again()
        elif number is None:
            self.send_later(text)
        elif number == self._cursor + 1 and self._reading is None:
            self._cursor = number
            self.send_later(text)
        elif number > self._cursor:
            self._catch_up(number)

    def conversations_heard(self) -> Sequence[int]:
        return (self._conversation_id,)

    def caught_up(self, numbers: dict[int, tuple[int, int]]) -> None:
        seq, _ = numbers.get(self._conversation_id, (0, 0))
        self._catch_up(seq)

    def _catch_up(self, newest: int) -> None:
        self._newest = max(self._newest, newest)
        if self._newest > self._cursor and self._reading is None:
            self._reading = asyncio.get_running_loop().create_task(self._read_missing())

    async def _read_missing(self) -> None:
        try:
            while self._cursor < self._newest and not self._gone:
                rows = await run_in_thread(messages_after)(
                    self._conversation_id, after=self._cursor
                )
                if not rows:
                    break
                for row in rows:
                    if row.seq is not None and row.seq > self._cursor:
                        self._cursor = row.seq
                        self.tell(customer_message(row))
        finally:
            self._reading = None

    _handlers: ClassVar[dict[str, Callable[..., Awaitable[None]]]] = {
        "message": _say_with_files,
        "typing": _typing,
        "read": _read,
        "human": _human,
        "end": _end,
        "rate": _rate,
        "answers": _answers,
        "callback": _callback,
        "ping": _ping,
        "sync": _sync,
    }


def _take_turn(bucket: Bucket) -> None:
    wait = bucket.take()
    if wait:
        raise RateLimited("That was very quick; wait a moment.", retry_after=wait)
