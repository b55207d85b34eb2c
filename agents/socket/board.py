"""What one process does for all its agents' sockets: signs of life, and how the queues stand."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Any, Protocol

from django.utils import timezone

from agents.actions.presence import keep_watch
from agents.actions.supervise import end_forgotten
from agents.models import Queue
from agents.queries import queue_counts
from agents.reads.wall import wall_frame
from agents.socket.places import Places, customers_here
from agents.socket.standing import Pass, Rights, rights_of, still_good
from conversations import live
from conversations.hub import hub
from conversations.live import Push
from conversations.metrics import WAITING
from conversations.queries import places
from conversations.sockets import COME_AGAIN, UNAUTHORISED, run_in_thread

logger = logging.getLogger(__name__)

LIFE_SECONDS = 5.0
TICK_SECONDS = 1.0
_EVERYTHING_TICKS = 10


class Guest(Protocol):
    """An agent's socket, as the board sees it."""

    entry: Pass
    rights: Rights

    def turn_away(self, code: int) -> None:
        """Closes the socket; it hears nothing more."""


class Board:
    """Runs while the process lives; a failed round is only a late one. Who is here is said beside the
    counting, whose rounds may be long: nobody is taken for gone because queues are."""

    def __init__(self) -> None:
        self.guests: set[Guest] = set()
        self._places = Places()
        self.loop = asyncio.get_running_loop()
        self._tasks = (
            self.loop.create_task(self._watch()),
            self.loop.create_task(self._count()),
        )

    def arrived(self, guest: Guest) -> None:
        self.guests.add(guest)

    def left(self, guest: Guest) -> None:
        self.guests.discard(guest)

    async def _watch(self) -> None:
        while True:
            try:
                await self._signs_of_life()
                await run_in_thread(end_forgotten)(at=timezone.now())
            except Exception:
                logger.warning("A round of signs of life failed", exc_info=True)
            await asyncio.sleep(LIFE_SECONDS)

    async def _count(self) -> None:
        tick = 0
        while True:
            await asyncio.sleep(TICK_SECONDS)
            tick += 1
            try:
                await self._queues(everything=tick % _EVERYTHING_TICKS == 0)
            except Exception:
                logger.warning("A round of the board failed", exc_info=True)

    async def _signs_of_life(self) -> None:
        """Of who may still be here; the others are shown out first. Said even of nobody: it tells that
        somebody looks."""
        present = frozenset(self.guests)
        good, rights = await run_in_thread(_standing)({guest.entry for guest in present})
        for guest in present:
            if guest.entry not in good or guest.entry.agent_id not in rights:
                guest.turn_away(UNAUTHORISED)
            elif rights[guest.entry.agent_id] != guest.rights:
                guest.turn_away(COME_AGAIN)
        here = {guest.entry.agent_id for guest in self.guests}
        await run_in_thread(keep_watch)(agent_ids=here, at=timezone.now())

    async def _queues(self, *, everything: bool) -> None:
        """Counts again what changed (or, now and then, all) and shows it to who waits and serves."""
        dirty, hub().dirty_queues = hub().dirty_queues, set()
        dirty |= self._places.behind
        if not dirty and not everything:
            return
        here = customers_here(hub().rooms())
        pushes = await run_in_thread(self._pushes)(None if everything else dirty, here)
        # Every process counts for its own sockets: nothing of this travels.
        hub().fan_out(live.encode(pushes))
        if everything and hub().members(live.WALL_ROOM):
            await self._wall([one.frame for one in pushes if one.frame["type"] == "queue"])

    async def _wall(self, queues: Sequence[dict[str, Any]]) -> None:
        """All walls of this process see the same, from the queues that were just counted."""
        frame = await run_in_thread(wall_frame)(queues, at=timezone.now())
        hub().fan_out(live.encode([Push((live.WALL_ROOM,), frame)]))

    def _pushes(self, queue_ids: set[int] | None, here: Collection[int]) -> list[Push]:
        at = timezone.now()
        queues = Queue.objects.all()
        if queue_ids is not None:
            queues = queues.filter(pk__in=queue_ids)
        due = self._places.due(here, now=at.timestamp())
        pushes = []
        for count in queue_counts(list(queues), at=at):
            rooms = (live.queue_room(count.queue.pk), live.EVERYTHING_ROOM)
            pushes.append(Push(rooms, count.frame()))
            WAITING.labels(count.queue.name).set(count.waiting)
            found = places(count.queue.pk, at=at, among=due) if count.waiting and due else {}
            pushes += self._places.news(
                count.queue.pk, found, staffed=count.agents_online > 0, now=at.timestamp()
            )
            if count.waiting and len(due) < len(here):
                self._places.behind.add(count.queue.pk)
        self._places.forget_all_but(here)
        return pushes


def _standing(passes: Collection[Pass]) -> tuple[set[Pass], dict[int, Rights]]:
    good = still_good(passes, at=timezone.now())
    return good, rights_of({one.agent_id for one in good})


_board: Board | None = None


def board() -> Board:
    """This process's board, made on first use inside the running event loop."""
    global _board  # noqa: PLW0603 -- one for each process, and it needs the loop
    if _board is None or _board.loop is not asyncio.get_running_loop():
        _board = Board()
    return _board
