"""The agents' socket: the console comes in, listens, and acts. What its frames do stands in
`frames_talk`, `frames_moves` and `frames_supervise`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from django.utils import timezone

from agents.access import SEE_ALL, SUPERVISE, queues_of, visible_to
from agents.actions import presence, supervise
from agents.models import Agent, Offer, Queue, Team
from agents.queries import me, offer_frame, queue_counts, who_answers
from agents.socket.board import board
from agents.socket.console import Console, Frame, ref_of
from agents.socket.frames_moves import MOVES
from agents.socket.frames_supervise import SUPERVISION
from agents.socket.frames_talk import TALK, say
from agents.socket.standing import Pass, Rights, let_in, rights_of
from agents.socket.viewing import viewing
from conversations import live
from conversations.frame_words import UnknownType, uuid_of
from conversations.frames import conversation_card, moment
from conversations.hub import hub
from conversations.lifecycle import HELD
from conversations.origins import origin_is_ours
from conversations.queries import newest_numbers
from conversations.sockets import FORBIDDEN_ORIGIN, UNAUTHORISED, run_in_thread

_CARDS = 100


class AgentConsumer(Console):
    """One console of one agent."""

    async def welcome(self) -> bool:
        if not origin_is_ours(self.scope):
            await self.accept_and_close(FORBIDDEN_ORIGIN)
        came = await run_in_thread(_come_in)(dict(self.scope["headers"]))
        if came is None:
            await self.accept_and_close(UNAUTHORISED)
        agent, entry, rights = came
        queue_ids, sees_all, supervises = await run_in_thread(_rooms_of)(agent)
        self.begin(agent, entry, rights, supervises=supervises)
        await self.accept()
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
        viewing().gone(self)
        for conversation_id in self._no_longer_watched():
            await run_in_thread(supervise.stop)(
                conversation_id=conversation_id,
                supervisor_id=self.agent.pk,
                at=timezone.now(),
                how=supervise.Ended.LEFT,
            )

    def _no_longer_watched(self) -> set[int]:
        """What no other console of this supervisor here watches as well."""
        others = hub().members(live.agent_room(self.agent.pk)) - {self}
        theirs = (one.watching for one in others if isinstance(one, Console))
        return self.watching.difference(*theirs)

    def turn_away(self, code: int) -> None:
        """Nothing more is heard from this moment on, whatever the other side does with the close."""
        board().left(self)
        viewing().gone(self)
        for room in list(self._rooms):
            self.unjoin(room)
        self.threads.clear()
        self._shown_out = asyncio.get_running_loop().create_task(self.close(code))

    def at_once(self, frame: Frame) -> bool:
        if frame["type"] != "message" or frame.get("attachments"):
            return False
        if frame.get("note", False) is not False:
            return False
        conversation_id = self.ids.get(uuid_of(frame, "conversation"))
        if conversation_id is None:
            return False
        say(self, frame, conversation_id, note=False, attachments=())
        return True

    async def on_frame(self, frame: Frame) -> None:
        handler = self._handlers.get(frame["type"])
        if handler is None:
            raise UnknownType("This type of frame is not known.")
        await handler(self, frame)

    async def _ping(self, frame: Frame) -> None:
        wanted = list(self.threads)
        good, numbers = await run_in_thread(_pong)(self.agent.pk, wanted)
        if not good:
            await self.close(UNAUTHORISED)
            return
        newest = {
            str(self.threads[pk].uuid): o for pk, (_, o) in numbers.items() if pk in self.threads
        }
        self.tell({"type": "pong", "conversations": newest, **ref_of(frame)})
        self.caught_up(numbers)

    _handlers: ClassVar[Mapping[str, Callable[..., Awaitable[None]]]] = {
        **MOVES,
        **TALK,
        **SUPERVISION,
        "ping": _ping,
    }


def _come_in(headers: dict[bytes, bytes]) -> tuple[Agent, Pass, Rights] | None:
    came = let_in(headers, at=timezone.now())
    if came is None:
        return None
    agent, entry = came
    rights = rights_of([agent.pk]).get(agent.pk)
    return None if rights is None else (agent, entry, rights)


def _rooms_of(agent: Agent) -> tuple[list[int], bool, bool]:
    served = list(queues_of(agent).values_list("pk", flat=True))
    return served, agent.has_perm(SEE_ALL), agent.has_perm(SUPERVISE)


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
            {"id": a.id, "name": a.name, "status": a.status, "load": a.load, "capacity": a.capacity}
            for a in who_answers(most=200)
        ],
        "teams": [{"id": str(t.uuid), "name": t.name} for t in Team.objects.all()[:200]],
    }


def _pong(agent_id: int, wanted: list[int]) -> tuple[bool, dict[int, tuple[int, int]]]:
    if not Agent.objects.filter(pk=agent_id, is_active=True).exists():
        return False, {}
    return True, newest_numbers(wanted)
