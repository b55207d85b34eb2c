"""What every frame of an agent's socket stands on: who this is, what they have open, and how far
each log was told."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from agents.access import conversation_for, may_see
from agents.confidential import log_for
from agents.models import Agent
from agents.socket.standing import Pass, Rights
from agents.socket.viewing import viewing
from conversations import live
from conversations.drafts import Stored
from conversations.frame_words import uuid_of
from conversations.frames import moment
from conversations.limits import Bucket
from conversations.models import Conversation
from conversations.sockets import Socket, run_in_thread

Frame = dict[str, Any]


class Thread:
    """One conversation that this console has open, and how far it was told."""

    __slots__ = ("cursor", "newest", "reading", "uuid")

    def __init__(self, key: UUID, cursor: int) -> None:
        self.uuid = key
        self.cursor = cursor
        self.newest = cursor
        self.reading: asyncio.Task[None] | None = None


class Console(Socket):
    """One console of one agent. `watching` are the conversations that it supervises."""

    kind = "agent"
    agent: Agent
    entry: Pass
    rights: Rights

    def begin(self, agent: Agent, entry: Pass, rights: Rights, *, supervises: bool) -> None:
        self.agent, self.entry, self.rights = agent, entry, rights
        self.supervises = supervises
        self.messages = Bucket(rate=20, burst=40)
        self.ids: dict[UUID, int] = {}
        self.threads: dict[int, Thread] = {}
        self.watching: set[int] = set()
        self._looking: set[asyncio.Task[None]] = set()

    async def find(self, frame: Frame) -> Conversation:
        """The conversation that a frame names, if this agent may see it."""
        key = uuid_of(frame, "conversation")
        conversation: Conversation = await run_in_thread(conversation_for)(self.agent, key)
        self.ids[key] = conversation.pk
        return conversation

    async def id_of(self, frame: Frame) -> int:
        return int((await self.find(frame)).pk)

    def done(self, frame: Frame) -> None:
        """A frame with a `ref` is answered when it was done, so that a page can wait for it."""
        if "ref" in frame:
            self.tell({"type": "ack", "conversation": frame.get("conversation"), **ref_of(frame)})

    def stored(self, answer: Stored, key: UUID, ref: Frame) -> None:
        self.tell(
            {
                "type": "ack",
                "conversation": str(key),
                "id": str(answer.draft.client_id),
                "seq": answer.seq,
                "offset": answer.offset,
                "created_at": moment(answer.created_at),
                **ref,
            }
        )

    # --- what is open ---

    def open_thread(self, conversation: Conversation, *, after: int) -> None:
        after = min(after, conversation.offset)
        self.threads[conversation.pk] = Thread(conversation.uuid, after)
        self.join(live.thread_room(conversation.pk))
        if self.supervises:
            self.join(live.oversight_room(conversation.pk))

    def close_thread(self, conversation_id: int) -> None:
        self.threads.pop(conversation_id, None)
        self.unjoin(live.thread_room(conversation_id))
        self.unjoin(live.oversight_room(conversation_id))

    # --- what is no longer theirs to see ---

    def look_again(self, conversation_id: int) -> None:
        task = asyncio.get_running_loop().create_task(self._lose_if_hidden(conversation_id))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _lose_if_hidden(self, conversation_id: int) -> None:
        thread = self.threads.get(conversation_id)
        if thread is None or await run_in_thread(may_see)(self.agent, conversation_id):
            return
        self.ids.pop(thread.uuid, None)
        self.close_thread(conversation_id)
        viewing().left(self, conversation_id)
        self.tell({"type": "conversation_gone", "conversation": str(thread.uuid)})

    # --- numbered frames: once each, in order ---

    def hear(self, text: str, number: int | None, conversation_id: int | None) -> None:
        thread = self.threads.get(conversation_id) if conversation_id is not None else None
        if number is None or thread is None:
            self.send_later(text)
        elif number == thread.cursor + 1 and thread.reading is None:
            thread.cursor = number
            self.send_later(text)
        elif number > thread.cursor and conversation_id is not None:
            self.catch_up(conversation_id, number)

    def conversations_heard(self) -> Sequence[int]:
        return list(self.threads)

    def caught_up(self, numbers: dict[int, tuple[int, int]]) -> None:
        for conversation_id, (_, offset) in numbers.items():
            self.catch_up(conversation_id, offset)

    def catch_up(self, conversation_id: int, newest: int) -> None:
        thread = self.threads.get(conversation_id)
        if thread is None:
            return
        thread.newest = max(thread.newest, newest)
        if thread.newest > thread.cursor and thread.reading is None:
            thread.reading = asyncio.get_running_loop().create_task(
                self._read_missing(conversation_id, thread)
            )

    async def _read_missing(self, conversation_id: int, thread: Thread) -> None:
        try:
            while thread.cursor < thread.newest and not self._gone:
                frames = await run_in_thread(log_for)(
                    self.agent, conversation_id, thread.uuid, after=thread.cursor
                )
                if not frames:
                    break
                for frame in frames:
                    if frame["offset"] > thread.cursor:
                        thread.cursor = frame["offset"]
                        self.tell(frame)
        finally:
            thread.reading = None


def ref_of(frame: Frame) -> Frame:
    ref = frame.get("ref")
    return {"ref": ref[:64]} if isinstance(ref, str) else {}
