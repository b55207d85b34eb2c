"""The agents' socket: the console listens, and acts."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone

from agents.access import SEE_ALL, conversation_for, queues_of, visible_to
from agents.actions import assign as assigning
from agents.actions import offers, presence
from agents.actions import wrap_up as wrapping
from agents.board import board
from agents.models import Agent, Offer, Queue, Team
from agents.queries import holding_of, log_after, me, offer_frame, queue_counts, with_load
from agents.standing import Pass, Rights, let_in, rights_of
from conversations import live
from conversations.drafts import Draft, Refusal, Stored
from conversations.errors import BadWords, NotAllowed, RateLimited
from conversations.frames import conversation_card, moment
from conversations.hub import hub
from conversations.lifecycle import HELD
from conversations.limits import Bucket
from conversations.models import Conversation
from conversations.queries import newest_numbers
from conversations.sockets import (
    FORBIDDEN_ORIGIN,
    UNAUTHORISED,
    Socket,
    UnknownType,
    flag_of,
    moment_of,
    number_of,
    origin_is_ours,
    run_in_thread,
    text_of,
    uuid_of,
    uuids_of,
)
from conversations.uploads import attachments_of
from conversations.writer import Answer, writer

_CARDS = 100
_LOG_PAGE = 200


class Thread:
    """One conversation that this console has open, and how far it was told."""

    __slots__ = ("cursor", "newest", "reading", "uuid")

    def __init__(self, key: UUID, cursor: int) -> None:
        self.uuid = key
        self.cursor = cursor
        self.newest = cursor
        self.reading: asyncio.Task[None] | None = None


class AgentConsumer(Socket):
    """One console of one agent."""

    kind = "agent"

    async def welcome(self) -> bool:
        if not origin_is_ours(self.scope):
            await self.accept_and_close(FORBIDDEN_ORIGIN)
        came = await run_in_thread(_come_in)(dict(self.scope["headers"]))
        if came is None:
            await self.accept_and_close(UNAUTHORISED)
        self._agent: Agent
        self.entry: Pass
        self.rights: Rights
        self._agent, self.entry, self.rights = came
        agent = self._agent
        self._messages = Bucket(rate=20, burst=40)
        self._threads: dict[int, Thread] = {}
        self._ids: dict[UUID, int] = {}
        await self.accept()
        queue_ids, sees_all = await run_in_thread(_rooms_of)(agent)
        self.join(live.agent_room(agent.pk))
        for queue_id in queue_ids:
            self.join(live.queue_room(queue_id))
        if sees_all:
            self.join(live.EVERYTHING_ROOM)
        self.tell(await run_in_thread(_greeting)(agent))
        board().arrived(self)
        return True

    async def farewell(self) -> None:
        board().left(self)

    def turn_away(self, code: int) -> None:
        """Nothing more is heard from this moment on, whatever the other side does with the close."""
        board().left(self)
        for room in list(self._rooms):
            self.unjoin(room)
        self._threads.clear()
        self._shown_out = asyncio.get_running_loop().create_task(self.close(code))

    def at_once(self, frame: dict[str, Any]) -> bool:
        if frame["type"] != "message" or frame.get("attachments"):
            return False
        if frame.get("note", False) is not False:
            return False
        conversation_id = self._ids.get(uuid_of(frame, "conversation"))
        if conversation_id is None:
            return False
        self._say(frame, conversation_id, note=False, attachments=())
        return True

    async def on_frame(self, frame: dict[str, Any]) -> None:
        handler = self._handlers.get(frame["type"])
        if handler is None:
            raise UnknownType("This type of frame is not known.")
        await handler(self, frame)

    async def _conversation(self, frame: dict[str, Any]) -> int:
        """The id of the conversation a frame names, if this agent may see it."""
        key = uuid_of(frame, "conversation")
        conversation = await run_in_thread(conversation_for)(self._agent, key)
        self._ids[key] = conversation.pk
        return int(conversation.pk)

    # --- presence and offers ---

    async def _presence(self, frame: dict[str, Any]) -> None:
        await run_in_thread(presence.set_presence)(
            agent_id=self._agent.pk,
            status=text_of(frame, "status", limit=16),
            reason=text_of(frame, "reason", limit=60),
            at=timezone.now(),
        )
        self._done(frame)

    async def _accept(self, frame: dict[str, Any]) -> None:
        await run_in_thread(offers.accept)(
            conversation_id=await self._conversation(frame),
            agent_id=self._agent.pk,
            at=timezone.now(),
        )
        self._done(frame)

    async def _decline(self, frame: dict[str, Any]) -> None:
        await run_in_thread(offers.decline)(
            conversation_id=await self._conversation(frame),
            agent_id=self._agent.pk,
            at=timezone.now(),
        )
        self._done(frame)

    async def _claim(self, frame: dict[str, Any]) -> None:
        await run_in_thread(assigning.claim)(
            conversation_id=await self._conversation(frame),
            agent_id=self._agent.pk,
            at=timezone.now(),
        )
        self._done(frame)

    # --- a conversation ---

    async def _open(self, frame: dict[str, Any]) -> None:
        key = uuid_of(frame, "conversation")
        conversation = await run_in_thread(conversation_for)(self._agent, key)
        self._ids[key] = conversation.pk
        after = min(number_of(frame, "after", default=0), conversation.offset)
        self._threads[conversation.pk] = Thread(key, after)
        self.join(live.thread_room(conversation.pk))
        self.tell({**conversation_card(conversation), **_ref(frame)})
        self._catch_up(conversation.pk, conversation.offset)

    async def _close(self, frame: dict[str, Any]) -> None:
        conversation_id = self._ids.get(uuid_of(frame, "conversation"))
        if conversation_id is not None:
            self._threads.pop(conversation_id, None)
            self.unjoin(live.thread_room(conversation_id))

    async def _sync(self, frame: dict[str, Any]) -> None:
        await self._open(frame)

    async def _message(self, frame: dict[str, Any]) -> None:
        note = flag_of(frame, "note", default=False)
        # The statement itself refuses a reply by who does not hold the conversation; for a first
        # frame and for notes this agent's sight is checked here.
        conversation_id = self._ids.get(uuid_of(frame, "conversation"))
        if conversation_id is None or note:
            conversation_id = await self._conversation(frame)
        uploads = uuids_of(frame, "attachments", limit=10)
        files = await run_in_thread(attachments_of)(conversation_id, uploads) if uploads else ()
        self._say(frame, conversation_id, note=note, attachments=files)

    def _say(
        self,
        frame: dict[str, Any],
        conversation_id: int,
        *,
        note: bool,
        attachments: Sequence[dict[str, Any]],
    ) -> None:
        wait = self._messages.take()
        if wait:
            raise RateLimited("That was very quick; wait a moment.", retry_after=wait)
        key = uuid_of(frame, "conversation")
        client_id = uuid_of(frame, "id")
        text = text_of(frame)
        if not text and not attachments:
            raise BadWords("A message has a text or a file.")
        ref = _ref(frame)
        writer().submit(
            Draft(
                conversation_id=conversation_id,
                client_id=client_id,
                author_kind="agent",
                author_name=self._agent.shown_name,
                agent_id=self._agent.pk,
                note=note,
                text=text,
                attachments=list(attachments),
                at=timezone.now(),
            ),
            lambda answer: self._stored(answer, key, ref),
        )

    def _stored(self, answer: Answer, key: UUID, ref: dict[str, Any]) -> None:
        if isinstance(answer, Stored):
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
        elif isinstance(answer, Refusal):
            self.refuse(answer.error(), str(answer.draft.client_id))
        else:
            self.refuse(answer)

    async def _typing(self, frame: dict[str, Any]) -> None:
        conversation_id = self._ids.get(uuid_of(frame, "conversation"))
        if conversation_id is None:
            conversation_id = await self._conversation(frame)
        author = {"kind": "agent", "name": self._agent.shown_name}
        on = flag_of(frame, "on", default=True)
        holds = await run_in_thread(_holds)(conversation_id, self._agent.pk)
        if holds:
            hub().say(
                [
                    live.Push(
                        (live.customer_room(conversation_id),),
                        {"type": "typing", "author": author, "on": on},
                    )
                ]
            )

    async def _read(self, frame: dict[str, Any]) -> None:
        conversation = await run_in_thread(conversation_for)(
            self._agent, uuid_of(frame, "conversation")
        )
        if conversation.assignee_id == self._agent.pk:
            await run_in_thread(assigning.mark_read)(
                conversation=conversation, seq=number_of(frame, "seq")
            )

    async def _transfer(self, frame: dict[str, Any]) -> None:
        match frame.get("to"):
            case {"bot": _}:
                kind, target = "bot", ""
            case {"agent": str(key)}:
                kind, target = "agent", key
            case {"team": str(key)}:
                kind, target = "team", key
            case {"queue": str(key)}:
                kind, target = "queue", key
            case _:
                raise BadWords(
                    '"to" is {"agent": id}, {"team": id}, {"queue": id} or {"bot": true}.'
                )
        await run_in_thread(assigning.transfer)(
            conversation_id=await self._conversation(frame),
            agent_id=self._agent.pk,
            kind=kind,
            target=uuid_of({"to": target}, "to") if target else None,
            note=text_of(frame, "note"),
            at=timezone.now(),
        )
        self._done(frame)

    async def _resolve(self, frame: dict[str, Any]) -> None:
        await run_in_thread(wrapping.resolve)(
            conversation_id=await self._conversation(frame),
            agent_id=self._agent.pk,
            disposition=text_of(frame, "disposition", limit=40),
            note=text_of(frame, "note"),
            wrap_up=flag_of(frame, "wrap_up", default=False),
            at=timezone.now(),
        )
        self._done(frame)

    async def _wrap_up(self, frame: dict[str, Any]) -> None:
        await run_in_thread(wrapping.finish_wrap_up)(
            conversation_id=await self._conversation(frame),
            agent_id=self._agent.pk,
            code=text_of(frame, "code", limit=40),
            note=text_of(frame, "note"),
            at=timezone.now(),
        )
        self._done(frame)

    async def _hold(self, frame: dict[str, Any]) -> None:
        on = flag_of(frame, "on", default=True)
        await run_in_thread(assigning.put_on_hold if on else assigning.take_off_hold)(
            conversation_id=await self._conversation(frame),
            agent_id=self._agent.pk,
            at=timezone.now(),
        )
        self._done(frame)

    async def _reopen(self, frame: dict[str, Any]) -> None:
        await run_in_thread(assigning.reopen)(
            conversation_id=await self._conversation(frame),
            agent_id=self._agent.pk,
            at=timezone.now(),
        )
        self._done(frame)

    async def _snooze(self, frame: dict[str, Any]) -> None:
        until = moment_of(frame, "until")
        if until is None:
            raise BadWords('"until" is a time.')
        await run_in_thread(assigning.snooze)(
            conversation_id=await self._conversation(frame),
            agent_id=self._agent.pk,
            until=until,
            at=timezone.now(),
        )
        self._done(frame)

    async def _supervise(self, frame: dict[str, Any]) -> None:
        raise NotAllowed("Watching, whispering and barging in are not offered here.")

    async def _ping(self, frame: dict[str, Any]) -> None:
        wanted = list(self._threads)
        good, numbers = await run_in_thread(_pong)(self._agent.pk, wanted)
        if not good:
            await self.close(UNAUTHORISED)
            return
        newest = {
            str(self._threads[pk].uuid): o for pk, (_, o) in numbers.items() if pk in self._threads
        }
        self.tell({"type": "pong", "conversations": newest, **_ref(frame)})
        self.caught_up(numbers)

    def _done(self, frame: dict[str, Any]) -> None:
        """A frame with a `ref` is answered when it was done, so that a page can wait for it."""
        if "ref" in frame:
            self.tell({"type": "ack", "conversation": frame.get("conversation"), **_ref(frame)})

    # --- numbered frames: once each, in order ---

    def hear(self, text: str, number: int | None, conversation_id: int | None) -> None:
        thread = self._threads.get(conversation_id) if conversation_id is not None else None
        if number is None or thread is None:
            self.send_later(text)
        elif number == thread.cursor + 1 and thread.reading is None:
            thread.cursor = number
            self.send_later(text)
        elif number > thread.cursor and conversation_id is not None:
            self._catch_up(conversation_id, number)

    def conversations_heard(self) -> Sequence[int]:
        return list(self._threads)

    def caught_up(self, numbers: dict[int, tuple[int, int]]) -> None:
        for conversation_id, (_, offset) in numbers.items():
            self._catch_up(conversation_id, offset)

    def _catch_up(self, conversation_id: int, newest: int) -> None:
        thread = self._threads.get(conversation_id)
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
                frames = await run_in_thread(log_after)(
                    conversation_id, thread.uuid, after=thread.cursor
                )
                if not frames:
                    break
                for frame in frames:
                    if frame["offset"] > thread.cursor:
                        thread.cursor = frame["offset"]
                        self.tell(frame)
        finally:
            thread.reading = None

    _handlers: ClassVar[dict[str, Callable[..., Awaitable[None]]]] = {
        "presence": _presence,
        "accept": _accept,
        "decline": _decline,
        "claim": _claim,
        "open": _open,
        "close": _close,
        "sync": _sync,
        "message": _message,
        "typing": _typing,
        "read": _read,
        "transfer": _transfer,
        "resolve": _resolve,
        "wrap_up": _wrap_up,
        "hold": _hold,
        "reopen": _reopen,
        "snooze": _snooze,
        "monitor": _supervise,
        "whisper": _supervise,
        "barge": _supervise,
        "ping": _ping,
    }


def _ref(frame: dict[str, Any]) -> dict[str, Any]:
    ref = frame.get("ref")
    return {"ref": ref[:64]} if isinstance(ref, str) else {}


def _come_in(headers: dict[bytes, bytes]) -> tuple[Agent, Pass, Rights] | None:
    came = let_in(headers, at=timezone.now())
    if came is None:
        return None
    agent, entry = came
    rights = rights_of([agent.pk]).get(agent.pk)
    return None if rights is None else (agent, entry, rights)


def _rooms_of(agent: Agent) -> tuple[list[int], bool]:
    return list(queues_of(agent).values_list("pk", flat=True)), agent.has_perm(SEE_ALL)


def _greeting(agent: Agent) -> dict[str, Any]:
    at = timezone.now()
    now = presence.presence_of(agent, at=at)
    presence.mark_seen(agent_ids=[agent.pk], at=at)
    related = ("inbox", "customer", "assignee", "queue")
    mine = visible_to(agent).filter(assignee=agent, state__in=HELD).select_related(*related)
    waiting = visible_to(agent).waiting().in_turn().select_related(*related)
    offered = Offer.objects.filter(agent=agent, ended_at=None).select_related(
        "conversation__customer", "conversation__queue"
    )
    queues = list(Queue.objects.all() if agent.has_perm(SEE_ALL) else queues_of(agent))
    people = with_load(
        Agent.objects.filter(is_active=True).exclude(groups=None).select_related("presence")
    )
    return {
        "type": "welcome",
        "agent": me(agent),
        "presence": {
            "status": now.status,
            "reason": now.reason,
            "since": moment(now.since),
            "set_by": presence.said_by(agent),
        },
        "conversations": [conversation_card(c) for c in mine[:_CARDS]],
        "waiting": [conversation_card(c) for c in waiting[:_CARDS]],
        "offers": [offer_frame(offer) for offer in offered],
        "queues": [count.frame() for count in queue_counts(queues, at=at)],
        "agents": [
            {
                "id": str(a.uuid),
                "name": a.shown_name,
                "status": a.presence.status if hasattr(a, "presence") else "offline",
                "load": holding_of(a),
                "capacity": a.capacity,
            }
            for a in people[:200]
        ],
        "teams": [{"id": str(t.uuid), "name": t.name} for t in Team.objects.all()[:200]],
    }


def _holds(conversation_id: int, agent_id: int) -> bool:
    return Conversation.objects.filter(pk=conversation_id, assignee_id=agent_id).exists()


def _pong(agent_id: int, wanted: list[int]) -> tuple[bool, dict[int, tuple[int, int]]]:
    if not Agent.objects.filter(pk=agent_id, is_active=True).exists():
        return False, {}
    return True, newest_numbers(wanted)
